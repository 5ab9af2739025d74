"""Runs are found by their token, kept while they are in use, and then freed."""

import gc
import weakref
from dataclasses import replace

import pytest

from netcore.optimizers import OPTIMIZERS
from playground.memory_limit import memory_limit
from playground.registry import Registry, RegistryFullError, size_of
from playground.run import Run
from playground.time_machine.keyframes import KEYFRAME_BYTES
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


def test_a_run_without_pages_is_kept_for_its_time_to_live(
    new_run: NewRun, monkeypatch: pytest.MonkeyPatch
) -> None:
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


def of_size(*runs: Run) -> int:
    """A limit into which exactly these runs fit."""
    return size_of(list(runs))


def test_over_the_limit_the_least_recently_seen_run_is_dropped_but_none_that_a_tab_shows(
    new_run: NewRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 10_000.0
    monkeypatch.setattr("playground.run.time.monotonic", lambda: now)
    shown, early, late, next_one, last = (new_run() for _ in range(5))
    registry = Registry(limit=of_size(shown, early))
    registry.add(shown, "a")
    registry.add(early, "b")
    early.leave("b")
    now += 1
    registry.add(late, "c")
    late.leave("c")
    assert registry.get(early.token) is None
    assert registry.get(late.token) is late
    now += 1000  # far longer than the lease, but the tab of `shown` is still open
    assert not shown.watched
    registry.add(next_one, "d")
    assert registry.get(late.token) is None
    assert registry.get(shown.token) is shown
    with pytest.raises(RegistryFullError, match="This server is full: 2 runs are open"):
        registry.add(last, "e")
    assert len(registry) == 2
    assert registry.get(last.token) is None


def test_a_single_run_is_kept_whatever_its_size(new_run: NewRun) -> None:
    registry, run = Registry(limit=1), new_run()
    registry.add(run, "a")
    assert registry.get(run.token) is run


def test_a_class_of_thirty_with_two_runs_each_keeps_all(
    new_run: NewRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 10_000.0
    monkeypatch.setattr("playground.run.time.monotonic", lambda: now)
    registry, runs = Registry(), [new_run() for _ in range(60)]
    for number, run in enumerate(runs):
        registry.add(run, f"pupil {number % 30}")
        now += 400
    assert len(registry) == 60


def test_the_size_of_a_run_is_about_what_it_holds(new_run: NewRun) -> None:
    run = new_run(layers=(64, 500, 500, 4), iterations=3)
    theta = run.snapshot.network.theta.nbytes
    idle = run.n_bytes
    assert theta <= idle < 1.2 * theta
    run.step(3)
    wait_until(lambda: not run.busy)
    moments = len(OPTIMIZERS[run.config.optimizer].moments)
    copies = 2  # the worker's network, and the one that is shown
    keyframes = run._timeline.n_bytes
    grown = run.n_bytes - idle - keyframes
    assert grown == pytest.approx((copies + 2 + moments) * theta, rel=0.05)
    size, matrices = run.n_bytes, run.snapshot.confusions
    run._snapshot = replace(run.snapshot, confusions=())
    assert size - run.n_bytes == sum(each.matrix.nbytes for each in matrices) > 0


def test_keyframes_and_moments_of_the_past_are_counted(
    new_run: NewRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.time_machine.keyframes.GAP", 0.0)
    run = new_run(iterations=12)
    run.step(12)
    wait_until(lambda: not run.busy)
    frames, size = run._timeline.keyframes, run.n_bytes
    vectors = 1 + len(OPTIMIZERS[run.config.optimizer].moments)
    theta = run.snapshot.network.theta.nbytes
    assert frames.n_bytes >= len(frames.frames) * vectors * theta > 0
    assert run.past.at(5, "a test", 9.0) is not None
    assert run.n_bytes - size >= vectors * theta
    size, held = run.n_bytes, frames.n_bytes
    run.limit_keyframes(0)
    assert size - run.n_bytes == held


def test_keyframes_give_way_before_anybody_is_refused(
    new_run: NewRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.time_machine.keyframes.GAP", 0.0)
    monkeypatch.setattr("playground.time_machine.keyframes.COPYING", 1.0)
    one = new_run(iterations=40)
    one.step(40)
    wait_until(lambda: not one.busy)
    many = one._timeline.n_bytes
    registry = Registry(limit=size_of([one]) + new_run().n_bytes)
    registry.add(one, "me")
    for number in range(3):
        registry.add(new_run(), f"pupil {number}")
    assert len(registry) == 4
    assert 0 < one._timeline.n_bytes <= registry.limit / 16 < many


def test_the_keyframes_of_a_class_take_less_than_those_of_one_run() -> None:
    registry = Registry(limit=10**12)
    one, twenty = registry._keyframe_bytes(1), registry._keyframe_bytes(20)
    assert one == KEYFRAME_BYTES
    assert 20 * twenty < one / 4
    assert Registry(limit=10**6)._keyframe_bytes(1) == 250_000


def test_examples_that_runs_share_count_once(new_run: NewRun) -> None:
    one, two = new_run(), new_run()
    examples = DATA.train.X.nbytes + DATA.validation.X.nbytes
    assert size_of([one, two]) == one.n_bytes + two.n_bytes + examples


def test_a_limit_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYGROUND_MEMORY", "40.5")
    assert Registry().limit == memory_limit() == 40_500_000
    for text in ("much", "-1", "nan", "0"):
        monkeypatch.setenv("PLAYGROUND_MEMORY", text)
        with pytest.raises(ValueError, match="give the megabytes"):
            memory_limit()
    monkeypatch.setenv("PLAYGROUND_MEMORY", "")
    assert memory_limit() > 10**8


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
