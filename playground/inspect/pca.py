"""Principal component analysis: the two directions of largest variance. Exact, by SVD or by the
eigenvectors of the covariance, whichever is smaller.
"""

from dataclasses import dataclass

import numpy as np

from data.dataset import Dataset
from netcore.array import Array
from playground.weak_cache import WeakCache


@dataclass(frozen=True, eq=False)
class Axes:
    """mean (n, 1), components (2, n) of length 1, and the share of the variance along each (2,)."""

    mean: Array
    components: Array
    explained: Array

    def project(self, M: Array) -> Array:
        """The coordinates (2, m) of columns M (n, m) on these axes."""
        return self.components @ (M - self.mean)


_of_pixels: WeakCache[Dataset, Axes] = WeakCache("key")


def pixel_axes(dataset: Dataset, m: int) -> Axes:
    """Of a data set's first m examples themselves: the same for every network, and found once."""
    return _of_pixels.get(dataset, lambda: principal_axes(dataset.X[:, :m]))


def principal_axes(M: Array) -> Axes:
    """The principal axes of columns M (n, m). The sign of an axis is chosen so that its largest
    entry is positive.

    Source: Pearson, "On lines and planes of closest fit to systems of points in space" (1901)
    """
    M = M.astype(float)
    mean = M.mean(axis=1, keepdims=True)
    C = M - mean
    n, m = C.shape
    gram = C @ C.T if n <= m else C.T @ C
    values, vectors = np.linalg.eigh(gram)  # eigh sorts in ascending order
    values, vectors = np.maximum(values[::-1][:2], 0), vectors[:, ::-1][:, :2]
    if n > m:  # from the small matrix's eigenvectors to those of the large one
        vectors = C @ vectors
    if vectors.shape[1] < 2:  # a single unit, or a single example
        vectors = np.pad(vectors, ((0, 0), (0, 2 - vectors.shape[1])))
        values = np.pad(values, (0, 2 - len(values)))
    components = (vectors / np.maximum(np.linalg.norm(vectors, axis=0), 1e-12)).T
    largest = np.take_along_axis(components, np.abs(components).argmax(axis=1)[:, None], axis=1)
    components = components * np.where(largest < 0, -1, 1)
    return Axes(mean, components, values / max(float(np.sum(C**2)), 1e-12))
