"""A value is made once and shared, and goes with its key or with the last who holds it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from playground.weak_cache import WeakCache


class Thing:
    """What can be a key, and a value."""


@pytest.mark.parametrize("lives_with", ["key", "value"])
def test_a_value_is_made_once_whoever_asks_at_the_same_time(lives_with: str) -> None:
    cache: WeakCache[Thing, Thing] = WeakCache(lives_with)  # type: ignore[arg-type]
    key, made, start = Thing(), [], Barrier(8)

    def make() -> Thing:
        made.append(Thing())
        return made[-1]

    def ask(_: int) -> Thing:
        start.wait()
        return cache.get(key, make)

    with ThreadPoolExecutor(8) as threads:
        got = list(threads.map(ask, range(8)))
    assert len(made) == 1
    assert set(got) == set(made)


def test_a_value_goes_with_its_key() -> None:
    cache: WeakCache[Thing, Thing] = WeakCache("key")
    key, other = Thing(), Thing()
    value = cache.get(key, Thing)
    assert cache.get(other, Thing) is not value
    assert cache.get(key, Thing) is value
    del key
    assert len(cache) == 1


def test_a_value_that_lives_by_itself_holds_its_key() -> None:
    """So that one who makes the same key again finds it: the key may come from another cache."""
    keys: WeakCache[str, Thing] = WeakCache("value")
    values: WeakCache[Thing, Thing] = WeakCache("value")
    value = values.get(keys.get("a", Thing), Thing)
    assert values.get(keys.get("a", Thing), Thing) is value
    del value
    assert (len(keys), len(values)) == (0, 0)


def test_what_could_not_be_made_is_made_when_asked_again() -> None:
    cache: WeakCache[Thing, int] = WeakCache("key")
    key = Thing()
    with pytest.raises(ZeroDivisionError):
        cache.get(key, lambda: 1 // 0)
    assert cache.get(key, lambda: 3) == 3
