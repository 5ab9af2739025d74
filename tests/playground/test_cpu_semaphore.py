"""The CPU semaphore: first come first served, two cores for a big step, always released."""

import threading
from collections.abc import Callable
from contextlib import ExitStack

import pytest
from threadpoolctl import ThreadpoolController

from playground.config import RunConfig
from playground.cpu_semaphore import (
    CROWD,
    MIN_TIME_SLICE,
    ROUND,
    TIME_SLICE,
    CPUSemaphore,
    cores_for,
    n_cores,
)
from tests.playground.examples import wait_until


def blas_threads() -> set[int]:
    blas = ThreadpoolController().select(user_api="blas")
    return {pool["num_threads"] for pool in blas.info()}


class Holder(threading.Thread):
    """A thread that acquires the semaphore and holds it until `leave` is called."""

    def __init__(self, semaphore: CPUSemaphore, cores: int = 1) -> None:
        super().__init__(daemon=True)
        self.semaphore, self.cores = semaphore, cores
        self.there, self.go, self.has_priority = (threading.Event() for _ in range(3))
        self.start()

    def run(self) -> None:
        with self.semaphore.acquire(self.cores, self.has_priority.is_set):
            self.there.set()
            assert self.go.wait(20)

    def leave(self) -> None:
        self.go.set()
        self.join(20)
        assert not self.is_alive()


def queued(semaphore: CPUSemaphore, n: int) -> Callable[[], bool]:
    return lambda: len(semaphore._queue) == n


def test_first_come_first_served() -> None:
    semaphore = CPUSemaphore(1)
    first, *others = visitors = [Holder(semaphore)]
    assert first.there.wait(20)
    for n in range(1, 4):
        visitors.append(Holder(semaphore))
        wait_until(queued(semaphore, n))
    others = visitors[1:]
    for here, following in zip(visitors, others, strict=False):
        assert not following.there.is_set()
        here.leave()
        assert following.there.wait(20)
        assert sum(each.there.is_set() for each in visitors) == visitors.index(following) + 1
    visitors[-1].leave()


def test_as_many_at_once_as_there_are_cores() -> None:
    semaphore = CPUSemaphore(2)
    one, two, three = visitors = [Holder(semaphore) for _ in range(3)]
    wait_until(lambda: sum(each.there.is_set() for each in visitors) == 2)
    wait_until(queued(semaphore, 1))
    waiting = next(each for each in visitors if not each.there.is_set())
    next(each for each in visitors if each.there.is_set()).leave()
    assert waiting.there.wait(20)
    for each in (one, two, three):
        each.leave()


def test_a_run_that_needs_both_cores_waits_for_both_and_is_not_overtaken() -> None:
    semaphore = CPUSemaphore(2)
    small = Holder(semaphore)
    assert small.there.wait(20)
    big = Holder(semaphore, cores=2)
    wait_until(queued(semaphore, 1))
    late = Holder(semaphore)
    wait_until(queued(semaphore, 2))
    assert not big.there.is_set()
    assert not late.there.is_set()
    small.leave()
    assert big.there.wait(20)
    assert not late.there.is_set()
    big.leave()
    assert late.there.wait(20)
    late.leave()


def test_more_cores_than_there_are_means_all_of_them() -> None:
    semaphore = CPUSemaphore(1)
    with semaphore.acquire(8):
        visitor = Holder(semaphore)
        wait_until(queued(semaphore, 1))
    assert visitor.there.wait(20)
    visitor.leave()


def test_an_error_releases_the_semaphore() -> None:
    semaphore = CPUSemaphore(1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), semaphore.acquire(1):
            1 / 0  # noqa: B018
    with semaphore.acquire(1):
        pass


def test_an_interrupted_run_leaves_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    semaphore = CPUSemaphore(1)
    here = Holder(semaphore)
    assert here.there.wait(20)
    with monkeypatch.context() as patch:

        def interrupted(self: threading.Event, timeout: float | None = None) -> bool:
            raise KeyboardInterrupt

        patch.setattr(threading.Event, "wait", interrupted)
        with pytest.raises(KeyboardInterrupt), semaphore.acquire(1):
            pass
    here.leave()
    after = Holder(semaphore)
    assert after.there.wait(20)
    after.leave()


def test_a_run_with_priority_goes_first() -> None:
    semaphore = CPUSemaphore(1)
    here = Holder(semaphore)
    assert here.there.wait(20)
    others = []
    for n in range(1, 4):
        others.append(Holder(semaphore))
        wait_until(queued(semaphore, n))
    others[2].has_priority.set()  # clicked while it waited
    here.leave()
    assert others[2].there.wait(20)
    assert not others[0].there.is_set()
    for each in (others[2], *others[:2]):
        each.leave()


def test_a_time_slice_is_short_if_many_runs_compute() -> None:
    semaphore = CPUSemaphore(2)
    assert semaphore.time_slice == TIME_SLICE
    with ExitStack() as runs:
        for _ in range(2):
            runs.enter_context(semaphore.computing())
        assert semaphore.time_slice == TIME_SLICE
        for _ in range(18):
            runs.enter_context(semaphore.computing())
        assert MIN_TIME_SLICE < semaphore.time_slice == ROUND * semaphore.available / 20
        for _ in range(1000):
            runs.enter_context(semaphore.computing())
        assert semaphore.time_slice == MIN_TIME_SLICE
    assert semaphore.runs == 0


def test_a_matrix_product_always_has_one_thread() -> None:
    semaphore = CPUSemaphore(2)
    assert blas_threads() == {1}
    with semaphore.acquire(2):
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


def test_a_run_may_use_the_cores_that_no_run_computes_on() -> None:
    semaphore = CPUSemaphore(4)
    with ExitStack() as runs:
        for workers in (4, 3, 2, 1, 1):
            runs.enter_context(semaphore.computing())
            assert semaphore.workers(1) == workers
        assert semaphore.workers(4) == 4  # acquired
    assert CPUSemaphore(1).workers(1) == 1


def test_in_a_crowd_one_core_is_left_to_the_pages() -> None:
    semaphore = CPUSemaphore(2)
    with ExitStack() as crowd:
        for _ in range(CROWD + 1):
            crowd.enter_context(semaphore.computing())
        first, second = (
            Holder(semaphore),
            Holder(semaphore, cores=2),
        )  # which has a turn nevertheless
        assert first.there.wait(20)
        wait_until(queued(semaphore, 1))
        assert not second.there.is_set()
        first.leave()
        assert second.there.wait(20)
        second.leave()
