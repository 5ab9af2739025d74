"""IDX files: written files are read back, and malformed ones get a sentence."""

import gzip
import io
import struct
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from data.dataset import DataError
from data.idx import read_idx_pair, read_images, read_labels

MAGIC = {1: b"\0\0\x08\x01", 3: b"\0\0\x08\x03"}


def idx(array: NDArray[np.uint8]) -> bytes:
    """The array as an IDX file."""
    dims = struct.pack(f">{array.ndim}I", *array.shape)
    return MAGIC[array.ndim] + dims + array.tobytes()


def header(*dims: int) -> bytes:
    return MAGIC[len(dims)] + struct.pack(f">{len(dims)}I", *dims)


def some_images(m: int, side: int, seed: int = 0) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (m, side, side), dtype=np.uint8)


sizes = {"m": st.integers(1, 40), "side": st.integers(2, 9), "packed": st.booleans()}


@settings(deadline=None)
@given(seed=st.integers(0, 2**32), **sizes)
def test_images_come_back_as_they_were_written(m: int, side: int, packed: bool, seed: int) -> None:
    written = some_images(m, side, seed)
    content = gzip.compress(idx(written), 1) if packed else idx(written)
    images = read_images(io.BytesIO(content))
    assert images.image_shape == (side, side)
    assert images.X.dtype == np.float32
    assert images.X.flags.f_contiguous
    np.testing.assert_array_equal(images.X, written.reshape(m, -1).T / np.float32(255))


@settings(deadline=None)
@given(labels=st.lists(st.integers(0, 255), min_size=1), packed=st.booleans())
def test_labels_come_back_as_they_were_written(labels: list[int], packed: bool) -> None:
    content = idx(np.array(labels, np.uint8))
    read = read_labels(io.BytesIO(gzip.compress(content, 1) if packed else content))
    assert read.tolist() == labels


def test_more_than_is_converted_at_once_comes_back_too() -> None:
    written = some_images(150, 100)
    X = read_images(io.BytesIO(idx(written))).X
    np.testing.assert_array_equal(X, written.reshape(150, -1).T / np.float32(255))


def test_an_upload_that_was_read_before_is_read_from_its_beginning() -> None:
    upload = io.BytesIO(idx(some_images(3, 2)))
    assert np.array_equal(read_images(upload).X, read_images(upload).X)
    assert not upload.closed


BAD_IMAGES = {
    "empty": (b"", "images.idx is empty"),
    "a picture": (b"%PDF-1.7", "not an IDX file: at byte 0 it has 25 50 44 46, where images have"),
    "three bytes": (b"\0\0\x08", "not an IDX file: at byte 0 it has 00 00 08,"),
    "floats": (b"\0\0\x0d\x03" + bytes(12), r"32-bit floats, says its byte 2 \(0d\)"),
    "two dimensions": (b"\0\0\x08\x02" + bytes(8), "2 dimensions, says its byte 3"),
    "labels": (header(3) + bytes(3), r"labels \(1 dimension\), says its byte 3; expected images"),
    "half a header": (header(1, 1, 1)[:11], "ends at byte 11, inside its header of 16 bytes"),
    "cut off": (header(2, 2, 2) + bytes(7), r"has 23 bytes, but its header .* promises 24"),
    "trailing": (header(2, 2, 2) + bytes(9), "has more bytes after byte 24"),
    "none": (header(0, 2, 2), "holds no images"),
    "no pixels": (header(9, 0, 0), "0×0 pixels; 2×2 to 128×128 are read"),
    "not square": (header(1, 2, 3) + bytes(6), r"2×3 pixels by its header \(bytes 8 to 15\)"),
    "a huge promise": (header(2**32 - 1, 2**32 - 1, 2**32 - 1), "has 16 bytes, but its header"),
    "too wide": (header(1, 129, 129) + bytes(129**2), "129×129 pixels; 2×2 to 128×128 are read"),
}


