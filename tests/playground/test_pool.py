"""Threads that share tasks: the results in order, and no waiting for a busy thread."""

import threading
import weakref
from threading import Event, get_ident

import numpy as np
import pytest

from playground.pool import Pool


def test_the_results_are_in_the_tasks_order_whoever_does_them() -> None:
    for workers in (2, 3, 5):
        assert Pool(workers).map(lambda i: i * i, range(7)) == [0, 1, 4, 9, 16, 25, 36]


def test_a_task_is_done_beside_the_caller_s() -> None:
    """Each of the two waits for the other."""
    begun = [Event(), Event()]

    def meet(i: int) -> int:
        begun[i].set()
        assert begun[1 - i].wait(20)
        return get_ident()

    one, other = Pool(2).map(meet, range(2))
    assert one == get_ident() != other


def test_the_caller_does_what_no_other_thread_has_started() -> None:
    pool, over = Pool(2), Event()
    busy = pool.submit(over.wait, 20)
    assert pool.map(lambda i: get_ident(), range(4)) == [get_ident()] * 4
    over.set()
    assert busy.result()


@pytest.mark.parametrize("failing", [0, 1])
def test_an_error_is_raised_when_all_tasks_have_ended(failing: int) -> None:
    begun, ended = Event(), []

    def fails(i: int) -> None:
        begun.wait(20) if i == 0 else begun.set()
        ended.append(i)
        if i == failing:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Pool(2).map(fails, range(2))
    assert sorted(ended) == [0, 1]


def test_its_threads_end_with_it() -> None:
    pool = Pool(2)
    thread = pool.submit(threading.current_thread).result()
    gone = weakref.ref(pool)
    del pool
    assert gone() is None
    thread.join(20)
    assert not thread.is_alive()


def test_divergence_warns_in_no_thread() -> None:
    huge = np.full(1000, 1e30, np.float32)
    assert np.isinf(Pool(2).submit(np.multiply, huge, huge).result()).all()
