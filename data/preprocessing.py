"""What was drawn -> the column that the network reads, made the way MNIST's images were made.

A picture becomes ink (0 nothing, 1 full), is cropped, drawn with a usual pen, scaled into 20×20
and moved by its center of mass into 28×28. Every stage is a value that a page can show.

Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits" (1998).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from data.dataset import Array

SIDE = 28  # MNIST's image, in pixels
BOX = 20  # its digits fill this box with their longer side

CROP_LEVEL = 0.2  # a pixel with less ink than this does not count as drawn when cropping
PEN_WIDTHS = (
    2.0,
    3.4,
)  # of BOX: nine in ten of MNIST's digits have a pen about this wide
PEN_SIDE = 160  # the longer side at which a pen's width is measured and mended, in pixels

PHOTO_SIDE = 512  # a photo's longer side is made this small before its light is evened
MIN_CONTRAST = 0.1  # of black to white: a picture that varies less than this is blank
PHOTO_INK = (
    0.25,
    0.75,
)  # of a photo's contrast: no ink up to the first, full from the second


@dataclass(frozen=True)
class Stages:
    """Which stages a drawing goes through; each can be switched off to see what it is worth."""

    crop: bool = True  # else the whole picture
    pen_width: bool = True  # else as thick or thin as it was drawn
    keep_aspect: bool = True  # else stretched to a square
    margin: bool = True  # scaled into 20×20, else into all of 28×28
    centre_of_mass: bool = True  # moved to the middle, else the middle of its box is


ALL = Stages()
SQUEEZED = Stages(False, False, False, False, False)  # the whole picture made 28×28
STRETCHED = Stages(True, False, False, False, False)  # cropped and stretched to 28×28
BOXED = Stages(centre_of_mass=False)  # all but the last


@dataclass(frozen=True, eq=False)
class Prepared:
    """A drawing on its way to the network, stage by stage. All values are ink, 0 … 1."""

    ink: Array  # (h, w) as drawn, light on dark
    cropped: Array  # the ink's own box
    evened: Array  # the same with a pen of usual width
    scaled: Array  # at most 20×20
    centered: Array  # (28, 28)
    amount: float  # share of the picture that is inked

    @property
    def column(self) -> Array:
        """(784, 1) float32: the example that the network reads."""
        return self.centered.reshape(-1, 1)


def prepare(image: NDArray[np.uint8], stages: Stages = ALL) -> Prepared | None:
    """Make a picture of one digit into the image that MNIST would have; None where it is blank.

    Shapes: image is (h, w), (h, w, 3) or (h, w, 4), such as the canvas's RGBA
    """
    ink = as_ink(image)
    if not ink.any():
        return None
    cropped = _crop(ink) if stages.crop else ink
    evened = _even_pen(cropped) if stages.pen_width else cropped
    side = BOX if stages.margin else SIDE
    scaled = _scale(evened, side) if stages.keep_aspect else _resize(evened, side, side)
    centered = _center(scaled, by_mass=stages.centre_of_mass)
    return Prepared(ink, cropped, evened, scaled, centered, amount=float(ink.mean()))


def as_ink(image: NDArray[np.uint8]) -> Array:
    """(h, w) float32, 0 … 1: how much each pixel differs from what was drawn upon.

    Light on dark, dark on light, or drawn upon nothing (transparent). The border tells which: a
    plain one is taken as it is, exactly; any other as a photo's, whose light is uneven and whose
    ink may come back smaller than the image. All zeros where nothing stands out.

    Raises ValueError for what is not a picture.
    """
    if image.dtype != np.uint8 or image.shape[2:] not in ((), (3,), (4,)) or image.ndim < 2:
        raise ValueError(
            f"a picture of shape {image.shape} and type {image.dtype} cannot be read: "
            "give bytes (uint8) of shape (h, w), (h, w, 3) or (h, w, 4)."
        )
    if image.size == 0:
        raise ValueError(f"a picture of shape {image.shape} has no pixels.")
    gray = _gray(image)
    border = _border(gray)
    ground = np.median(border)
    if np.mean(border == ground) >= 0.5:
        return _of_contrast(np.abs(gray - ground))
    return _photo_ink(gray if ground < 128 else 255 - gray)


def _gray(image: NDArray[np.uint8]) -> Array:
    """(h, w) float32, 0 … 255. What was drawn upon nothing is as light as it is opaque."""
    if image.ndim == 2:
        return image.astype(np.float32)
    gray = np.asarray(Image.fromarray(image[..., :3]).convert("L"), dtype=np.float32)
    if image.shape[2] == 3:
        return gray
    opacity = image[..., 3].astype(np.float32)
    if np.median(_border(opacity)) == 0:
        return opacity
    return gray * (opacity / 255)


def _border(image: Array) -> Array:
    return np.concatenate((image[0], image[-1], image[:, 0], image[:, -1]))


def _of_contrast(contrast: Array) -> Array:
    """The strongest contrast is full ink; where even that is faint, nothing was drawn."""
    full = contrast.max()
    return contrast / full if full >= MIN_CONTRAST * 255 else np.zeros_like(contrast)


def _photo_ink(gray: Array) -> Array:
    """Light ink on a dark ground of uneven light: what stands out from its neighborhood."""
    if max(gray.shape) > PHOTO_SIDE:
        gray = _scale(gray, PHOTO_SIDE)
    reach = max(gray.shape) // 4  # wider than any stroke, narrower than most shadows
    ground = ndimage.gaussian_filter(ndimage.grey_opening(gray, size=(reach, reach)), reach / 4)
    contrast = ndimage.gaussian_filter(gray - ground, 1)  # evens out the grain
    low, high = PHOTO_INK
    return np.clip((_of_contrast(contrast) - low) / (high - low), 0, 1)


def _crop(ink: Array) -> Array:
    """The smallest box around every pixel that counts as drawn."""
    rows = np.flatnonzero((ink > CROP_LEVEL).any(axis=1))
    columns = np.flatnonzero((ink > CROP_LEVEL).any(axis=0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _resize(ink: Array, height: int, width: int) -> Array:
    """Resample: made smaller, each new pixel is the mean over its area."""
    smaller = height <= ink.shape[0] and width <= ink.shape[1]
    how = Image.Resampling.BOX if smaller else Image.Resampling.BILINEAR
    return np.asarray(Image.fromarray(ink).resize((width, height), how))


def _scale(ink: Array, side: int) -> Array:
    """The longer side becomes `side` pixels, the other keeps its proportion."""
    height, width = ink.shape
    longer = max(height, width)
    return _resize(ink, max(1, round(side * height / longer)), max(1, round(side * width / longer)))


def _center(scaled: Array, *, by_mass: bool) -> Array:
    """Into 28×28 by whole pixels, so that nothing blurs: as MNIST has it, the center of mass is
    the pixel at row 14, column 14, give or take half a pixel."""
    height, width = scaled.shape
    corner = (SIDE - height) // 2, (SIDE - width) // 2
    if by_mass:
        row, column = ndimage.center_of_mass(scaled)
        corner = round(SIDE / 2 - row), round(SIDE / 2 - column)
    # A mass far off the middle must not push the other end out of the image.
    top = min(max(corner[0], 0), SIDE - height)
    left = min(max(corner[1], 0), SIDE - width)
    centered = np.zeros((SIDE, SIDE), dtype=np.float32)
    centered[top : top + height, left : left + width] = scaled
    return centered


def _even_pen(cropped: Array) -> Array:
    """The drawing as a pen would have left it that is no thinner or thicker than MNIST's.

    Strokes of usual width come back untouched. Others grow or shrink by the same distance all
    along their edge, so that the middle of every stroke stays where it is.
    """
    unit = PEN_SIDE / BOX  # of BOX, in the pixels in which the edge is moved
    ink = np.pad(_scale(cropped, PEN_SIDE), round(2 * unit))
    inked = ink > 0.5
    if not inked.any():
        return cropped
    inside = ndimage.distance_transform_edt(inked)
    width = 4 * inside[inked].mean()  # across a stroke the distance to its edge is w/4 on average
    usual = unit * np.clip(width / unit, *PEN_WIDTHS)
    # What grows by g on both sides also makes the longer side longer, which is BOX in the end.
    grow = (usual - width) / 2 / (1 - usual / PEN_SIDE)
    if abs(grow) < 0.5:
        return cropped
    edge = inside - ndimage.distance_transform_edt(~inked)  # distance to it, negative outside
    grow = max(grow, -width / 4)  # half of a stroke stays, where others are thicker
    return _crop(np.clip(edge + grow + 0.5, 0, 1).astype(np.float32))
