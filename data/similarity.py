"""Similarity of images by HOG features: histograms of the directions of edges, not single pixels.

A stroke drawn a pixel to the left is still the same stroke. So an image is described by the amount
of edge in each direction around each of 7×7 cells. Then these features are whitened by their spread
within classes: directions in which images of one class differ much count least.

Source: Dalal, Triggs, "Histograms of oriented gradients" (2005), with soft cells; Weinberger,
Saul, "Distance metric learning" (2009), section 2, for scaling by the spread within classes.
"""

from copy import copy

import numpy as np
from numpy.typing import NDArray

from data.dataset import Array, Dataset, joined

DIRECTIONS = 12
CELLS = 7  # cells along each side of the image
CELL_SPREAD = 0.5  # standard deviation of a soft cell, in units of the distance between cells
N_FEATURES = 80  # features of an image after whitening
MAX_KNOWN = 5_000  # training images to compare with, at most
NEIGHBORS = 3  # nearest training images that are averaged: a single one may be atypical
CHUNK = 256  # images processed at a time, so that their arrays stay in the processor's cache


def edges(X: Array, image_shape: tuple[int, int]) -> Array:
    """HOG features: the amount of edge in each cell and direction. The square root makes faint
    edges count as well.

    Shapes: X (n_x, m) -> (DIRECTIONS·CELLS², m)
    """
    height, width = image_shape
    rows, columns = _cells(height), _cells(width)
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
    between = direction - low  # an edge between two directions is shared between both
    by_direction = np.zeros((len(images), DIRECTIONS, *images.shape[1:]), dtype=np.float32)
    for k, part in ((low, 1 - between), (low + 1, between)):
        index = k.astype(np.int8)[:, np.newaxis] % DIRECTIONS
        np.put_along_axis(by_direction, index, (strength * part)[:, np.newaxis], axis=1)
    found: Array = np.sqrt(rows @ by_direction @ columns.T)
    return found.reshape(len(images), -1)


def _cells(side: int) -> Array:
    """(CELLS, side): the weight of each pixel along one side in each cell."""
    middle = (np.arange(CELLS)[:, None] + 0.5) * side / CELLS - 0.5
    spread = CELL_SPREAD * side / CELLS
    weights = np.exp(-0.5 * ((np.arange(side) - middle) / spread) ** 2)
    scaled: Array = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    return scaled


class Similarity:
    """Compares images with training images. If there are more than MAX_KNOWN training images, it
    takes an even selection of them.

    known  the training images it compares with
    """

    def __init__(self, train: Dataset) -> None:
        if train.m > MAX_KNOWN:
            train = train.take(np.linspace(0, train.m - 1, MAX_KNOWN).astype(int))
        assert train.image_shape is not None  # images only, not points
        self.known = train
        self._image_shape: tuple[int, int] = train.image_shape
        found = edges(train.X, train.image_shape)
        self._mean = found.mean(axis=1, keepdims=True)
        self._scale = _scale_of_spread(found, train.labels, train.n_classes)
        self._described = self._scale @ (found - self._mean)

    def with_more(self, more: Dataset) -> "Similarity":
        """A copy that compares with more images, with the whitening unchanged."""
        other = copy(self)
        other.known = joined(self.known, more)
        other._described = np.hstack([self._described, self.describe(more.X)])
        return other

    def describe(self, X: Array) -> Array:
        """The whitened features (N_FEATURES, m) of images X (n_x, m)."""
        described: Array = self._scale @ (edges(X, self._image_shape) - self._mean)
        return described

    def distances(self, X: Array) -> Array:
        """The distance (m, known.m) from each image to each known one. Two digits of one class are
        about 12 apart.
        """
        described, known = self.describe(X), self._described
        squares = (described**2).sum(axis=0)[:, None] + (known**2).sum(axis=0)
        return np.sqrt(np.maximum(squares - 2 * described.T @ known, 0))

    def nearest(self, x: Array, n: int) -> Dataset:
        """The n known images that are most similar to x (n_x, 1), the most similar first."""
        return self.known.take(np.argsort(self.distances(x)[0])[:n])

    def ood_score(self, X: Array) -> Array:
        """The out-of-distribution score (n_classes, m): the mean distance from each image to its
        NEIGHBORS nearest images of each class; infinite for a class without images.
        """
        distances = self.distances(X)
        score = np.full((self.known.n_classes, X.shape[1]), np.inf, dtype=np.float32)
        for label in range(self.known.n_classes):
            of_class = distances[:, self.known.labels == label]
            if n := min(NEIGHBORS, of_class.shape[1]):
                score[label] = np.partition(of_class, n - 1, axis=1)[:, :n].mean(axis=1)
        return score


def _scale_of_spread(found: Array, labels: NDArray[np.integer], n_classes: int) -> Array:
    """The whitening matrix (N_FEATURES, n): the directions in which images of one class differ
    most, each scaled to a standard deviation of 1.
    """
    deviations = found.copy()  # from the mean of the class
    for label in range(n_classes):
        members = labels == label
        if members.any():
            deviations[:, members] -= found[:, members].mean(axis=1, keepdims=True)
    values, vectors = np.linalg.eigh(deviations @ deviations.T / deviations.shape[1])
    largest = slice(None, -N_FEATURES - 1, -1)  # eigh sorts eigenvalues in ascending order
    spread = np.sqrt(np.maximum(values[largest], 1e-6))
    scaled: Array = (vectors[:, largest] / spread).T
    return scaled
