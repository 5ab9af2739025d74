"""Preprocessing: turns a drawing into the network's input, in the way MNIST's images were made.

A picture is converted to ink (0 for none, 1 for full), cropped, redrawn with a normal pen width,
scaled into 20×20 pixels, and moved into 28×28 so that its center of mass is in the middle. A page
can show every stage.

Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits" (1998).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from data.dataset import Array

SIDE = 28  # pixels on each side of an MNIST image
BOX = 20  # pixels of the longer side of an MNIST digit

CROP_LEVEL = 0.2  # cropping ignores pixels with less ink than this
PEN_WIDTHS = (
    2.0,
    3.4,
)  # pixels in BOX: the range of pen widths of 90 % of MNIST's digits
PEN_SIDE = 160  # pixels of the longer side while the pen width is measured and changed

PHOTO_SIDE = 512  # pixels of a photo's longer side while its background is removed
MIN_CONTRAST = 0.1  # a picture with less contrast is blank; 1 is from black to white
PHOTO_INK = (
    0.25,
    0.75,
)  # fractions of a photo's contrast: below the first is no ink, above the second is full ink


@dataclass(frozen=True)
class Stages:
    """The stages of preprocessing. Each can be switched off, to measure its effect."""

    crop: bool = True  # crop to the ink; else use the whole picture
    pen_width: bool = True  # change strokes to a normal pen width; else leave them
    keep_aspect: bool = True  # keep the proportions; else stretch to a square
    margin: bool = True  # scale into 20×20; else into 28×28
    centre_of_mass: bool = True  # center the center of mass; else the middle of the box


ALL = Stages()
SQUEEZED = Stages(False, False, False, False, False)  # the whole picture, squeezed to 28×28
STRETCHED = Stages(True, False, False, False, False)  # cropped and stretched to 28×28
BOXED = Stages(centre_of_mass=False)  # all stages but the last


@dataclass(frozen=True, eq=False)
class Prepared:
    """The results of all stages for one drawing. All values are ink, from 0 to 1."""

    ink: Array  # (h, w), as drawn
    cropped: Array  # the bounding box of the ink
    evened: Array  # the same with a normal pen width
    scaled: Array  # at most 20×20
    centered: Array  # (28, 28)
    amount: float  # the share of the picture that is ink

    @property
    def column(self) -> Array:
        """(784, 1) float32: the input of the network."""
        return self.centered.reshape(-1, 1)


def prepare(image: NDArray[np.uint8], stages: Stages = ALL) -> Prepared | None:
    """Make an image in the form of MNIST from a picture of one digit; None if the picture is blank.

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
    """The ink (h, w), float32 from 0 to 1: how much each pixel differs from the background.

    Light on dark, dark on light and a transparent background all work; the border of the picture
    tells which it is. If the border has one color, that is the background exactly. Otherwise the
    picture is treated as a photo with uneven light, and may be made smaller. The ink is all zeros
    if nothing stands out.

    Raises ValueError if the array is not a picture.
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
    """(h, w) float32, from 0 to 255. On a transparent background, the gray value is the opacity."""
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
    """Scale the contrast so that its maximum is full ink. If even that is faint, there is no
    ink.
    """
    full = contrast.max()
    return contrast / full if full >= MIN_CONTRAST * 255 else np.zeros_like(contrast)


def _photo_ink(gray: Array) -> Array:
    """The ink of a photo with uneven light: what differs from its neighborhood."""
    if max(gray.shape) > PHOTO_SIDE:
        gray = _scale(gray, PHOTO_SIDE)
    reach = max(gray.shape) // 4  # larger than the width of a stroke, smaller than most shadows
    ground = ndimage.gaussian_filter(ndimage.grey_opening(gray, size=(reach, reach)), reach / 4)
    contrast = ndimage.gaussian_filter(gray - ground, 1)  # smooths the noise of the camera
    low, high = PHOTO_INK
    return np.clip((_of_contrast(contrast) - low) / (high - low), 0, 1)


def _crop(ink: Array) -> Array:
    """Crop to the bounding box of the pixels that have ink."""
    rows = np.flatnonzero((ink > CROP_LEVEL).any(axis=1))
    columns = np.flatnonzero((ink > CROP_LEVEL).any(axis=0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _resize(ink: Array, height: int, width: int) -> Array:
    """Resample. When shrinking, each new pixel is the mean over its area."""
    smaller = height <= ink.shape[0] and width <= ink.shape[1]
    how = Image.Resampling.BOX if smaller else Image.Resampling.BILINEAR
    return np.asarray(Image.fromarray(ink).resize((width, height), how))


def _scale(ink: Array, side: int) -> Array:
    """Scale the longer side to `side` pixels and keep the proportions."""
    height, width = ink.shape
    longer = max(height, width)
    return _resize(ink, max(1, round(side * height / longer)), max(1, round(side * width / longer)))


def _center(scaled: Array, *, by_mass: bool) -> Array:
    """Place into 28×28, moved by whole pixels so that nothing blurs. As in MNIST, the center of
    mass goes to row 14, column 14, to within half a pixel.
    """
    height, width = scaled.shape
    corner = (SIDE - height) // 2, (SIDE - width) // 2
    if by_mass:
        row, column = ndimage.center_of_mass(scaled)
        corner = round(SIDE / 2 - row), round(SIDE / 2 - column)
    # If the center of mass is far from the middle, the other end must still be inside.
    top = min(max(corner[0], 0), SIDE - height)
    left = min(max(corner[1], 0), SIDE - width)
    centered = np.zeros((SIDE, SIDE), dtype=np.float32)
    centered[top : top + height, left : left + width] = scaled
    return centered


def _even_pen(cropped: Array) -> Array:
    """Redraw strokes that are thinner or thicker than MNIST's with a width in MNIST's range.

    Strokes of normal width are unchanged. For others, the whole edge moves by the same distance, so
    that the middle of every stroke stays in place.
    """
    unit = PEN_SIDE / BOX  # how many of these pixels make one pixel of BOX
    ink = np.pad(_scale(cropped, PEN_SIDE), round(2 * unit))
    inked = ink > 0.5
    if not inked.any():
        return cropped
    inside = ndimage.distance_transform_edt(inked)
    width = 4 * inside[inked].mean()  # in a stroke of width w, the mean distance to its edge is w/4
    usual = unit * np.clip(width / unit, *PEN_WIDTHS)
    # Growing by g on both sides makes the longer side longer, but it is scaled to BOX afterwards.
    grow = (usual - width) / 2 / (1 - usual / PEN_SIDE)
    if abs(grow) < 0.5:
        return cropped
    edge = inside - ndimage.distance_transform_edt(~inked)  # distance to the edge, negative outside
    grow = max(grow, -width / 4)  # keep at least half of the width, even where it is below the mean
    return _crop(np.clip(edge + grow + 0.5, 0, 1).astype(np.float32))
