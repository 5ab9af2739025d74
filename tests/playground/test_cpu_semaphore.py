"""Turns at the cores: first come first served, two at once for a big step, never lost."""

import threading
from collections.abc import Callable
from contextlib import ExitStack

import pytest
from threadpoolctl import ThreadpoolController

from playground.config import RunConfig
from playground.cpu_semaphore import (
    CROWD,
    ROUND,
    SHORTEST_TURN,
    TURN,
    CPUSemaphore,
    cores_for,
    n_cores,
)
from tests.playground.examples import wait_until


def blas_threads() -> set[int]:
    blas = ThreadpoolController().select(user_api="blas")
    return {pool["num_threads"] for pool in blas.info()}


class Visitor(threading.Thread):
    """Takes a turn, and keeps it until told to go."""

    def __init__(self, slots: CPUSemaphore, cores: int = 1) -> None:
        super().__init__(daemon=True)
        self.slots, self.cores = slots, cores
        self.there, self.go, self.hurried = (threading.Event() for _ in range(3))
        self.start()

    def run(self) -> None:
        with self.slots.turn(self.cores, self.hurried.is_set):
            self.there.set()
            assert self.go.wait(20)

    def leave(self) -> None:
        self.go.set()
        self.join(20)
        assert not self.is_alive()


def queued(slots: CPUSemaphore, n: int) -> Callable[[], bool]:
    return lambda: len(slots._queue) == n


def test_first_come_first_served() -> None:
    slots = CPUSemaphore(1)
    first, *others = visitors = [Visitor(slots)]
    assert first.there.wait(20)
    for n in range(1, 4):
        visitors.append(Visitor(slots))
        wait_until(queued(slots, n))
    others = visitors[1:]
    for here, following in zip(visitors, others, strict=False):
        assert not following.there.is_set()
        here.leave()
        assert following.there.wait(20)
        assert sum(each.there.is_set() for each in visitors) == visitors.index(following) + 1
    visitors[-1].leave()


def test_as_many_at_once_as_there_are_cores() -> None:
    slots = CPUSemaphore(2)
    one, two, three = visitors = [Visitor(slots) for _ in range(3)]
    wait_until(lambda: sum(each.there.is_set() for each in visitors) == 2)
    wait_until(queued(slots, 1))
    waiting = next(each for each in visitors if not each.there.is_set())
    next(each for each in visitors if each.there.is_set()).leave()
    assert waiting.there.wait(20)
    for each in (one, two, three):
        each.leave()


def test_who_needs_both_cores_waits_for_both_and_is_not_overtaken() -> None:
    slots = CPUSemaphore(2)
    small = Visitor(slots)
    assert small.there.wait(20)
    big = Visitor(slots, cores=2)
    wait_until(queued(slots, 1))
    late = Visitor(slots)
    wait_until(queued(slots, 2))
    assert not big.there.is_set()
    assert not late.there.is_set()
    small.leave()
    assert big.there.wait(20)
    assert not late.there.is_set()
    big.leave()
    assert late.there.wait(20)
    late.leave()


def test_more_cores_than_there_are_is_all_of_them() -> None:
    slots = CPUSemaphore(1)
    with slots.turn(8):
        visitor = Visitor(slots)
        wait_until(queued(slots, 1))
    assert visitor.there.wait(20)
    visitor.leave()


def test_an_error_gives_the_place_back() -> None:
    slots = CPUSemaphore(1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), slots.turn(1):
            1 / 0  # noqa: B018
    with slots.turn(1):
        pass


def test_who_gives_up_waiting_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    slots = CPUSemaphore(1)
    here = Visitor(slots)
    assert here.there.wait(20)
    with monkeypatch.context() as patch:

        def interrupted(self: threading.Event, timeout: float | None = None) -> bool:
            raise KeyboardInterrupt

        patch.setattr(threading.Event, "wait", interrupted)
        with pytest.raises(KeyboardInterrupt), slots.turn(1):
            pass
    here.leave()
    after = Visitor(slots)
    assert after.there.wait(20)
    after.leave()


def test_who_follows_a_click_goes_first() -> None:
    slots = CPUSemaphore(1)
    here = Visitor(slots)
    assert here.there.wait(20)
    others = []
    for n in range(1, 4):
        others.append(Visitor(slots))
        wait_until(queued(slots, n))
    others[2].hurried.set()  # clicked while it waited
    here.leave()
    assert others[2].there.wait(20)
    assert not others[0].there.is_set()
    for each in (others[2], *others[:2]):
        each.leave()


def test_a_turn_is_short_where_many_wait() -> None:
    slots = CPUSemaphore(2)
    assert slots.turn_length == TURN
    with ExitStack() as runs:
        for _ in range(2):
            runs.enter_context(slots.computing())
        assert slots.turn_length == TURN
        for _ in range(18):
            runs.enter_context(slots.computing())
        assert SHORTEST_TURN < slots.turn_length == ROUND * slots.places / 20
        for _ in range(1000):
            runs.enter_context(slots.computing())
        assert slots.turn_length == SHORTEST_TURN
    assert slots.runs == 0


def test_a_matrix_product_has_one_thread_whoever_computes() -> None:
    slots = CPUSemaphore(2)
    assert blas_threads() == {1}
    with slots.turn(2):
        assert blas_threads() == {1}


@pytest.mark.parametrize(
    ("config", "m", "big"),
    [
        (RunConfig(), 4000, False),
        (RunConfig(batch_size=None), 4000, True),
        (RunConfig(batch_size=1_000_000), 4000, True),
        (RunConfig(batch_size=None), 100, False),
        (RunConfig(batch_size=None).with_values(layers=(784, 10, 10)), 4000, False),
        (RunConfig(batch_size=None).with_values(layers=(784, 10, 10)), 60_000, True),
    ],
    ids=["batches", "full", "larger than full", "full of few", "small", "small, all of MNIST"],
)
def test_only_big_steps_get_all_cores(config: RunConfig, m: int, big: bool) -> None:
    assert cores_for(config, m) == (n_cores() if big else 1)


def test_in_a_crowd_one_core_is_left_to_the_pages() -> None:
    slots = CPUSemaphore(2)
    with ExitStack() as crowd:
        for _ in range(CROWD + 1):
            crowd.enter_context(slots.computing())
        first, second = Visitor(slots), Visitor(slots, cores=2)  # which has a turn nevertheless
        assert first.there.wait(20)
        wait_until(queued(slots, 1))
        assert not second.there.is_set()
        first.leave()
        assert second.there.wait(20)
        second.leave()
