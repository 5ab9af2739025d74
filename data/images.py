"""Limits of a set of images (square, of one size, small enough), and labels turned into classes."""

from dataclasses import dataclass
from math import isqrt

import numpy as np
from numpy.typing import ArrayLike

from data.dataset import Array, DataError, Dataset

MAX_CLASSES = 50
MIN_SIDE, MAX_SIDE = 2, 128
MAX_IMAGES = 1_000_000
# As float32 they take 256 MB. MNIST's 60,000 training images have 47 million pixels.
MAX_PIXELS = 64_000_000


@dataclass(frozen=True, eq=False)
class Images:
    """Images without labels: they can be classified, not trained on.

    X            (n_x, m) float32, Fortran-ordered, pixels in row-major order, 0 … 1
    image_shape  (height, width)
    """

    X: Array
    image_shape: tuple[int, int]


def side_of(n_pixels: int) -> int | None:
    """The side of a square image of so many pixels, or None if that is not a square number."""
    side = isqrt(max(n_pixels, 0))
    return side if side >= MIN_SIDE and side * side == n_pixels else None


def empty_rows(name: str, m: int, side: int) -> Array:
    """An empty array (m, side²) for m square images as rows.

    Raises DataError if the images have a wrong size or are too many, before anything is allocated.
    """
    if m == 0:
        raise DataError(f"{name} holds no images.")
    if not MIN_SIDE <= side <= MAX_SIDE:
        raise DataError(
            f"{name} holds images of {side:,}×{side:,} pixels; "
            f"{MIN_SIDE}×{MIN_SIDE} to {MAX_SIDE}×{MAX_SIDE} are read."
        )
    at_most = min(MAX_IMAGES, MAX_PIXELS // side**2)
    if m > at_most:
        raise DataError(
            f"{name} holds {m:,} images of {side}×{side} pixels; "
            f"at most {at_most:,} of this size are read."
        )
    return np.empty((m, side * side), np.float32)


def labeled(name: str, images: Images, labels: ArrayLike) -> Dataset:
    """The images with their labels as classes in sorted order.

    Raises DataError if there are fewer than 2 or more than MAX_CLASSES different labels.
    """
    known, index = np.unique(np.asarray(labels), return_inverse=True)
    if not 2 <= len(known) <= MAX_CLASSES:
        raise DataError(
            f"{name} has {len(known):,} different label{'s' * (len(known) != 1)}; "
            f"a network can learn to tell 2 to {MAX_CLASSES} classes apart."
        )
    return Dataset(name, images.X, index, tuple(str(label) for label in known), images.image_shape)
