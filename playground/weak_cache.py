"""A cache that does not keep its values alive longer than they are of use."""

from collections.abc import Callable, Hashable, MutableMapping
from threading import Lock
from typing import Any, Generic, Literal, TypeVar
from weakref import WeakKeyDictionary, WeakValueDictionary

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class WeakCache(Generic[K, V]):
    """Values by key. Each is made once, by the first thread that asks.

    lives_with  "key": a value is dropped with its key, to which it must not refer itself;
                "value": it is dropped when nothing else refers to it, and keeps its key until then
    """

    def __init__(self, lives_with: Literal["key", "value"]) -> None:
        self._made: MutableMapping[K, Any] = (
            WeakKeyDictionary() if lives_with == "key" else WeakValueDictionary()
        )
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._made)

    def get(self, key: K, make: Callable[[], V]) -> V:
        """The value of this key, which is made if there is none. Other threads that ask for it
        wait.
        """
        with self._lock:
            value: V | None = self._made.get(key)
            if value is None:
                value = self._made[key] = make()
            return value
