"""A data set as a run's settings alter it: fewer, noisy or wrongly labeled training examples."""

from collections.abc import Hashable
from dataclasses import replace

from data.corruption import add_noise, shuffle_labels, subset
from data.dataset import Dataset, Splits
from playground.config import RunConfig
from playground.weak_cache import WeakCache

# What is alive: runs of the same settings, and the pages that show them, share one copy.
_corrupted: WeakCache[Hashable, Splits] = WeakCache("value")


def corrupted(data: Splits, config: RunConfig) -> Splits:
    """The same data with the training part corrupted as these settings say; the validation examples
    stay as they came. Noise is for images: points on the plane are made with theirs."""
    changes = config.subset, config.label_noise, config.noise
    if changes == (None, 0, 0):
        return data
    return _corrupted.get(
        (data, *changes, config.seed),
        lambda: replace(data, train=_corrupt(data.train, *changes, config.seed)),
    )


def _corrupt(train: Dataset, m: int | None, label_noise: float, noise: float, seed: int) -> Dataset:
    if m is not None:
        train = subset(train, m, seed=seed)
    if label_noise:
        train = shuffle_labels(train, label_noise, seed=seed)
    return add_noise(train, noise, seed=seed) if noise else train
