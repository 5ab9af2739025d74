"""Training examples made fewer, noisier or wrongly labeled, to see what a network makes of it.

What is drawn at random comes from a seed alone: the same settings, the same examples.
"""

from dataclasses import replace

import numpy as np

from data.dataset import Dataset, split

CHUNK = 4096  # examples that get their noise together: more would only take memory


def subset(dataset: Dataset, m: int, *, seed: int) -> Dataset:
    """m of the examples, the same share of every class; all of them where there are no more.

    A smaller subset of the same seed is a part of a larger one.
    """
    return dataset if m >= dataset.m else split(dataset, m, seed=seed).validation


def shuffle_labels(dataset: Dataset, share: float, *, seed: int) -> Dataset:
    """The same examples; this share of them, chosen at random, exchange their labels, or in a
    regression their values.

    So every class keeps its number of examples, and some get back the label they had.
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
    """The same images with normal noise in every pixel, which stays within 0 … 1.

    deviation  of the noise: its standard deviation, where 1 is from black to white

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
