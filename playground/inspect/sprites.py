"""Draws all images of a map into one picture, each at its position, in the color of its group."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netcore.array import Array

# About the forms (width, height) of the map on a wide page and on a phone, in pixels.
FORMS = {"wide": (1_400, 500), "narrow": (450, 560)}
LEVELS = 24  # opacities of each color: a byte for each pixel has room for ten colors
SIDE = 22  # about the longer side of an image, in pixels of the picture


@dataclass(frozen=True, eq=False)
class Sheet:
    """The picture.

    pixels  (height, width), LEVELS times the color plus the opacity from 0 to LEVELS - 1
    x, y    its extent in the coordinates of the map: (left, right) and (bottom, top)
    """

    pixels: NDArray[np.uint8]
    x: tuple[float, float]
    y: tuple[float, float]


def sheet(
    images: Array,
    positions: Array,
    colors: NDArray[np.integer],
    strength: Array,
    form: tuple[int, int],
) -> Sheet:
    """Draw images (m, h, w), with pixels from 0 to 1, at their positions (2, m), in their colors
    (m,) by number, with an opacity (m,) from 0 to 1. Where two overlap, the stronger pixel shows.
    """
    width, height = form
    h, w = images.shape[1:]
    zoom = max(1, round(SIDE / max(h, w)))
    shrink = max(1, round(max(h, w) / SIDE))
    small = np.repeat(np.repeat(images[:, ::shrink, ::shrink], zoom, axis=1), zoom, axis=2)
    h, w = small.shape[1:]
    low, high = positions.min(axis=1), positions.max(axis=1)
    margin = 0.02 * (high - low) + 1e-9
    low, high = low - margin, high + margin
    x, y = (positions - low[:, None]) / (high - low)[:, None]  # 0 … 1
    left = np.rint(x * (width - w)).astype(int)
    top = np.rint((1 - y) * (height - h)).astype(int)
    ink = np.zeros((height, width), dtype=np.float32)
    pixels = np.zeros((height, width), dtype=np.uint8)
    for i in np.argsort(strength, kind="stable"):  # the strongest last
        box = np.s_[top[i] : top[i] + h, left[i] : left[i] + w]
        mine = small[i] * strength[i]
        shows = mine > ink[box]
        ink[box][shows] = mine[shows]
        pixels[box][shows] = LEVELS * colors[i]
    pixels += np.rint((LEVELS - 1) * np.clip(ink, 0, 1)).astype(np.uint8)
    # A position is the center of an image, so the picture extends half an image further.
    per_x, per_y = (high[0] - low[0]) / (width - w), (high[1] - low[1]) / (height - h)
    return Sheet(
        pixels,
        (float(low[0] - per_x * w / 2), float(high[0] + per_x * w / 2)),
        (float(low[1] - per_y * h / 2), float(high[1] + per_y * h / 2)),
    )
