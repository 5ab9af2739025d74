"""Picture files are read upright and small; other files get a sentence."""

import io
import struct
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from data.dataset import DataError
from data.picture_file import LONGER_SIDE, read_picture


def stored(folder: Path, image: Image.Image, name: str = "a.png", **options: Any) -> Path:
    image.save(folder / name, **options)
    return folder / name


# An F, which differs from all of its mirrored and rotated images; dark on light.
F = np.full((40, 30), 255, np.uint8)
F[4:36, 5:10] = F[4:9, 5:25] = F[16:21, 5:20] = 0


@pytest.mark.parametrize(
    ("mode", "shape"),
    [
        ("1", (40, 30)),
        ("L", (40, 30)),
        ("P", (40, 30, 3)),
        ("RGB", (40, 30, 3)),
        ("LA", (40, 30, 4)),
        ("RGBA", (40, 30, 4)),
    ],
)
def test_every_kind_of_png(tmp_path: Path, mode: str, shape: tuple[int, ...]) -> None:
    pixels = read_picture(stored(tmp_path, Image.fromarray(F).convert(mode)))
    assert pixels.shape == shape
    assert pixels.dtype == np.uint8
    gray = pixels if pixels.ndim == 2 else pixels[..., 0]
    np.testing.assert_array_equal(gray, F)


def test_sixteen_bits_of_grey_are_scaled(tmp_path: Path) -> None:
    pixels = read_picture(stored(tmp_path, Image.fromarray(F.astype(np.uint16) * 257)))
    np.testing.assert_array_equal(pixels, F)


def test_a_palette_with_transparency(tmp_path: Path) -> None:
    image = Image.fromarray((F > 0).astype(np.uint8), mode=None).convert("P")
    pixels = read_picture(stored(tmp_path, image, transparency=1))
    assert pixels.shape == (40, 30, 4)
    np.testing.assert_array_equal(pixels[..., 3] == 0, F > 0)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_jpeg(tmp_path: Path, mode: str) -> None:
    path = stored(tmp_path, Image.fromarray(F).convert(mode), "a.jpg", quality=95)
    pixels = read_picture(path)
    gray = (pixels if pixels.ndim == 2 else pixels[..., 0]).astype(int)
    assert np.abs(gray - F).mean() < 10


@pytest.mark.parametrize("name", ["a.jpg", "a.png"])
@pytest.mark.parametrize(("orientation", "turns"), [(3, 2), (6, 1), (8, 3)])
def test_a_photo_is_turned_upright(tmp_path: Path, name: str, orientation: int, turns: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    sensor = Image.fromarray(np.ascontiguousarray(np.rot90(F, turns)))
    pixels = read_picture(stored(tmp_path, sensor, name, exif=exif))
    assert np.abs(pixels.astype(int) - F).mean() < 10


@pytest.mark.parametrize("name", ["a.jpg", "a.png"])
def test_a_large_picture_is_scaled_down(tmp_path: Path, name: str) -> None:
    large = Image.fromarray(F).resize((3000, 4000), Image.Resampling.NEAREST)
    pixels = read_picture(stored(tmp_path, large, name))
    assert pixels.shape == (LONGER_SIDE, LONGER_SIDE * 3 // 4)
    assert set(np.unique(pixels)) >= {0, 255}


def png(width: int, height: int, data: bytes = b"") -> bytes:
    """The bytes of a PNG that claims this size, whatever its data."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def jpeg() -> bytes:
    file = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64), np.uint8)).save(
        file, "JPEG"
    )
    return file.getvalue()


BAD = {
    "empty": (b"", "is not a PNG or JPEG picture"),
    "text": (b"label,pixel0\n", "is not a PNG or JPEG picture"),
    "GIF": (b"GIF89a\x01\x00\x01\x00\x80\x00\x00" + b"\x00" * 99, "is not a PNG or JPEG picture"),
    "PNG without its data": (png(28, 28), "cannot be read"),
    "JPEG cut short": (jpeg()[:600], "cannot be read"),
    "65 million pixels": (png(8000, 8126), "more than 64 million pixels"),
    "bomb, warned of": (png(10_000, 10_000), "more than 64 million pixels"),
    "bomb": (png(60_000, 60_000), "more than 64 million pixels"),
    "no width": (png(0, 28), "cannot be read|is not a PNG"),
}


@pytest.mark.parametrize(("content", "sentence"), BAD.values(), ids=BAD)
def test_a_file_that_is_not_a_picture(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "three.png"
    path.write_bytes(content)
    with pytest.raises(DataError, match=sentence) as error:
        read_picture(path)
    assert str(error.value).startswith("three.png ")
    assert str(error.value).endswith(".")


def test_a_path_that_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"^nowhere\.png is not there\.$"):
        read_picture(tmp_path / "nowhere.png")
    with pytest.raises(DataError, match=r"is not a file\.$"):
        read_picture(tmp_path)
    with pytest.raises(DataError, match="cannot be read: File name too long"):
        read_picture(tmp_path / ("a" * 300))


def test_a_huge_file_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "huge.png"
    with path.open("wb") as file:
        file.truncate(65 * 10**6)  # sparse: it takes no room on the disk
    with pytest.raises(DataError, match="has 65 MB; at most 64 are read"):
        read_picture(path)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_damage_anywhere_gives_a_picture_or_a_sentence(tmp_path: Path, kind: str) -> None:
    rng = np.random.default_rng(0)
    whole = stored(tmp_path, Image.fromarray(F), f"whole.{kind}").read_bytes()
    path = tmp_path / "a.png"
    for _ in range(100):
        content = bytearray(whole[: rng.integers(1, len(whole) + 1)])
        content[rng.integers(len(content))] ^= int(rng.integers(1, 256))
        path.write_bytes(content)
        with suppress(DataError):
            assert read_picture(path).dtype == np.uint8
