"""A cache that keeps nothing alive: what was made once is shared for as long as it is of use."""

from collections.abc import Callable, Hashable, MutableMapping
from threading import Lock
from typing import Any, Generic, Literal, TypeVar
from weakref import WeakKeyDictionary, WeakValueDictionary

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class WeakCache(Generic[K, V]):
    """Values by the keys that they were made for, each made once, by the first who asks.

    lives_with  "key": a value goes with its key, which it must not hold itself;
                "value": it goes when nobody else holds it, and until then it holds its key
    """

    def __init__(self, lives_with: Literal["key", "value"]) -> None:
        self._made: MutableMapping[K, Any] = (
            WeakKeyDictionary() if lives_with == "key" else WeakValueDictionary()
        )
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._made)

    def get(self, key: K, make: Callable[[], V]) -> V:
        """The value of this key, made where there is none; others who ask wait for it."""
        with self._lock:
            value: V | None = self._made.get(key)
            if value is None:
                value = self._made[key] = make()
            return value
