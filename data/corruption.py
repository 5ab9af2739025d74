"""Corruption of training data: fewer examples, label noise or pixel noise, to see the effect.

All randomness comes from a seed: equal settings give equal examples.
"""

from dataclasses import replace

import numpy as np

from data.dataset import Dataset, split

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
