"""Runs are found by token, kept while somebody cares, and then really gone."""

import gc
import weakref

import pytest

from playground.registry import Registry
from playground.run import Run
from tests.playground.conftest import NewRun, workers
from tests.playground.examples import DATA, small, wait_until


def test_a_run_is_found_by_its_token(new_run: NewRun) -> None:
    runs, one, two = Registry(), new_run(), new_run()
    runs.add(one, "a")
    runs.add(two, "b")
    assert len(runs) == 2
    assert one.token != two.token
    assert runs.get(one.token) is one
    assert runs.get(two.token) is two
    assert runs.get("") is None
    assert one.viewers == ("a",)


def test_a_run_left_is_kept_for_its_time(new_run: NewRun, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 10_000.0
    monkeypatch.setattr("playground.run.time.monotonic", lambda: now)
    runs, left, other = Registry(time_to_live=100), new_run(), new_run()
    runs.add(left, "a")
    left.leave("a")
    now += 99
    runs.add(other, "b")
    assert runs.get(left.token) is left
    now += 2
    runs.add(other, "b")
    assert runs.get(left.token) is None
    assert runs.get(other.token) is other


def test_of_too_many_the_one_longest_unseen_goes_never_one_that_is_watched(
    new_run: NewRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 10_000.0
    monkeypatch.setattr("playground.run.time.monotonic", lambda: now)
    registry = Registry(most=2)
    watched, early, late = (new_run() for _ in range(3))
    registry.add(watched, "a")
    registry.add(early, "b")
    early.leave("b")
    now += 1
    registry.add(late, "c")
    late.leave("c")
    assert registry.get(early.token) is None
    assert registry.get(late.token) is late
    registry.add(new_run(), "d")
    assert registry.get(late.token) is None
    registry.add(new_run(), "e")
    assert registry.get(watched.token) is watched
    assert len(registry) == 3


def test_a_dropped_run_stops_computing_and_is_freed() -> None:
    registry = Registry()
    run = Run(small(iterations=1_000_000), DATA)
    registry.add(run, "a")
    run.play()
    assert run.busy
    registry.drop(run.token)
    registry.drop(run.token)
    wait_until(lambda: not workers())
    assert registry.get(run.token) is None
    gone = weakref.ref(run)
    del run
    gc.collect()
    assert gone() is None
