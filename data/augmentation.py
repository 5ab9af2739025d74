"""Small random warps of a minibatch of images, as fast as a training step.

A warp says of every pixel of the new image where in the old one it comes from: four neighbors
and their weights. A few hundred of them are drawn once; each image of a minibatch then takes
one at random. A warp is thus a sparse matrix, and a minibatch is one product.

Source: Simard, Steinkraus, Platt, "Best practices for convolutional neural networks" (2003).
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, sparse

from data.dataset import Array

N_WARPS = 256
BANK_SEED = 0  # of the warps: the same warps for every run, so that a resumed run goes on unchanged
CHUNK = 128  # images warped together; more of them would leave the processor's cache

# Largest change at strength 1; lengths in pixels of an image of 28×28. Chosen by measuring on
# 10,000 of MNIST's training images that are not embedded and on pen strokes: these read both
# well; with much more elasticity, scale or rotation drawings are read worse.
ROTATION = np.radians(10)
SCALE = 0.1
ASPECT = 0.4
SHEAR = 0.3
SHIFT = 1.5
ELASTIC = 0.4  # standard deviation at the knots of a grid of KNOTS×KNOTS
KNOTS = 5
THICKNESS = 0.5  # of the ramp, about a pixel wide, at a stroke's edge

REFERENCE_SIDE = 28


class Augmentation:
    """Warps every image of a minibatch by one of a bank of random warps.

    strength  0 leaves images as they are, 1 is the measured default, 2 twice as much

    One object serves one run: it keeps its working arrays from step to step, and nothing else.
    """

    def __init__(self, image_shape: tuple[int, int], strength: float) -> None:
        if not 0 <= strength < np.inf:
            raise ValueError(f"augmentation strength is {strength}: give a number from 0 upwards.")
        self.image_shape = image_shape
        self.strength = float(strength)
        self._sources, self._weights = warp_bank(image_shape, self.strength)
        self._matrix = _block_diagonal(image_shape[0] * image_shape[1], CHUNK)

    def __call__(self, X: Array, *, rng: np.random.Generator) -> Array:
        """Warped copies of a minibatch of images; all that is random comes from `rng`.

        Shapes: X and what is returned are (n_x, m), float32 in Fortran order; X itself at
                strength 0
        """
        height, width = self.image_shape
        n_x, m = X.shape
        if n_x != height * width:
            raise ValueError(
                f"X has {n_x} rows, images of {height}×{width} have {height * width} pixels; "
                "examples are columns, did you mean X.T?"
            )
        if self.strength == 0:
            return X
        chosen = rng.integers(N_WARPS, size=(m,))
        thickness = self.strength * rng.uniform(-THICKNESS, THICKNESS, size=(m,))
        images = np.ascontiguousarray(X.T, dtype=np.float32)
        parts = [slice(start, start + CHUNK) for start in range(0, m, CHUNK)]
        warped = [self._warp(images[part], chosen[part], thickness[part]) for part in parts]
        return (warped[0] if len(warped) == 1 else np.concatenate(warped)).T

    def _warp(self, images: Array, chosen: NDArray[np.integer], thickness: Array) -> Array:
        """Up to CHUNK images in rows, (k, n_x), each by its chosen warp."""
        k, n_x = images.shape
        if self._matrix.shape[0] != k * n_x:
            self._matrix = _block_diagonal(n_x, k)
        columns, weights = self._matrix.indices.reshape(k, -1), self._matrix.data.reshape(k, -1)
        np.take(self._sources, chosen, axis=0, out=columns, mode="clip")
        columns += n_x * np.arange(k, dtype=np.int32)[:, None]  # each image reads itself alone
        np.take(self._weights, chosen, axis=0, out=weights, mode="clip")
        warped: Array = (self._matrix @ images.ravel()).reshape(k, n_x)
        _change_thickness(warped, thickness.astype(np.float32))
        return warped


def _block_diagonal(n_x: int, k: int) -> sparse.csr_array:
    """The matrix that warps k images at once: four entries a row, yet to be filled in."""
    size = n_x * k
    entries = np.zeros(4 * size, dtype=np.float32), np.zeros(4 * size, dtype=np.int32)
    return sparse.csr_array(
        (*entries, np.arange(0, 4 * size + 1, 4, dtype=np.int32)), shape=(size, size)
    )


def _change_thickness(images: Array, change: Array) -> None:
    """Make the strokes of each image thicker (change > 0) or thinner, in place.

    A stroke's edge is a ramp from 0 to 1. A steeper one that reaches 1 earlier moves the edge
    outwards; one that leaves 0 later moves it inwards.
    """
    images *= (1 + np.abs(change))[:, None]
    images += np.minimum(change, 0)[:, None]
    np.clip(images, 0, 1, out=images)


@lru_cache(maxsize=4)
def warp_bank(image_shape: tuple[int, int], strength: float) -> tuple[NDArray[np.int32], Array]:
    """Sources and weights (N_WARPS, 4·n_x) of every warp: pixel p of a warped image is the sum
    of the pixels at its four sources, each times its weight."""
    height, width = image_shape
    rows, columns = _coordinates(height, width, strength)
    top, left = np.floor(rows), np.floor(columns)
    down, right = rows - top, columns - left
    sources = np.empty((*rows.shape, 4), dtype=np.int32)
    weights = np.empty((*rows.shape, 4), dtype=np.float32)
    neighbors = (
        (top, left, (1 - down) * (1 - right)),
        (top, left + 1, (1 - down) * right),
        (top + 1, left, down * (1 - right)),
        (top + 1, left + 1, down * right),
    )
    for k, (row, column, weight) in enumerate(neighbors):
        inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
        sources[..., k] = np.where(inside, row * width + column, 0)
        weights[..., k] = np.where(inside, weight, 0)  # nothing is drawn outside the image
    sources, weights = sources.reshape(N_WARPS, -1), weights.reshape(N_WARPS, -1)
    sources.flags.writeable = weights.flags.writeable = False  # runs share them
    return sources, weights


def _coordinates(height: int, width: int, strength: float) -> tuple[Array, Array]:
    """(N_WARPS, n_x) rows and columns: where in the old image each new pixel comes from."""
    rng = np.random.default_rng(BANK_SEED)

    def uniform(largest: float) -> Array:
        return strength * rng.uniform(-largest, largest, size=(N_WARPS, 1))

    angle, scale, aspect, shear = (uniform(most) for most in (ROTATION, SCALE, ASPECT, SHEAR))
    shift_down, shift_right = uniform(SHIFT), uniform(SHIFT)
    bend_down, bend_right = (_elastic(height, width, strength, rng) for _ in range(2))

    middle = np.array([height - 1, width - 1]).reshape(2, 1, 1) / 2
    y, x = np.indices((height, width)).reshape(2, 1, -1) - middle
    stretch_y, stretch_x = np.exp(scale - aspect / 2), np.exp(scale + aspect / 2)
    rows = stretch_y * (np.cos(angle) * y + np.sin(angle) * x)
    columns = stretch_x * (np.cos(angle) * x + (shear - np.sin(angle)) * y)
    rows += middle[0] + (shift_down + bend_down) * height / REFERENCE_SIDE
    columns += middle[1] + (shift_right + bend_right) * width / REFERENCE_SIDE
    return rows, columns


def _elastic(height: int, width: int, strength: float, rng: np.random.Generator) -> Array:
    """(N_WARPS, n_x): random displacements at a coarse grid's knots, smooth in between."""
    knots = strength * rng.normal(0, ELASTIC, size=(N_WARPS, KNOTS, KNOTS))
    bend: Array = _between_knots(height) @ knots @ _between_knots(width).T
    return bend.reshape(N_WARPS, -1)


def _between_knots(side: int) -> Array:
    """(side, KNOTS): a smooth curve through the values at the knots, as a matrix."""
    matrix: Array = ndimage.zoom(np.eye(KNOTS), (side / KNOTS, 1), order=3)
    return matrix
