"""Data augmentation: small random warps of a batch of images, as fast as a training step.

A warp gives, for every pixel of the new image, four neighboring pixels of the old image and
their weights. A bank of warps is drawn once, and each image of a batch takes one of them at
random. So a warp is a sparse matrix, and warping a batch is one sparse product.

Source: Simard, Steinkraus, Platt, "Best practices for convolutional neural networks" (2003).
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, sparse

from data.dataset import Array

N_WARPS = 256
BANK_SEED = 0  # all runs use the same warps, so that a resumed run continues unchanged
CHUNK = 128  # images warped at a time, so few that they fit into the processor's cache

# The largest changes at strength 1; lengths are in pixels of a 28×28 image. They were chosen by
# validation accuracy on 10,000 MNIST training images that the app does not use, and on drawings
# of pen strokes. Much more elasticity, scaling or rotation lowers the accuracy on drawings.
ROTATION = np.radians(10)
SCALE = 0.1
ASPECT = 0.4
SHEAR = 0.3
SHIFT = 1.5
ELASTIC = 0.4  # standard deviation of the displacement at each knot of a KNOTS×KNOTS grid
KNOTS = 5
THICKNESS = 0.5  # share of a stroke's soft edge (about one pixel wide) by which the edge moves

REFERENCE_SIDE = 28


class Augmentation:
    """Warps every image of a batch by a random one of a bank of warps.

    strength  0 leaves images unchanged, 1 is the default chosen by measurement, 2 is twice as much

    It keeps nothing between two calls, and may be called from several threads.
    """

    def __init__(self, image_shape: tuple[int, int], strength: float) -> None:
        if not 0 <= strength < np.inf:
            raise ValueError(f"augmentation strength is {strength}: give a number from 0 upwards.")
        self.image_shape = image_shape
        self.strength = float(strength)
        self._sources, self._weights = warp_bank(image_shape, self.strength)

    def __call__(self, X: Array, *, rng: np.random.Generator) -> Array:
        """Warped copies of a batch of images. All randomness comes from `rng`.

        Shapes: X and the result are (n_x, m), float32 in Fortran order; the result is X itself at
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
        """Warp up to CHUNK images, given as rows (k, n_x), each by its chosen warp."""
        k, n_x = images.shape
        unused = _unused_matrices(n_x, k)
        try:
            matrix = unused.pop()
        except IndexError:
            matrix = _block_diagonal(n_x, k)
        columns, weights = matrix.indices.reshape(k, -1), matrix.data.reshape(k, -1)
        np.take(self._sources, chosen, axis=0, out=columns, mode="clip")
        columns += (
            n_x * np.arange(k, dtype=np.int32)[:, None]
        )  # image i's pixels begin at column i·n_x
        np.take(self._weights, chosen, axis=0, out=weights, mode="clip")
        warped: Array = (matrix @ images.ravel()).reshape(k, n_x)
        unused.append(matrix)
        _change_thickness(warped, thickness.astype(np.float32))
        return warped


@lru_cache(maxsize=4)
def _unused_matrices(n_x: int, k: int) -> list[sparse.csr_array]:
    """Matrices for k images that no thread works in. They take megabytes, so all runs share them:
    there are never more than as many as compute at once.
    """
    return []


def _block_diagonal(n_x: int, k: int) -> sparse.csr_array:
    """The sparse matrix that warps k images at once, with four entries in each row. Their values
    are filled in later.
    """
    size = n_x * k
    entries = np.zeros(4 * size, dtype=np.float32), np.zeros(4 * size, dtype=np.int32)
    return sparse.csr_array(
        (*entries, np.arange(0, 4 * size + 1, 4, dtype=np.int32)), shape=(size, size)
    )


def _change_thickness(images: Array, change: Array) -> None:
    """Make the strokes of each image thicker (change > 0) or thinner, in place.

    A stroke's edge is a ramp from 0 to 1. A steeper ramp that reaches 1 earlier moves the edge
    outwards, and one that leaves 0 later moves it inwards.
    """
    images *= (1 + np.abs(change))[:, None]
    images += np.minimum(change, 0)[:, None]
    np.clip(images, 0, 1, out=images)


@lru_cache(maxsize=4)
def warp_bank(image_shape: tuple[int, int], strength: float) -> tuple[NDArray[np.int32], Array]:
    """The sources and weights (N_WARPS, 4·n_x) of all warps: pixel p of a warped image is the sum
    of the pixels at its four sources, each times its weight.
    """
    height, width = image_shape
    rows, columns = coordinates(height, width, strength)
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
        weights[..., k] = np.where(inside, weight, 0)  # pixels outside the image are 0
    sources, weights = sources.reshape(N_WARPS, -1), weights.reshape(N_WARPS, -1)
    sources.flags.writeable = weights.flags.writeable = False  # cached and shared by all runs
    return sources, weights


def coordinates(height: int, width: int, strength: float) -> tuple[Array, Array]:
    """The rows and columns (N_WARPS, n_x) of the old image from which each new pixel is taken."""
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
    """Smooth random displacements (N_WARPS, n_x): drawn at the knots of a coarse grid and
    interpolated in between.
    """
    knots = strength * rng.normal(0, ELASTIC, size=(N_WARPS, KNOTS, KNOTS))
    bend: Array = _between_knots(height) @ knots @ _between_knots(width).T
    return bend.reshape(N_WARPS, -1)


def _between_knots(side: int) -> Array:
    """The interpolation matrix (side, KNOTS): a smooth curve through the values at the knots."""
    matrix: Array = ndimage.zoom(np.eye(KNOTS), (side / KNOTS, 1), order=3)
    return matrix
