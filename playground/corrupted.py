"""The data set of a run after its settings are applied: a subset, label noise or pixel noise, and
added digit forms.
"""

from collections.abc import Callable, Hashable
from dataclasses import replace

from data.corruption import add_noise, shuffle_labels, subset
from data.dataset import Dataset, Splits
from data.form_images import with_forms
from playground.config import RunConfig
from playground.weak_cache import WeakCache

# Runs with the same settings, and the pages that show them, share one copy of the data.
_corrupted: WeakCache[Hashable, Splits] = WeakCache("value")


def corrupted(data: Splits, config: RunConfig) -> Splits:
    """The same data with the training set corrupted as the settings say. The validation set is
    unchanged. Noise here is for images: points on the plane are generated with theirs.

    The subset is taken of the original examples, and the digit forms are added afterwards.
    Raises DataError if digit forms cannot be added to these images.
    """
    chosen = config.subset, config.has_forms and config.task
    key: tuple[Hashable, ...] = (data, *chosen, config.subset and config.seed)
    if chosen != (None, False):
        data = _once(key, data, lambda train: _choose(train, config))
    changes = config.label_noise, config.noise
    if changes != (0, 0):
        key = (*key, *changes, config.seed)
        data = _once(key, data, lambda train: _change(train, config))
    return data


def _once(key: Hashable, data: Splits, alter: Callable[[Dataset], Dataset]) -> Splits:
    return _corrupted.get(key, lambda: replace(data, train=alter(data.train)))


def _choose(train: Dataset, config: RunConfig) -> Dataset:
    if config.subset is not None:
        train = subset(train, config.subset, seed=config.seed)
    return with_forms(train, config.task) if config.has_forms else train


def _change(train: Dataset, config: RunConfig) -> Dataset:
    if config.label_noise:
        train = shuffle_labels(train, config.label_noise, seed=config.seed)
    return add_noise(train, config.noise, seed=config.seed) if config.noise else train
