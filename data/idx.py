"""IDX, the format of MNIST's files: a magic number, the dimensions, then bytes in row-major order.

Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits" (1998), file formats.
"""

import struct
from math import prod

import numpy as np
from numpy.typing import NDArray

from data.dataset import DataError, Dataset
from data.images import Images, empty_rows, labeled
from data.source import Source, Stream, opened

_UNSIGNED_BYTE = 0x08
_TYPES = {
    _UNSIGNED_BYTE: "unsigned bytes",
    0x09: "signed bytes",
    0x0B: "16-bit integers",
    0x0C: "32-bit integers",
    0x0D: "32-bit floats",
    0x0E: "64-bit floats",
}
_CONTENTS = {1: "labels (1 dimension)", 3: "images (3 dimensions)"}
_PIXELS_AT_ONCE = 2**20


def read_images(source: Source) -> Images:
    """Images X (n_x, m), pixels from 0 to 1, from a file of square images, gzipped or not.

    Memory: one float32 array, filled a megabyte at a time.
    Raises DataError that names the file and the byte.
    """
    with opened(source) as stream:
        m, height, width = _read_header(stream, n_dims=3)
        if height != width:
            raise DataError(
                f"{stream.name} holds images of {height:,}×{width:,} pixels by its header "
                "(bytes 8 to 15); images must be square."
            )
        rows = empty_rows(stream.name, m, height)
        at_once = max(1, _PIXELS_AT_ONCE // rows.shape[1])
        for start in range(0, m, at_once):
            part = rows[start : start + at_once]
            pixels = _read_bytes(stream, part.size).reshape(part.shape)
            np.divide(pixels, np.float32(255), out=part)
        _expect_end(stream)
    return Images(rows.T, (height, width))


def read_labels(source: Source) -> NDArray[np.uint8]:
    """Labels (m,) as the file holds them. Raises DataError that names the file and the byte."""
    with opened(source) as stream:
        (m,) = _read_header(stream, n_dims=1)
        labels = _read_bytes(stream, m)
        _expect_end(stream)
    return labels


def read_idx_pair(images: Source, labels: Source, name: str = "upload") -> Dataset:
    """Images and their labels from two files. Raises DataError if they do not fit together."""
    pictures = read_images(images)
    y = read_labels(labels)
    expect_a_label_each(pictures, y)
    return labeled(name, pictures, y)


def expect_a_label_each(images: Images, labels: NDArray[np.uint8]) -> None:
    """Raises DataError unless there are as many labels as images."""
    m = images.X.shape[1]
    if m != len(labels):
        raise DataError(
            f"The file of images holds {m:,} and the file of labels {len(labels):,}; "
            "each image needs its label, in the same order."
        )


def is_idx(source: Source) -> bool:
    """Whether this is an IDX file, by its first two bytes, with which no CSV file begins."""
    with opened(source) as stream:
        return stream.read(2) == b"\0\0"


def holds_images(source: Source) -> bool:
    """Whether this IDX file holds images, not labels, by its fourth byte.

    Raises DataError if it is not an IDX file.
    """
    with opened(source) as stream:
        return _read_magic(stream) == 3


def _read_magic(stream: Stream) -> int:
    """The number of dimensions: 1 for labels, 3 for images."""
    magic = stream.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in _TYPES:
        raise DataError(
            f"{stream.name} is not an IDX file: at byte 0 it has {magic.hex(' ') or 'nothing'}, "
            "where images have 00 00 08 03 and labels 00 00 08 01."
        )
    if magic[2] != _UNSIGNED_BYTE:
        raise DataError(
            f"{stream.name} holds {_TYPES[magic[2]]}, says its byte 2 ({magic[2]:02x}); "
            "pixels and labels are unsigned bytes (08)."
        )
    if magic[3] not in _CONTENTS:
        raise DataError(
            f"{stream.name} has {magic[3]} dimensions, says its byte 3; "
            f"expected {' or '.join(_CONTENTS.values())}."
        )
    return magic[3]


def _read_header(stream: Stream, n_dims: int) -> tuple[int, ...]:
    """The dimensions. Raises DataError if the file is too small to hold what they promise."""
    found = _read_magic(stream)
    if found != n_dims:
        raise DataError(
            f"{stream.name} holds {_CONTENTS[found]}, says its byte 3; "
            f"expected {_CONTENTS[n_dims]}."
        )
    packed_dims = stream.read(4 * n_dims)
    if len(packed_dims) < 4 * n_dims:
        raise DataError(
            f"{stream.name} ends at byte {stream.position}, inside its header "
            f"of {4 + 4 * n_dims} bytes."
        )
    dims: tuple[int, ...] = struct.unpack(f">{n_dims}I", packed_dims)
    promised = stream.position + prod(dims)
    if promised > stream.capacity:
        has = "can unpack to at most" if stream.packed else "has"
        raise DataError(
            f"{stream.name} {has} {stream.capacity:,} bytes, but its header "
            f"(bytes 4 to {stream.position - 1}) promises {promised:,}."
        )
    return dims


def _read_bytes(stream: Stream, n: int) -> NDArray[np.uint8]:
    data = stream.read(n)
    if len(data) < n:
        raise DataError(
            f"{stream.name} ends at byte {stream.position:,}, before all that its header promises."
        )
    return np.frombuffer(data, np.uint8)


def _expect_end(stream: Stream) -> None:
    end = stream.position
    if stream.read(1):
        raise DataError(
            f"{stream.name} has more bytes after byte {end:,}, where it should end by its header."
        )
