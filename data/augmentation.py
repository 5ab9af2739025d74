"""Small random warps of a minibatch of images, as fast as a training step.

A warp says of every pixel of the new image where in the old one it comes from: four neighbours
and their weights. A few hundred of them are drawn once; each image of a minibatch then takes
one at random. A warp is thus a sparse matrix, and a minibatch is one product.

Source: Simard, Steinkraus, Platt, "Best practices for convolutional neural networks" (2003).
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, sparse

from data.dataset import Array

N_WARPS = 512
SEED = 0  # of the bank: the same warps for every run, so that a resumed run goes on unchanged

# Largest change at strength 1; lengths in pixels of an image of 28×28.
ROTATION = np.radians(15)
SCALE = 0.15
ASPECT = 0.15
SHEAR = 0.2
SHIFT = 1.5
ELASTIC = 1.5  # standard deviation at the knots of a grid of KNOTS×KNOTS
KNOTS = 5
THICKNESS = 0.5

REFERENCE_SIDE = 28


class Augmentation:
    """Warps every image of a minibatch by one of a bank of random warps.

    strength  0 leaves images as they are, 1 is the measured default, 2 twice as much
    """

    def __init__(self, image_shape: tuple[int, int], strength: float) -> None:
        height, width = image_shape
        if height != width:
            raise ValueError(
                f"images of {height}×{width} cannot be warped: only square ones can."
            )
        if not 0 <= strength < np.inf:
            raise ValueError(
                f"augmentation strength {strength} is not a number from 0 upwards."
            )
        self.image_shape = image_shape
        self.strength = float(strength)
        self._matrix: sparse.csr_array | None = None

    def __call__(self, X: Array, *, rng: np.random.Generator) -> Array:
        """A warped copy of a minibatch of images; all that is random comes from `rng`.

        Shapes: X and the copy are (n_x, m); the copy is float32 in Fortran order
        """
        side = self.image_shape[0]
        if X.shape[0] != side * side:
            raise ValueError(
                f"X has {X.shape[0]} rows, images of {side}×{side} have {side * side}; "
                "examples are columns, did you mean X.T?"
            )
        if self.strength == 0:
            return X
        n_x, m = X.shape
        sources, weights = warp_bank(side, self.strength)
        chosen = rng.integers(len(sources), size=m)
        thickness = rng.uniform(-1, 1, size=(m, 1)).astype(np.float32)

        matrix = self._block_diagonal(n_x, m)
        np.take(sources, chosen, axis=0, out=matrix.indices.reshape(m, -1), mode="clip")
        np.take(weights, chosen, axis=0, out=matrix.data.reshape(m, -1), mode="clip")
        matrix.indices.reshape(m, -1)[...] += (
            n_x * np.arange(m, dtype=np.int32)[:, None]
        )
        warped = (matrix @ X.ravel(order="F").astype(np.float32, copy=False)).reshape(
            m, n_x
        )
        _change_thickness(warped, THICKNESS * self.strength * thickness)
        return warped.T

    def _block_diagonal(self, n_x: int, m: int) -> sparse.csr_array:
        """The matrix that warps m images at once, its entries yet to be filled in: four in each
        row. Kept from step to step."""
        size = n_x * m
        if self._matrix is None or self._matrix.shape[0] != size:
            self._matrix = sparse.csr_array(
                (
                    np.zeros(4 * size, dtype=np.float32),
                    np.zeros(4 * size, dtype=np.int32),
                    np.arange(0, 4 * size + 1, 4, dtype=np.int32),
                ),
                shape=(size, size),
            )
        return self._matrix


def _change_thickness(images: Array, change: Array) -> None:
    """Move the edge of every stroke, in place: a stroke's edge is a ramp from 0 to 1, and a
    steeper ramp that ends earlier (or begins later) is a thicker (or thinner) stroke."""
    slope = 1 + np.abs(change)
    images *= slope
    images += np.minimum(change, 0)
    np.clip(images, 0, 1, out=images)


@lru_cache(maxsize=4)
def warp_bank(side: int, strength: float) -> tuple[NDArray[np.int32], Array]:
    """Sources and weights (N_WARPS, 4·side²) of every warp: pixel p of a warped image is the
    sum of its four weights times the pixels at its four sources."""
    rows, columns = _coordinates(side, strength)
    low_row, low_column = np.floor(rows), np.floor(columns)
    down, right = rows - low_row, columns - low_column
    sources = np.empty((*rows.shape, 4), dtype=np.int32)
    weights = np.empty((*rows.shape, 4), dtype=np.float32)
    neighbours = [
        (low_row, low_column, (1 - down) * (1 - right)),
        (low_row, low_column + 1, (1 - down) * right),
        (low_row + 1, low_column, down * (1 - right)),
        (low_row + 1, low_column + 1, down * right),
    ]
    for k, (row, column, weight) in enumerate(neighbours):
        inside = (row >= 0) & (row < side) & (column >= 0) & (column < side)
        sources[..., k] = np.where(inside, row * side + column, 0)
        weights[..., k] = np.where(
            inside, weight, 0
        )  # nothing is drawn outside the image
    return sources.reshape(N_WARPS, -1), weights.reshape(N_WARPS, -1)


def _coordinates(side: int, strength: float) -> tuple[Array, Array]:
    """(N_WARPS, side²) rows and columns: where in the old image each new pixel comes from."""
    rng = np.random.default_rng(SEED)

    def uniform(largest: float) -> Array:
        return strength * rng.uniform(-largest, largest, size=N_WARPS)

    angle, scale, aspect, shear = (
        uniform(each) for each in (ROTATION, SCALE, ASPECT, SHEAR)
    )
    shift = np.stack((uniform(SHIFT), uniform(SHIFT))) * side / REFERENCE_SIDE
    across, down = np.exp(scale + aspect / 2), np.exp(scale - aspect / 2)
    cos, sin = np.cos(angle), np.sin(angle)
    middle = (side - 1) / 2
    y, x = np.indices((side, side)).reshape(2, 1, -1) - middle

    def each(value: Array) -> Array:
        return value[:, None]

    rows = each(down * cos) * y + each(down * sin) * x
    columns = each(across * cos) * x + each(across * (shear - sin)) * y
    bend = _elastic(side, strength, rng)
    rows += middle + each(shift[0]) + bend[0]
    columns += middle + each(shift[1]) + bend[1]
    return rows, columns


def _elastic(side: int, strength: float, rng: np.random.Generator) -> Array:
    """(2, N_WARPS, side²): random displacements at a coarse grid's knots, smooth in between."""
    deviation = strength * ELASTIC * side / REFERENCE_SIDE
    knots = rng.normal(0, deviation, size=(2, N_WARPS, KNOTS, KNOTS))
    between = ndimage.zoom(np.eye(KNOTS), (side / KNOTS, 1), order=3)  # (side, KNOTS)
    bend: Array = (between @ knots @ between.T).reshape(2, N_WARPS, -1)
    return bend
