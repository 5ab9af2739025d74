"""Prefetching minibatches gives the same bits as preparing them one after another."""

from dataclasses import replace
from itertools import cycle
from threading import Event

import numpy as np
import pytest

from netcore.array import Array
from netcore.initializers import he
from netcore.losses import LOSSES
from netcore.network import Network
from netcore.optimizers import OPTIMIZERS
from netcore.training import Hyperparameters, TrainState, train_step
from playground.prefetch import PrefetchingWorkspace

RNG = np.random.default_rng(5)
X = RNG.random((6, 50), dtype=np.float32)
Y = np.eye(3, dtype=np.float32)[:, RNG.integers(3, size=50)]
HYPER = Hyperparameters(0.01, iterations=100, batch_size=16)
CROSS_ENTROPY = LOSSES["cross_entropy"]


def noisy(X: Array, rng: np.random.Generator) -> Array:
    return X + rng.standard_normal(X.shape, dtype=np.float32)


def other_noise(X: Array, rng: np.random.Generator) -> Array:
    return X * rng.random(X.shape, dtype=np.float32)


def start() -> TrainState:
    network = Network.create([6, 8, 3], ["relu", "softmax"], he, rng=np.random.default_rng(1))
    return TrainState.start(network, OPTIMIZERS["adam"], seed=2)


def bits(state: TrainState) -> tuple[object, ...]:
    """All that training goes on from."""
    return (
        state.network.theta.tobytes(),
        state.order_rng.bit_generator.state,
        state.noise_rng.bit_generator.state,
        None if state.order is None else state.order.tobytes(),
        state.position,
        state.iteration,
        state.epoch,
    )


def trained(steps: int, *, prefetch: bool) -> TrainState:
    state, workspace = start(), PrefetchingWorkspace(lambda: 2 if prefetch else 1)
    for _ in range(steps):
        train_step(state, X, Y, CROSS_ENTROPY, HYPER, noisy, workspace)
    return state


@pytest.mark.parametrize("steps", [1, 3, 4, 5, 23])  # four are an epoch
def test_no_bit_depends_on_when_a_minibatch_was_prepared(steps: int) -> None:
    assert bits(trained(steps, prefetch=True)) == bits(trained(steps, prefetch=False))


def test_a_prefetched_batch_is_drawn_again_from_a_copied_state() -> None:
    """A state taken between two steps, and gone on from with nothing prepared."""
    state = trained(6, prefetch=True)
    workspace = PrefetchingWorkspace(lambda: 2)
    for _ in range(5):
        train_step(state, X, Y, CROSS_ENTROPY, HYPER, noisy, workspace)
    assert bits(state) == bits(trained(11, prefetch=False))


def test_settings_that_change_between_two_steps_hold_at_once() -> None:
    states = []
    for prefetch in (True, False):
        threads = cycle([1 + prefetch, 1 + prefetch, 1])
        state, workspace = start(), PrefetchingWorkspace(threads.__next__)
        for n in range(12):
            hyper = replace(HYPER, batch_size=(16, 7, 50)[n // 4], dropout=0.5 * (n == 10))
            augment = (noisy, other_noise, None)[n % 3]
            train_step(state, X, Y, CROSS_ENTROPY, hyper, augment, workspace)
        states.append(bits(state))
    assert states[0] == states[1]


def test_a_minibatch_that_no_thread_has_begun_is_prepared_by_the_step_itself() -> None:
    state, workspace, done = start(), PrefetchingWorkspace(lambda: 2), Event()
    assert workspace.pool is not None
    busy = workspace.pool.submit(done.wait, 20)
    for _ in range(5):
        train_step(state, X, Y, CROSS_ENTROPY, HYPER, noisy, workspace)
    done.set()
    assert busy.result()
    assert bits(state) == bits(trained(5, prefetch=False))


def test_an_error_in_the_augmentation_is_raised_by_the_step_that_wanted_it() -> None:
    calls = iter(range(10))

    def fails_at_the_third(X: Array, rng: np.random.Generator) -> Array:
        if next(calls) == 2:
            raise MemoryError("no room for warps")
        return noisy(X, rng)

    state, workspace = start(), PrefetchingWorkspace(lambda: 2)
    for _ in range(2):
        train_step(state, X, Y, CROSS_ENTROPY, HYPER, fails_at_the_third, workspace)
    with pytest.raises(MemoryError, match="no room for warps"):
        train_step(state, X, Y, CROSS_ENTROPY, HYPER, fails_at_the_third, workspace)
    assert state.iteration == 2
