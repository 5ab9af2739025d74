"""A cache of results for a network, dropped together with the network."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock, RLock
from typing import Any, TypeVar

from netcore.network import Network
from playground.weak_cache import WeakCache

T = TypeVar("T")
MAX_KEPT = 32  # results of one network, those asked for last


class _Result:
    """One result, made by the first who asks; others wait for it."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._made: list[Any] = []

    def get(self, make: Callable[[], Any]) -> Any:
        with self._lock:
            if not self._made:
                self._made.append(make())
            return self._made[0]


class _Results:
    """The results for one network by key. Making one may ask for others. A result that is being
    made in one thread does not keep another thread from another result.
    """

    def __init__(self) -> None:
        self._of: OrderedDict[Hashable, _Result] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        with self._lock:
            result = self._of.setdefault(key, _Result())
            self._of.move_to_end(key)
            while len(self._of) > MAX_KEPT:
                self._of.popitem(last=False)
        return result.get(make)


_results: WeakCache[Network, _Results] = WeakCache("key")


def kept(network: Network, key: Hashable, make: Callable[[], T]) -> T:
    """The result of `make` for this key of this network, which must not change any more. The first
    caller computes it. The result must not refer to the network.
    """
    result: T = _results.get(network, _Results).get(key, make)
    return result
