"""How alike images are: by where their edges lie and which way they run, not pixel by pixel.

A stroke drawn a pixel to the left is the same stroke. An image is therefore described by how much
edge of each direction it has around each of 7×7 places; what varies most among digits of one
class is then made to count least, since that is what tells no class from another.

Source: Dalal, Triggs, "Histograms of oriented gradients" (2005), with soft cells; Weinberger,
Saul, "Distance metric learning" (2009), section 2, for scaling by the spread within classes.
"""

from copy import copy

import numpy as np
from numpy.typing import NDArray

from data.dataset import Array, Dataset, joined

DIRECTIONS = 12
PLACES = 7  # along each side of the image
REACH = 0.5  # of the distance between two places: the standard deviation of what one sees
NUMBERS = 80  # of a description, after scaling
MOST = 5_000  # training images that are kept to compare with
NEIGHBORS = 3  # one of them may be odd itself
CHUNK = 256  # images described together: their arrays stay in the cache


def edges(X: Array, image_shape: tuple[int, int]) -> Array:
    """How much edge there is at each place in each direction; square roots, so that faint edges
    count as well.

    Shapes: X (n_x, m) -> (DIRECTIONS·PLACES², m)
    """
    height, width = image_shape
    rows, columns = _places(height), _places(width)
    described = [
        _edges(images.reshape(-1, height, width), rows, columns)
        for images in np.array_split(np.ascontiguousarray(X.T), -(-X.shape[1] // CHUNK))
    ]
    return np.concatenate(described).T


def _edges(images: Array, rows: Array, columns: Array) -> Array:
    framed = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    across, down = framed[:, :, 2:] - framed[:, :, :-2], framed[:, 2:] - framed[:, :-2]
    across = (across[:, :-2] + 2 * across[:, 1:-1] + across[:, 2:]) / 4
    down = (down[:, :, :-2] + 2 * down[:, :, 1:-1] + down[:, :, 2:]) / 4
    strength = np.hypot(across, down)
    direction = np.arctan2(down, across) * np.float32(DIRECTIONS / (2 * np.pi))
    low = np.floor(direction)
    between = direction - low  # an edge between two directions counts for both
    by_direction = np.zeros((len(images), DIRECTIONS, *images.shape[1:]), dtype=np.float32)
    for k, part in ((low, 1 - between), (low + 1, between)):
        index = k.astype(np.int8)[:, np.newaxis] % DIRECTIONS
        np.put_along_axis(by_direction, index, (strength * part)[:, np.newaxis], axis=1)
    found: Array = np.sqrt(rows @ by_direction @ columns.T)
    return found.reshape(len(images), -1)


def _places(side: int) -> Array:
    """(PLACES, side): how much each pixel of a side counts at each place."""
    middle = (np.arange(PLACES)[:, None] + 0.5) * side / PLACES - 0.5
    spread = REACH * side / PLACES
    weights = np.exp(-0.5 * ((np.arange(side) - middle) / spread) ** 2)
    scaled: Array = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    return scaled


class Similarity:
    """What training images look like, to compare others with. Where there are more than MOST of
    them, every so many is kept.

    known  the images that are kept
    """

    def __init__(self, train: Dataset) -> None:
        if train.m > MOST:
            train = train.take(np.linspace(0, train.m - 1, MOST).astype(int))
        assert train.image_shape is not None  # there is no similarity of points
        self.known = train
        self._image_shape: tuple[int, int] = train.image_shape
        found = edges(train.X, train.image_shape)
        self._mean = found.mean(axis=1, keepdims=True)
        self._scale = _scale_of_spread(found, train.labels, train.n_classes)
        self._described = self._scale @ (found - self._mean)

    def with_more(self, more: Dataset) -> "Similarity":
        """The same ways of looking, with more images known."""
        other = copy(self)
        other.known = joined(self.known, more)
        other._described = np.hstack([self._described, self.describe(more.X)])
        return other

    def describe(self, X: Array) -> Array:
        """(NUMBERS, m) of images X (n_x, m)."""
        described: Array = self._scale @ (edges(X, self._image_shape) - self._mean)
        return described

    def distances(self, X: Array) -> Array:
        """(m, known.m) from each image to every known one; two digits of a class are some 12
        apart."""
        described, known = self.describe(X), self._described
        squares = (described**2).sum(axis=0)[:, None] + (known**2).sum(axis=0)
        return np.sqrt(np.maximum(squares - 2 * described.T @ known, 0))

    def nearest(self, x: Array, n: int) -> Dataset:
        """The n known images most like this one, x (n_x, 1), the most alike first."""
        return self.known.take(np.argsort(self.distances(x)[0])[:n])

    def ood_score(self, X: Array) -> Array:
        """(n_classes, m): how far each image is from the NEIGHBORS of a class that are closest
        to it, on average; infinite for a class of which there is none."""
        distances = self.distances(X)
        odd = np.full((self.known.n_classes, X.shape[1]), np.inf, dtype=np.float32)
        for label in range(self.known.n_classes):
            of_class = distances[:, self.known.labels == label]
            if n := min(NEIGHBORS, of_class.shape[1]):
                odd[label] = np.partition(of_class, n - 1, axis=1)[:, :n].mean(axis=1)
        return odd


def _scale_of_spread(found: Array, labels: NDArray[np.integer], n_classes: int) -> Array:
    """(NUMBERS, n): the ways in which images of one class differ most, each scaled so that they
    spread by 1 along it."""
    apart = found.copy()
    for label in range(n_classes):
        members = labels == label
        if members.any():
            apart[:, members] -= found[:, members].mean(axis=1, keepdims=True)
    values, vectors = np.linalg.eigh(apart @ apart.T / apart.shape[1])
    most = slice(None, -NUMBERS - 1, -1)  # eigh sorts upwards
    spread = np.sqrt(np.maximum(values[most], 1e-6))
    scaled: Array = (vectors[:, most] / spread).T
    return scaled
