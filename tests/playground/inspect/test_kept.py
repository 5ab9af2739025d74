"""Results are made once, bounded in bytes, and go with their network."""

import gc
import weakref
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

import numpy as np

from playground.inspect.kept import Results, kept, size_of
from playground.inspect.outcome import Outcome, outcome
from tests.playground.inspect.trained import VALIDATION, trained

MB = 2**20


def megabyte() -> np.ndarray:
    return np.ones(MB, dtype=np.int8)


def test_results_are_made_once_and_go_with_their_network() -> None:
    network = trained(12).copy()
    assert outcome(network, VALIDATION) is outcome(network, VALIDATION)
    held = weakref.ref(outcome(network, VALIDATION))
    gone = weakref.ref(network)
    del network
    gc.collect()
    assert gone() is None
    assert held() is None


def test_results_of_all_networks_together_are_bounded_in_bytes() -> None:
    """Those that nobody has asked for longest are dropped."""
    results, networks = Results(9 * MB // 2), [trained(12).copy(), trained(9, 7).copy()]
    refs = [
        weakref.ref(results.get(network, i, megabyte)) for i in range(2) for network in networks
    ]
    results.get(networks[0], 0, megabyte)
    results.get(networks[1], "two", lambda: [megabyte(), {"inside": megabyte()}])
    assert [each() is None for each in refs] == [False, True, True, False]
    results.get(networks[0], 3, lambda: "little")
    assert refs[0]() is not None


def test_a_result_counts_with_what_was_added_to_it_later() -> None:
    """A thread's result, and what an object computes when asked."""
    results, network = Results(3 * MB), trained(12).copy()

    def make() -> Outcome:
        return Outcome(np.ones((4, MB // 32)), VALIDATION.labels)

    later = results.get(network, "thread", Future[np.ndarray])
    grows = results.get(network, "grows", make)
    results.get(network, "small", list)
    assert results.get(network, "thread", Future[np.ndarray]) is later
    assert results.get(network, "grows", make) is grows
    assert grows.A.nbytes == MB
    later.set_result(megabyte())
    results.get(network, "other", list)
    assert results.get(network, "grows", make) is grows
    assert results.get(network, "thread", Future[np.ndarray]) is not later


def test_examples_are_not_counted_because_they_belong_to_runs() -> None:
    dataset = VALIDATION.first(VALIDATION.m)
    assert size_of(("outcome", dataset), set()) < dataset.X.nbytes
    array = megabyte()
    assert MB <= size_of([array, array], set()) < 2 * MB


def test_a_result_that_takes_long_does_not_hold_up_another() -> None:
    network, may_end = trained(12).copy(), Event()
    with ThreadPoolExecutor(1) as thread:
        slow = thread.submit(kept, network, "slow", lambda: may_end.wait(60))
        assert kept(network, "quick", lambda: "found") == "found"
        may_end.set()
        assert slow.result() is True
