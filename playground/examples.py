"""The examples that a run learns from and is tested on: its data set, as its settings alter it."""

from collections.abc import Hashable
from dataclasses import replace
from threading import Lock
from weakref import WeakValueDictionary

from data import catalog
from data.alterations import add_noise, shuffle_labels, subset
from data.dataset import Splits
from playground.config import RunConfig

# What is alive: runs of the same settings, and the pages that show them, share one copy.
_altered: WeakValueDictionary[Hashable, Splits] = WeakValueDictionary()
_lock = Lock()


def load_data(config: RunConfig) -> Splits:
    """The data of these settings. What is altered are the examples to train on: the held-out
    ones stay as they came.

    Raises DataError where the data set is missing or malformed.
    """
    data = catalog.load(config.dataset)
    if config.subset is None and not config.shuffled_labels and not config.noise:
        return data
    key = (data, config.subset, config.shuffled_labels, config.noise, config.seed)
    with _lock:
        altered = _altered.get(key)
        if altered is None:
            altered = _altered[key] = _alter(data, config)
        return altered


def _alter(data: Splits, config: RunConfig) -> Splits:
    train = data.train
    if config.subset is not None:
        train = subset(train, config.subset, seed=config.seed)
    if config.shuffled_labels:
        train = shuffle_labels(train, config.shuffled_labels, seed=config.seed)
    if config.noise and train.image_shape is not None:
        train = add_noise(train, config.noise, seed=config.seed)
    return replace(data, train=train)
