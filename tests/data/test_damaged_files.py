"""Every reader of files that come from outside, with files damaged in any way: what is no file of
its kind gets a sentence, and no other error passes."""

import gzip
import io
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from data.csv_file import read_csv_images
from data.dataset import DataError
from data.idx import read_labels
from data.labeled_drawings import Drawings
from data.picture_file import read_picture
from data.points import placed_points, read_points
from data.upload_files import read_upload
from tests.bounded import bounded

RNG = np.random.default_rng(0)


@dataclass(frozen=True)
class Damage:
    """At this share of the file: so many bytes taken out, and these put in."""

    at: float
    out: int
    put: bytes

    def of(self, content: bytes) -> bytes:
        at = int(self.at * len(content))
        return content[:at] + self.put + content[at + self.out :]


# What a parser of text or of bytes may trip over, besides any bytes at all.
words = st.sampled_from(
    [b'"', b"\r", b"\n\n", b"\0", b",,,", b"nan", b"inf", b"1e999", b"1e308", b"-1.7e308", b"_1",
     b"9" * 39, b"0x1", b"#", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1c", b"\x0c", b"\x85",
     "\u0663".encode(), b"\xff\xff\xff\xff", b"\x80\0\0\0"]
)  # fmt: skip
damages = st.builds(
    Damage,
    st.floats(0, 1, exclude_max=True),
    st.sampled_from([0, 1, 2, 4, 10, 10**6]),
    st.one_of(words, st.binary(max_size=8)),
)


def idx(array: NDArray[np.uint8]) -> bytes:
    return (
        b"\0\0\x08" + bytes([array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    ) + array.tobytes()


def csv(labels: list[object], n_x: int) -> bytes:
    lines = [["label", *(f"pixel{i}" for i in range(n_x))]]
    lines += [[str(label), *map(str, RNG.integers(0, 256, n_x))] for label in labels]
    return "".join(f"{','.join(line)}\n" for line in lines).encode()


def picture(mode: str, kind: str) -> bytes:
    file = io.BytesIO()
    pixels = RNG.integers(0, 256, (9, 9, 4), dtype=np.uint8)
    Image.fromarray(pixels).convert(mode).save(file, kind)
    return file.getvalue()


IMAGES = RNG.integers(0, 256, (4, 3, 3), dtype=np.uint8)
LABELS = np.array([0, 1, 2, 1], np.uint8)


def take_points(content: bytes) -> None:
    points = read_points(io.BytesIO(content))
    assert np.isfinite([point[:2] for point in points]).all()
    placed_points(points, validation_fraction=0.2)


READERS: dict[str, tuple[bytes, Callable[[bytes], object]]] = {
    "IDX images": (
        idx(IMAGES),
        lambda each: read_upload([io.BytesIO(each), io.BytesIO(idx(LABELS))]),
    ),
    "IDX labels": (idx(LABELS), lambda each: read_labels(io.BytesIO(each))),
    "gzipped IDX": (
        gzip.compress(idx(IMAGES)),
        lambda each: read_upload([io.BytesIO(each), io.BytesIO(idx(LABELS))]),
    ),
    "CSV": (csv([0, 1, 2, 1, 0, 2], 4), lambda each: read_upload([io.BytesIO(each)])),
    "gzipped CSV": (
        gzip.compress(csv(["cat", "dog"] * 4, 4)),
        lambda each: read_upload([io.BytesIO(each)]),
    ),
    "CSV without labels": (csv(["cat", 1], 4), lambda each: read_csv_images(io.BytesIO(each))),
    "drawings": (csv([3, 4], 784), lambda each: Drawings().read(io.BytesIO(each))),
    "points": (b"x,y,label\n1,2,a\n-3,2.5,b\n1.5,-2,a\n", take_points),
}
PICTURES = {"gray PNG": ("L", "PNG"), "PNG with alpha": ("RGBA", "PNG"), "JPEG": ("RGB", "JPEG")}


@pytest.mark.parametrize("name", READERS)
@given(damage=st.lists(damages, max_size=4))
@settings(deadline=None)
def test_a_damaged_file_gets_a_sentence_or_is_read(name: str, damage: list[Damage]) -> None:
    content, read = READERS[name]
    _take(read, content, damage)


@pytest.mark.parametrize("name", PICTURES)
@given(damage=st.lists(damages, max_size=4))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_picture_gets_a_sentence_or_is_read(
    name: str, damage: list[Damage], tmp_path: Path
) -> None:
    def read(content: bytes) -> None:
        file = tmp_path / "drawing.png"
        file.write_bytes(content)
        read_picture(file)

    _take(read, picture(*PICTURES[name]), damage)


def _take(read: Callable[[bytes], object], content: bytes, damage: list[Damage]) -> None:
    for each in damage:
        content = each.of(content)
    with bounded(), suppress(DataError):  # its sentence
        read(content)


@pytest.mark.parametrize("name", READERS)
def test_undamaged_they_are_read(name: str) -> None:
    content, read = READERS[name]
    read(content)
