"""A cache of results for networks: each goes with its network, and all are bounded in bytes."""

import sys
from collections.abc import Callable, Hashable, Iterable
from itertools import count
from threading import Lock, RLock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import numpy as np

from data.dataset import Dataset
from netcore.network import Network

T = TypeVar("T")
BUDGET = 128 * 2**20  # bytes of all results of this server; the largest of MNIST are 32 MB


class _Result:
    """One result, made by the first who asks; others wait for it.

    used  a number that is higher the later the result was asked for
    """

    def __init__(self) -> None:
        self._lock = RLock()
        self.made: list[Any] = []
        self.used = 0

    def get(self, make: Callable[[], Any]) -> Any:
        with self._lock:
            if not self.made:
                self.made.append(make())
            return self.made[0]


class Results:
    """Results by network and key. Making one may ask for others. A result that is being made in one
    thread does not keep another thread from another result. When one has been made, and all
    together exceed the budget, those that nobody has asked for longest are dropped.
    """

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._of: WeakKeyDictionary[Network, dict[Hashable, _Result]] = WeakKeyDictionary()
        self._clock = count(1)
        self._lock = Lock()

    def get(self, network: Network, key: Hashable, make: Callable[[], T]) -> T:
        """The result for this key of this network, made by `make` if there is none."""
        with self._lock:
            result = self._of.setdefault(network, {}).setdefault(key, _Result())
            result.used = next(self._clock)
            is_new = not result.made
        found: T = result.get(make)
        if is_new:
            self._drop_oldest()
        return found

    def _drop_oldest(self) -> None:
        """Measures all of them: some grow, such as the result of a thread that has just ended."""
        with self._lock:
            latest_first = sorted(
                ((result, key, of) for of in self._of.values() for key, result in of.items()),
                key=lambda each: -each[0].used,
            )
            n_bytes, known = 0, set[int]()
            for result, key, of in latest_first:
                n_bytes += size_of(key, known) + size_of(result.made, known)
                if n_bytes > self._budget:
                    del of[key]


def size_of(value: object, known: set[int]) -> int:
    """The bytes of an object and all that it contains, but not of data sets, which belong to runs.

    known  the ids of the objects that were counted before, to which this adds; they must stay alive
    """
    if id(value) in known or isinstance(value, Dataset):
        return 0
    known.add(id(value))
    if isinstance(value, np.ndarray):
        return value.nbytes
    inside: Iterable[object] = value if isinstance(value, list | tuple) else ()
    if isinstance(attributes := getattr(value, "__dict__", value), dict):
        inside = list(attributes.values())  # a copy: another thread may add to it
    return sys.getsizeof(value) + sum(size_of(each, known) for each in inside)


_results = Results(BUDGET)


def kept(network: Network, key: Hashable, make: Callable[[], T]) -> T:
    """The result of `make` for this key of this network, which must not change any more. The first
    caller computes it. The result must not refer to the network.
    """
    return _results.get(network, key, make)
