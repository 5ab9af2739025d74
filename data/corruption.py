"""Corruption of training data: fewer examples, label noise or pixel noise, to see the effect; and
corrections, by which single examples are left out or relabeled.

All randomness comes from a seed: equal settings give equal examples.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from data.dataset import DataError, Dataset, split

CHUNK = 4096  # examples that get their noise at a time, which bounds the memory it takes


def subset(dataset: Dataset, m: int, *, seed: int) -> Dataset:
    """m of the examples, with the same share of every class, or all if there are no more than m.

    For one seed, a smaller subset is part of every larger one.
    """
    return dataset if m >= dataset.m else split(dataset, m, seed=seed).validation


def shuffle_labels(dataset: Dataset, share: float, *, seed: int) -> Dataset:
    """The same examples, with the labels (for regression: the values) of a random share of them
    permuted among themselves.

    So every class keeps its number of examples, and some examples get their own label back.
    """
    rng = np.random.default_rng((seed, 1))
    chosen = rng.permutation(dataset.m)[: round(share * dataset.m)]
    givers = rng.permutation(chosen)
    if dataset.values is not None:
        values = dataset.values.copy()
        values[chosen] = values[givers]
        return replace(dataset, values=values)
    labels = dataset.labels.copy()
    labels[chosen] = labels[givers]
    return replace(dataset, labels=labels, true_labels=dataset.labels)


def add_noise(dataset: Dataset, deviation: float, *, seed: int) -> Dataset:
    """The same images with normal noise added to every pixel, clipped to 0 … 1.

    deviation  the standard deviation of the noise; 1 is the distance from black to white

    Memory: a copy of X.
    """
    rng = np.random.default_rng((seed, 2))
    rows = np.empty_like(dataset.X.T)
    for start in range(0, dataset.m, CHUNK):
        part = rows[start : start + CHUNK]
        rng.standard_normal(out=part, dtype=np.float32)
        part *= np.float32(deviation)
        part += dataset.X.T[start : start + CHUNK]
        np.clip(part, 0, 1, out=part)
    return replace(dataset, X=rows.T)


def correct(dataset: Dataset, corrections: Mapping[int, int | None]) -> Dataset:
    """The examples without those whose correction is None, and with the other labels given.

    Raises DataError if there is no such example or label, or if nothing would be left.
    """
    labels = dataset.labels.copy()
    for number, label in corrections.items():
        if number >= dataset.m:
            raise DataError(
                f"There is no training example {number:,} to correct: {dataset.name} has "
                f"{dataset.m:,}, counted from 0."
            )
        if label is not None:
            if label >= dataset.n_classes:
                raise DataError(
                    f"There is no class {label} to relabel an example of {dataset.name}: its "
                    f"classes are 0 to {dataset.n_classes - 1}."
                )
            labels[number] = label
    stay = numbers_left(dataset.m, corrections)
    if not len(stay):
        raise DataError(f"All {dataset.m:,} training examples are left out: keep at least one.")
    corrected = replace(dataset, labels=labels)
    return corrected if len(stay) == dataset.m else corrected.take(stay)  # which copies X


def numbers_left(m: int, corrections: Mapping[int, int | None]) -> NDArray[np.integer]:
    """Which of m examples stay after the corrections, by the number that each had before.

    >>> numbers_left(5, {1: None, 3: 7})
    array([0, 2, 3, 4])
    """
    return np.delete(np.arange(m), [n for n, label in corrections.items() if label is None])