@pytest.mark.parametrize("name", BAD_IMAGES)
def test_malformed_images_get_a_sentence(tmp_path: Path, name: str) -> None:
    content, sentence = BAD_IMAGES[name]
    path = tmp_path / "images.idx"
    path.write_bytes(content)
    with pytest.raises(DataError, match=sentence) as caught:
        read_images(path)
    assert str(caught.value).startswith("images.idx")
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (gzip.compress(header(2, 2, 2) + bytes(7)), "ends at byte 23, before all"),
        (gzip.compress(header(10, 28, 28) + bytes(7840))[:-12], "damaged after its unpacked byte"),
        (gzip.compress(header(1, 2, 2) + bytes(4))[:-8] + bytes(8), "damaged .* CRC"),
        (gzip.compress(header(1, 2, 2) + bytes(4)) + b"junk", "damaged .* Not a gzipped file"),
        (gzip.compress(header(900, 128, 128)), "can unpack to at most 3.,... bytes, but its head"),
        (gzip.compress(b""), "not an IDX file: at byte 0 it has nothing"),
        (b"\x1f\x8b\x08", "damaged after its unpacked byte 0"),
    ],
    # gzip packs the time as well: as a test's name it would differ between the workers.
    ids=lambda each: each if isinstance(each, str) else "gzip",
)
def test_malformed_gzip_gets_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        read_images(io.BytesIO(content))


def test_a_gzip_bomb_is_not_unpacked() -> None:
    zeros = gzip.compress(bytes(10**7), 9)
    bomb = gzip.compress(header(1, 2, 2)) + 1000 * zeros  # 10 MB that would unpack to 10 GB
    stream = io.BytesIO(bomb)
    with pytest.raises(DataError, match="has more bytes after byte 20"):
        read_images(stream)


def test_a_missing_file_and_a_folder_get_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nothing\.idx cannot be read: No such file"):
        read_images(tmp_path / "nothing.idx")
    with pytest.raises(DataError, match="cannot be read"):
        read_images(tmp_path)


def assert_read_or_refused(read: Callable[[BinaryIO], object], content: bytes) -> None:
    """Any other error fails the test."""
    try:
        read(io.BytesIO(content))
    except DataError as error:
        sentence = str(error)
    else:
        return
    assert sentence.endswith(".")


@settings(deadline=None)
@given(st.binary(max_size=200), st.sampled_from([b"", MAGIC[1], MAGIC[3], header(2, 2, 2)]))
def test_garbage_raises_nothing_but_a_data_error(garbage: bytes, start: bytes) -> None:
    for content in (start + garbage, gzip.compress(start + garbage), b"\x1f\x8b" + garbage):
        for read in (read_images, read_labels):
            assert_read_or_refused(read, content)


@settings(deadline=None)
@given(position=st.integers(0, 10**6), byte=st.integers(0, 255))
def test_a_spoiled_byte_raises_nothing_but_a_data_error(position: int, byte: int) -> None:
    content = bytearray(gzip.compress(idx(some_images(5, 4))))
    content[position % len(content)] = byte
    assert_read_or_refused(read_images, bytes(content))


def test_a_pair_has_its_labels_as_sorted_classes() -> None:
    labels = np.array([7, 3, 10, 3], np.uint8)
    dataset = read_idx_pair(io.BytesIO(idx(some_images(4, 2))), io.BytesIO(idx(labels)), "mine")
    assert dataset.name == "mine"
    assert dataset.class_names == ("3", "7", "10")
    assert dataset.labels.tolist() == [1, 0, 2, 0]


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        (range(3), "images holds 60 and the file of labels 3; each image needs its label"),
        (60 * [1], "1 different label; a network can learn to tell 2 to 50 classes apart"),
        (range(60), "60 different labels"),
    ],
)
def test_labels_that_do_not_fit_get_a_sentence(labels: list[int], sentence: str) -> None:
    images = io.BytesIO(idx(some_images(60, 2)))
    with pytest.raises(DataError, match=sentence):
        read_idx_pair(images, io.BytesIO(idx(np.array(labels, np.uint8))))
