"""A cache of results for a network, dropped together with the network."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import RLock
from typing import Any, TypeVar

from netcore.network import Network
from playground.weak_cache import WeakCache

T = TypeVar("T")
MAX_KEPT = 16  # results of one network, those asked for last


class _Results:
    """The results for one network by key. One is computed at a time, and may ask for others."""

    def __init__(self) -> None:
        self._made: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = RLock()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        with self._lock:
            if key not in self._made:
                made = make()
                self._made[key] = made
            self._made.move_to_end(key)
            while len(self._made) > MAX_KEPT:
                self._made.popitem(last=False)
            return self._made[key]


_results: WeakCache[Network, _Results] = WeakCache("key")


def kept(network: Network, key: Hashable, make: Callable[[], T]) -> T:
    """The result of `make` for this key of this network, which must not change any more. The first
    caller computes it. The result must not refer to the network.
    """
    result: T = _results.get(network, _Results).get(key, make)
    return result
