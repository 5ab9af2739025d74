"""The data set of a run after its settings are applied: a subset, label noise or pixel noise, added
digit forms, and corrections by hand.
"""

from collections.abc import Callable, Hashable
from dataclasses import replace

from data.corruption import add_noise, correct, shuffle_labels, subset
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
    Corrections come last: they are of the examples as a person saw them.
    Raises DataError if digit forms cannot be added to these images, or if there is no such example
    or label to correct.
    """
    # Examples first, noise second, each with its own cache entry: noise is changed more often.
    # A key has the settings that its result depends on, and no others.
    key: tuple[Hashable, ...] = (
        data,
        config.subset,
        config.seed if config.subset is not None else None,
        config.task if config.has_forms else None,
    )
    if config.subset is not None or config.has_forms:
        data = _cached(key, data, lambda train: _choose_examples(train, config))
    if config.label_noise or config.noise:
        key = (*key, config.label_noise, config.noise, config.seed)
        data = _cached(key, data, lambda train: _add_noise(train, config))
    if config.corrections:
        key = (*key, config.corrections)
        data = _cached(key, data, lambda train: correct(train, dict(config.corrections)))
    return data


def _cached(key: Hashable, data: Splits, corrupt: Callable[[Dataset], Dataset]) -> Splits:
    return _corrupted.get(key, lambda: replace(data, train=corrupt(data.train)))


def _choose_examples(train: Dataset, config: RunConfig) -> Dataset:
    if config.subset is not None:
        train = subset(train, config.subset, seed=config.seed)
    return with_forms(train, config.task) if config.has_forms else train


def _add_noise(train: Dataset, config: RunConfig) -> Dataset:
    if config.label_noise:
        train = shuffle_labels(train, config.label_noise, seed=config.seed)
    return add_noise(train, config.noise, seed=config.seed) if config.noise else train
