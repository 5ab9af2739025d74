"""A summary of a data set: the number of examples in each class, mean images, pixel histogram."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.dataset import Array, Dataset, Splits, one_hot
from playground.weak_cache import WeakCache

LEVELS = 32  # bars of the pixel histogram
CHUNK = 4096  # images processed at a time


@dataclass(frozen=True, eq=False)
class DatasetSummary:
    """Statistics of the training and the validation set.

    counts, validation_counts  (n_classes,) examples in each class
    means   (n_classes, height, width) mean training image of each class; 0 for a class without
            images
    pixels  (LEVELS,) histogram of the training pixels from 0 to 1
    """

    counts: NDArray[np.integer]
    validation_counts: NDArray[np.integer]
    means: Array
    pixels: NDArray[np.integer]


_summaries: WeakCache[Splits, DatasetSummary] = WeakCache("key")


def dataset_summary(data: Splits) -> DatasetSummary:
    """The summary of a data set of images, cached as long as the data set is in memory."""
    return _summaries.get(data, lambda: _summary(data))


def _summary(data: Splits) -> DatasetSummary:
    return DatasetSummary(
        counts=_counts(data.train),
        validation_counts=_counts(data.validation),
        means=class_means(data.train),
        pixels=pixel_histogram(data.train.X),
    )


def class_means(dataset: Dataset) -> Array:
    """(n_classes, height, width): the mean image of each class."""
    assert dataset.image_shape is not None
    Y = one_hot(dataset.labels, dataset.n_classes)
    means = (Y @ dataset.X.T) / np.maximum(_counts(dataset), 1)[:, None]
    return means.reshape(-1, *dataset.image_shape)


def pixel_histogram(X: Array) -> NDArray[np.integer]:
    """The histogram (LEVELS,) of pixels from 0 to 1, with bins of equal width.

    >>> pixel_histogram(np.array([[0.0, 0.01, 1.0]]))[[0, 1, -1]]
    array([2, 0, 1])
    """
    counts = np.zeros(LEVELS, dtype=np.int64)
    for start in range(0, X.shape[1], CHUNK):
        levels = (X[:, start : start + CHUNK] * LEVELS).astype(np.uint8)
        np.minimum(levels, LEVELS - 1, out=levels)
        counts += np.bincount(levels.ravel(order="K"), minlength=LEVELS)
    return counts


def first_of_each_class(dataset: Dataset, n: int, start: int = 0) -> NDArray[np.integer]:
    """The column indices of n examples of each class, class by class, skipping the first `start` of
    each; fewer at the end of a class.
    """
    found = [np.flatnonzero(dataset.labels == label) for label in range(dataset.n_classes)]
    return np.concatenate([members[start : start + n] for members in found])


def some_of_each_class(dataset: Dataset, n: int) -> NDArray[np.integer]:
    """The column indices of about n examples, sorted by class: equally many of each class, except
    of classes that have too few.
    """
    rounds = -(-n // dataset.n_classes)  # each round takes one example of every class
    taken = [first_of_each_class(dataset, 1, start) for start in range(rounds)]
    chosen = np.concatenate(taken)[: max(n, dataset.n_classes)]
    return chosen[np.argsort(dataset.labels[chosen], kind="stable")]


def _counts(dataset: Dataset) -> NDArray[np.integer]:
    return np.bincount(dataset.labels, minlength=dataset.n_classes)
