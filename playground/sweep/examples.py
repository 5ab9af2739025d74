"""The examples of a sweep's runs, here and on the workers."""

import time
from collections import OrderedDict
from dataclasses import fields, replace
from threading import Lock
from typing import Any

import numpy as np

from data.dataset import Dataset, Splits
from playground.config import RunConfig
from playground.run_data import is_plane, load_data

MOMENT = 0.2  # seconds
SENDING = 5.0  # seconds for which sending waits for a worker
MAX_HELD = 8  # different examples that are held at once
DATA_SETTINGS = (
    *("dataset", "task", "digit_forms", "points", "classes", "validation_fraction", "placed"),
    *("inputs", "subset", "label_noise", "noise", "corrections"),
)


def data_key(config: RunConfig) -> tuple[object, ...]:
    """Equal for runs on the same examples."""
    random = is_plane(config) or config.subset or config.label_noise or config.noise
    values = [getattr(config, name) for name in DATA_SETTINGS]
    return (*values, config.seed if random else None)


class Examples:
    """Makes the examples of equal settings once, and sends them to the workers once, unless they
    are lost.
    """

    def __init__(self) -> None:
        self._here: OrderedDict[object, Splits] = OrderedDict()
        self._there: OrderedDict[object, Any] = OrderedDict()
        self._lock = Lock()

    def of(self, config: RunConfig) -> Splits:
        """Raises DataError."""
        key = data_key(config)
        with self._lock:
            if key not in self._here:
                self._here[key] = load_data(config)
            _use(self._here, key)
            return self._here[key]

    def on_workers(self, config: RunConfig, client: Any) -> Any:
        """A future of the examples; None if there are no workers at the moment."""
        key = data_key(config)
        there = self._there.get(key)
        if there is None or there.status != "finished":  # the only worker that had it has ended
            try:
                if not _has_workers(client):
                    return None
                self._there[key] = client.scatter(self.of(config), hash=False, timeout=SENDING)
            except (OSError, TimeoutError):  # the worker has ended meanwhile, or the scheduler
                return None
        _use(self._there, key)
        return self._there[key]


def aligned(data: Splits) -> Splits:
    """The same examples, at addresses that are multiples of an entry's size. Those of a message
    begin anywhere, and NumPy multiplies unaligned matrices in another way, with other rounding.
    """
    return replace(data, train=_aligned(data.train), validation=_aligned(data.validation))


def _aligned(part: Dataset) -> Dataset:
    held = [each for each in vars(part).values() if isinstance(each, np.ndarray)]
    if all(array.flags.aligned for array in held):
        return part
    values: dict[str, Any] = {each.name: getattr(part, each.name) for each in fields(part)}
    for name, value in values.items():
        if isinstance(value, np.ndarray):
            values[name] = np.require(value, requirements="A")
    return replace(part, **values)


def _has_workers(client: Any) -> bool:
    """Whether there are workers within a moment."""
    deadline = time.monotonic() + MOMENT
    while not client.nthreads():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def _use(known: OrderedDict[object, Any], key: object) -> None:
    """Drop those that were not used for long."""
    known.move_to_end(key)
    while len(known) > MAX_HELD:
        known.popitem(last=False)
