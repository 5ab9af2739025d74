"""Keyframes are spread evenly, within their bytes, and cost training next to nothing."""

from itertools import pairwise

import pytest

from netcore.training import TrainState
from playground.time_machine import keyframes
from playground.time_machine.keyframes import Keyframe, Keyframes, size_of
from playground.trainer import start_state
from tests.playground.examples import small

PLANNED = 1_000


def state_at(iteration: int) -> TrainState:
    state = start_state(small())
    state.iteration = iteration
    return state


def trained(frames: Keyframes, steps: range, *, planned: int = PLANNED, seconds: float = 1) -> None:
    state = state_at(0)
    for iteration in steps:
        state.iteration = iteration
        frames.after_step(state, planned, seconds)


def iterations(frames: Keyframes) -> list[int]:
    return [frame.iteration for frame in frames.frames]


def longest_replay(frames: Keyframes, end: int) -> int:
    return max(after - before for before, after in pairwise([0, *iterations(frames), end]))


@pytest.mark.parametrize("n", [1, 3, 10, 100])
def test_they_are_spread_over_the_planned_run(n: int) -> None:
    frames = Keyframes(budget=n * size_of(state_at(0)))
    trained(frames, range(1, PLANNED + 1))
    assert frames.n_bytes <= n * size_of(state_at(0))
    assert longest_replay(frames, PLANNED) <= -(-PLANNED // n)


def test_a_run_that_gets_longer_has_its_old_keyframes_thinned() -> None:
    n = 10
    frames = Keyframes(budget=n * size_of(state_at(0)))
    trained(frames, range(1, PLANNED + 1))
    trained(frames, range(PLANNED + 1, 10 * PLANNED + 1), planned=10 * PLANNED)
    assert len(frames.frames) <= n
    assert longest_replay(frames, 10 * PLANNED) <= 2 * 10 * PLANNED / n


def test_a_smaller_budget_thins_them_at_once() -> None:
    frames = Keyframes()
    trained(frames, range(1, PLANNED + 1))
    assert len(frames.frames) > 50
    frames.limit(20 * size_of(state_at(0)))
    assert len(frames.frames) == 20
    assert longest_replay(frames, PLANNED) <= 3 * PLANNED / 20
    frames.limit(0)
    assert not frames.frames


def test_there_are_no_more_than_replays_need() -> None:
    frames = Keyframes()
    trained(frames, range(1, PLANNED + 1), seconds=keyframes.GAP / 10)
    assert all(after - before >= 10 for before, after in pairwise(iterations(frames)))


def test_where_copying_takes_long_there_are_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = 0.0

    def thread_time() -> float:
        nonlocal clock
        clock += 0.5  # so long takes each copy
        return clock

    monkeypatch.setattr("playground.time_machine.keyframes.time.thread_time", thread_time)
    frames = Keyframes()
    trained(frames, range(1, PLANNED + 1), seconds=1.0)
    between = [after - before for before, after in pairwise(iterations(frames))]
    assert min(between) >= 0.5 / keyframes.COPYING


def test_without_memory_there_is_no_keyframe_and_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(state: TrainState) -> TrainState:
        raise MemoryError

    frames = Keyframes()
    with monkeypatch.context() as patch:
        patch.setattr(keyframes, "copy_of_state", refuse)
        trained(frames, range(1, 100))
    assert not frames.frames
    trained(frames, range(100, 200))
    assert frames.frames


def test_a_state_that_has_a_keyframe_gets_no_other() -> None:
    frames = Keyframes([Keyframe(state_at(7), 0.1), Keyframe(state_at(3), 0.0)])
    frames.add(Keyframe(state_at(7), 0.1))
    assert iterations(frames) == [3, 7]
