"""Reads a PNG or JPEG picture from a file, as pixels for preprocessing.prepare."""

import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from data.dataset import DataError

SUFFIXES = (".png", ".jpg", ".jpeg")
FORMATS = ("PNG", "JPEG")
MAX_MB = 64
MAX_MEGAPIXELS = 64  # 256 MB as RGBA; the cameras of phones have 12 to 50 megapixels
LONGER_SIDE = 512  # pixels; a digit a tenth as high still has more than the 28 of the final image


def read_picture(path: Path) -> NDArray[np.uint8]:
    """The pixels, upright, with a longer side of at most LONGER_SIDE: (h, w), (h, w, 3) or, if the
    picture has transparency, (h, w, 4).

    Memory and time are bounded before anything is decoded.
    Raises DataError, with a sentence that names the file, if it cannot be read.
    """
    try:
        if not path.is_file():
            what = "is not a file" if path.exists() else "is not there"
            raise DataError(f"{path.name} {what}.")
        if (size := path.stat().st_size) > MAX_MB * 1e6:
            raise DataError(f"{path.name} has {size / 1e6:,.0f} MB; at most {MAX_MB} are read.")
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # Pillow's warnings on unusual files; errors are reported
            return _decoded(path)
    except DataError:
        raise
    except OSError as error:
        reason = error.strerror or "it is damaged or cut short"
        raise DataError(f"{path.name} cannot be read: {reason}.") from error
    except Exception as error:  # Pillow's decoders raise many types of error on damaged files
        raise DataError(f"{path.name} cannot be read: {error}.") from error


def _decoded(path: Path) -> NDArray[np.uint8]:
    try:
        opened = Image.open(path, formats=FORMATS)
    except UnidentifiedImageError as error:
        raise DataError(f"{path.name} is not a PNG or JPEG picture.") from error
    except Image.DecompressionBombError as error:
        raise _too_large(path) from error
    with opened as image:
        if image.width * image.height > MAX_MEGAPIXELS * 1e6:
            raise _too_large(path)
        # A JPEG can be decoded at 1/2, 1/4 or 1/8 of its size, which is faster.
        image.draft(None, (2 * LONGER_SIDE, 2 * LONGER_SIDE))
        picture = _of_bytes(ImageOps.exif_transpose(image))
    picture.thumbnail((LONGER_SIDE, LONGER_SIDE), Image.Resampling.BOX)
    return np.asarray(picture)


def _too_large(path: Path) -> DataError:
    return DataError(
        f"{path.name} has more than {MAX_MEGAPIXELS} million pixels, the limit for pictures."
    )


def _of_bytes(image: Image.Image) -> Image.Image:
    """The same picture as 8-bit gray (L), RGB or RGBA."""
    if image.mode.startswith("I"):  # 16-bit gray, which Pillow's own conversion clips
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("L" if image.mode in ("1", "L") else "RGB")
