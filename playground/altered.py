"""A data set as a run's settings alter it: fewer, noisy or wrongly labelled training examples."""

from collections.abc import Hashable
from dataclasses import replace

from data.alterations import add_noise, shuffle_labels, subset
from data.dataset import Dataset, Splits
from playground.config import RunConfig
from playground.weak_cache import WeakCache

# What is alive: runs of the same settings, and the pages that show them, share one copy.
_altered: WeakCache[Hashable, Splits] = WeakCache("value")


def altered(data: Splits, config: RunConfig) -> Splits:
    """The same data with the training part altered as these settings say; the held-out examples
    stay as they came. Noise is for images: points on the plane are made with theirs."""
    changes = config.subset, config.shuffled_labels, config.noise
    if changes == (None, 0, 0):
        return data
    return _altered.get(
        (data, *changes, config.seed),
        lambda: replace(data, train=_alter(data.train, *changes, config.seed)),
    )


def _alter(
    train: Dataset, m: int | None, shuffled_labels: float, noise: float, seed: int
) -> Dataset:
    if m is not None:
        train = subset(train, m, seed=seed)
    if shuffled_labels:
        train = shuffle_labels(train, shuffled_labels, seed=seed)
    return add_noise(train, noise, seed=seed) if noise else train
