"""The training loop: batches, seeds, changes during training, and errors."""

import tracemalloc
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcore.activations import HIDDEN_ACTIVATIONS
from netcore.array import Array
from netcore.initializers import he, zeros
from netcore.losses import LOSSES, Loss
from netcore.network import MICRO_BATCH, Network
from netcore.optimizers import OPTIMIZERS, GradientDescent
from netcore.training import (
    DENORMAL_INTERVAL,
    Hyperparameters,
    StepRecord,
    TrainState,
    Workspace,
    cost_and_gradient,
    max_workers,
    train,
    train_step,
    weights_rng,
    workspace_size,
)
from tests.netcore.examples import examples, network

CROSS_ENTROPY = LOSSES["cross_entropy"]
BIG = [3, 1000, 800, 3]  # two threads share the products of the second layer


def start(
    optimizer: str = "gradient_descent", *, seed: int = 0, hidden: str = "relu"
) -> TrainState:
    net = Network.create([3, 8, 3], [hidden, "softmax"], he, rng=weights_rng(seed))
    return TrainState.start(net, OPTIMIZERS[optimizer], seed=seed)


class Watched:
    """Training on numbered examples with a network that passes them on: what did steps see?"""

    def __init__(self, m: int, *, seed: int = 0) -> None:
        self.m = m
        self.X = np.arange(m, dtype=np.float64)[np.newaxis]
        self.Y = -self.X
        self.batches: list[list[int]] = []
        net = Network([1, 1], ["identity"], np.array([1.0, 0.0]))
        self.state = TrainState.start(net, GradientDescent(), seed=seed)
        self.loss = Loss("watch", "", self._value, lambda A, Y: np.zeros_like(A), canonical="none")

    def _value(self, A: Array, Y: Array) -> float:
        np.testing.assert_array_equal(A, -Y)  # each example still has its own answer
        self.batches.append([int(a) for a in A[0]])
        return 0.0

    def step(self, batch_size: int | None) -> StepRecord:
        hyper = Hyperparameters(0.0, 10**6, batch_size=batch_size)
        return train_step(self.state, self.X, self.Y, self.loss, hyper)

    def epoch(self, batch_size: int | None) -> list[list[int]]:
        """The batches up to the end of the epoch."""
        first = len(self.batches)
        while not self.step(batch_size).epoch_ended:
            pass
        return self.batches[first:]


def flat(batches: list[list[int]]) -> list[int]:
    return [example for batch in batches for example in batch]


@settings(deadline=None)
@given(st.integers(1, 30), st.integers(1, 40))
def test_an_epoch_has_every_example_once(m: int, batch_size: int) -> None:
    watched = Watched(m)
    for epoch in range(1, 4):
        batches = watched.epoch(batch_size)
        assert sorted(flat(batches)) == list(range(m))
        *all_but_last, last = [len(batch) for batch in batches]
        assert all(size == batch_size for size in all_but_last)
        assert last == (m % batch_size or min(batch_size, m))
        assert watched.state.epoch == epoch
        assert (watched.state.order, watched.state.position) == (None, 0)


def test_epochs_have_different_orders() -> None:
    watched = Watched(20)
    one, two = (flat(watched.epoch(5)) for _ in range(2))
    assert one != two
    assert one != sorted(one)


@settings(deadline=None)
@given(st.lists(st.integers(1, 19), min_size=1, max_size=60))
def test_a_batch_size_changed_on_the_way_loses_no_example(sizes: list[int]) -> None:
    watched, ends = Watched(20), 0
    for size in sizes:
        ends += watched.step(size).epoch_ended
        assert len(watched.batches[-1]) <= size
    watched.epoch(7)
    assert Counter(flat(watched.batches)) == dict.fromkeys(range(20), ends + 1)


@pytest.mark.parametrize("full", [None, 20, 21])
def test_full_batch_within_an_epoch_takes_all_from_the_next_step_on(full: int | None) -> None:
    watched = Watched(20)
    watched.step(8)
    record = watched.step(full)
    assert watched.batches[-1] == list(range(20))
    assert (record.epoch_ended, record.epoch) == (True, 1)
    assert sorted(flat(watched.epoch(8))) == list(range(20))  # and back again: a whole epoch


def test_a_full_batch_is_not_copied() -> None:
    X, Y = np.zeros((500, 4000), dtype=np.float32), np.zeros((1, 4000), dtype=np.float32)
    state = TrainState.start(
        network([500, 1], ["sigmoid"], dtype=np.float32), GradientDescent(), seed=0
    )
    tracemalloc.start()
    try:
        train_step(state, X, Y, LOSSES["binary_cross_entropy"], Hyperparameters(0.1, 1))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < X.nbytes / 10


def test_micro_batches_of_a_big_batch_are_one_pass() -> None:
    m = 2 * MICRO_BATCH + 7
    X, Y = examples(m=m)
    net = network([3, 5, 3], ["tanh", "softmax"])
    state = TrainState.start(net, OPTIMIZERS["gradient_descent"], seed=0)
    cost, gradient = cost_and_gradient(state, X, Y, CROSS_ENTROPY, Hyperparameters(0.1, 1, l2=0.1))
    caches = net.forward(X)
    grads = net.backward(caches, Y, CROSS_ENTROPY)
    assert cost == pytest.approx(CROSS_ENTROPY.value(caches[-1].A, Y), rel=1e-12)
    for layer, grad, (dW, db) in zip(net.layers, grads, net.unpack(gradient), strict=True):
        np.testing.assert_allclose(dW, grad.dW + 0.1 * layer.W, rtol=1e-10, atol=1e-14)
        np.testing.assert_allclose(db, grad.db, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("dropout", [0.0, 0.3])
@pytest.mark.parametrize(("layer_dims", "batch_size"), [([3, 8, 8, 3], None), (BIG, 128)])
def test_no_bit_depends_on_the_number_of_workers(
    dropout: float, layer_dims: list[int], batch_size: int | None
) -> None:
    """Whether they share micro-batches, each accumulator with arrays of its own, or products."""
    X, Y = examples(m=7 * MICRO_BATCH + 5, dtype=np.float32)
    hyper = Hyperparameters(0.5, 3, dropout=dropout, batch_size=batch_size)
    assert max_workers(layer_dims, batch_size or X.shape[1]) > 1

    def trained(workers: int) -> tuple[list[StepRecord], bytes]:
        workspace = Workspace(ThreadPoolExecutor(workers).map)
        net = network(layer_dims, ["tanh", "relu", "softmax"], dtype=np.float32)
        state = TrainState.start(net, OPTIMIZERS["momentum"], seed=0)
        records = list(train(state, X, Y, CROSS_ENTROPY, hyper, workspace=workspace))
        return records, state.network.theta.tobytes()

    alone = trained(1)
    assert all(trained(workers) == alone for workers in (2, 3, 8))


def test_the_threads_that_may_share_a_step() -> None:
    for layer_dims, m, n in [
        ((784, 256, 128, 64, 10), 64, 1),
        ((784, 256, 128, 64, 10), 128, 2),
        ((784, 2048, 2048, 10), 32, 2),
        ((784, 10, 10), MICRO_BATCH, 1),
        ((784, 10, 10), MICRO_BATCH + 1, 2),
        ((784, 10, 10), 8 * MICRO_BATCH, 4),
    ]:
        assert max_workers(layer_dims, m) == n


def test_a_step_of_gradient_descent_is_theta_minus_alpha_times_the_gradient() -> None:
    X, Y = examples()
    state = start()
    state.network = network([3, 4, 3], ["tanh", "softmax"])
    hyper = Hyperparameters(0.5, 10, l2=0.1)
    before = state.network.theta.copy()
    cost, gradient = cost_and_gradient(state, X, Y, CROSS_ENTROPY, hyper)
    gradient = gradient.copy()
    record = train_step(state, X, Y, CROSS_ENTROPY, hyper)
    np.testing.assert_allclose(state.network.theta, before - 0.5 * gradient, rtol=1e-14)
    assert record == StepRecord(1, 1, True, cost, 0.5)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_workspace_has_a_gradient_from_its_first_step_on(optimizer: str) -> None:
    X, Y = examples()
    state, workspace, hyper = start(optimizer), Workspace(), Hyperparameters(0.5, 10, l2=0.1)
    assert workspace.gradient is None
    _, expected = cost_and_gradient(state, X, Y, CROSS_ENTROPY, hyper)
    train_step(state, X, Y, CROSS_ENTROPY, hyper, workspace=workspace)
    assert workspace.gradient is not None
    np.testing.assert_array_equal(workspace.gradient, expected)


@pytest.mark.parametrize("m", [100, 2 * MICRO_BATCH, 5 * MICRO_BATCH])
def test_a_workspace_takes_as_much_memory_as_is_expected_of_it(m: int) -> None:
    layer_dims = [300, 200, 3]
    net = Network.create(layer_dims, ["relu", "softmax"], he, rng=weights_rng(0))
    state = TrainState.start(net, GradientDescent(), seed=0)
    X, Y = np.ones((300, m), np.float32, order="F"), np.ones((3, m), np.float32)
    tracemalloc.start()
    try:
        workspace = Workspace()
        cost_and_gradient(state, X, Y, CROSS_ENTROPY, Hyperparameters(0.1, 1), None, workspace)
        used = tracemalloc.get_traced_memory()[0]
        del workspace
        used -= tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert used / net.theta.itemsize == pytest.approx(workspace_size(layer_dims, m), rel=0.2)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_training_learns(optimizer: str) -> None:
    X, _ = examples(m=200, dtype=np.float32)
    Y = np.eye(3, dtype=np.float32)[X.argmax(axis=0)].T  # the answer: which number is largest
    state = start(optimizer)
    rate = 0.01 if optimizer in ("adam", "rmsprop") else 0.1
    records = list(train(state, X, Y, CROSS_ENTROPY, Hyperparameters(rate, 300, batch_size=32)))
    first, last = (np.mean([r.cost for r in part]) for part in (records[:7], records[-7:]))
    assert last < first / 3


# The seed decides everything


def jitter(X: Array, rng: np.random.Generator) -> Array:
    return X + 0.1 * rng.standard_normal(X.shape, dtype=np.float32)


RANDOM = Hyperparameters(0.05, 30, "cosine", batch_size=7, dropout=0.3)


def run(seed: int, optimizer: str = "adam") -> tuple[list[StepRecord], TrainState]:
    X, Y = examples(m=24, dtype=np.float32)
    state = start(optimizer, seed=seed)
    return list(train(state, X, Y, CROSS_ENTROPY, RANDOM, jitter)), state


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_same_seed_gives_the_same_records_to_the_bit(optimizer: str) -> None:
    (one, state_one), (two, state_two) = run(3, optimizer), run(3, optimizer)
    assert one == two
    assert state_one.network.theta.tobytes() == state_two.network.theta.tobytes()


def test_another_seed_gives_another_run() -> None:
    assert run(3)[0] != run(4)[0]


def test_weights_order_and_noise_draw_from_streams_apart() -> None:
    state = start(seed=3)
    draws = [rng.random() for rng in (weights_rng(3), state.order_rng, state.noise_rng)]
    assert len(set(draws)) == 3


def test_dropout_and_augmentation_leave_the_batches_as_they_are() -> None:
    plain, noisy = start(), start()
    X, Y = examples(m=24, dtype=np.float32)
    for _ in range(5):
        train_step(plain, X, Y, CROSS_ENTROPY, replace(RANDOM, dropout=0.0))
        train_step(noisy, X, Y, CROSS_ENTROPY, RANDOM, jitter)
        assert plain.order is not None or noisy.order is None
        np.testing.assert_array_equal(plain.order, noisy.order)


@settings(deadline=None)
@given(st.lists(st.integers(1, 30), min_size=1, max_size=15))
def test_arrays_kept_from_step_to_step_change_no_bit(sizes: list[int]) -> None:
    X, Y = examples(m=24, dtype=np.float32)
    kept, fresh, workspace = start("adam"), start("adam"), Workspace()
    for size in sizes:
        hyper = replace(RANDOM, batch_size=size)
        one = train_step(kept, X, Y, CROSS_ENTROPY, hyper, jitter, workspace)
        two = train_step(fresh, X, Y, CROSS_ENTROPY, hyper, jitter, Workspace())
        assert one == two
    np.testing.assert_array_equal(kept.network.theta, fresh.network.theta)


# Stopping, going on, changing on the way


def test_a_paused_loop_continues_as_if_never_paused() -> None:
    X, Y = examples(m=24, dtype=np.float32)
    whole, state_whole = run(0)
    state = start("adam")
    first = list(islice(train(state, X, Y, CROSS_ENTROPY, RANDOM, jitter), 11))
    rest = list(train(state, X, Y, CROSS_ENTROPY, RANDOM, jitter))
    assert [*first, *rest] == whole
    np.testing.assert_array_equal(state.network.theta, state_whole.network.theta)


def test_it_ends_after_its_iterations_and_goes_on_when_given_more() -> None:
    X, Y = examples(dtype=np.float32)
    state, hyper = start(), Hyperparameters(0.1, 5)
    assert [r.iteration for r in train(state, X, Y, CROSS_ENTROPY, hyper)] == [1, 2, 3, 4, 5]
    assert list(train(state, X, Y, CROSS_ENTROPY, hyper)) == []
    hyper.iterations = 7
    assert [r.iteration for r in train(state, X, Y, CROSS_ENTROPY, hyper)] == [6, 7]


def test_a_learning_rate_changed_on_the_way_holds_from_the_next_step() -> None:
    X, Y = examples(dtype=np.float32)
    state, hyper = start(), Hyperparameters(0.1, 4)
    steps: Iterator[StepRecord] = train(state, X, Y, CROSS_ENTROPY, hyper)
    assert next(steps).learning_rate == 0.1
    hyper.learning_rate = 0.0
    before = state.network.theta.copy()
    assert next(steps).learning_rate == 0.0
    np.testing.assert_array_equal(state.network.theta, before)
    hyper.learning_rate = 0.2
    assert next(steps).learning_rate == 0.2
    assert (state.network.theta != before).any()


def test_the_schedule_is_in_the_records() -> None:
    X, Y = examples(dtype=np.float32)
    hyper = Hyperparameters(0.5, 8, "step")
    rates = [r.learning_rate for r in train(start(), X, Y, CROSS_ENTROPY, hyper)]
    assert rates == pytest.approx([0.5] * 4 + [0.05] * 2 + [0.005] * 2)


@pytest.mark.parametrize("hidden", HIDDEN_ACTIVATIONS)
def test_zero_weights_keep_all_units_equal(hidden: str) -> None:
    X, Y = examples(m=30)
    net = Network.create(
        [3, 4, 4, 3], [hidden, hidden, "softmax"], zeros, rng=weights_rng(0), dtype=np.float64
    )
    state = TrainState.start(net, OPTIMIZERS["adam"], seed=0)
    for _ in train(state, X, Y, CROSS_ENTROPY, Hyperparameters(0.1, 20, batch_size=10)):
        for layer in net.layers[:-1]:  # every neuron of a hidden layer is its neighbor
            np.testing.assert_allclose(layer.W, np.broadcast_to(layer.W[0], layer.W.shape))
            np.testing.assert_allclose(layer.b, np.broadcast_to(layer.b[0], layer.b.shape))
    assert net.layers[-1].b.any()  # the output does learn how often each class comes


def test_divergence_shows_in_the_cost_without_a_warning() -> None:
    X, Y = examples(m=24, dtype=np.float32)
    hyper = Hyperparameters(1e30, 10)
    loss = LOSSES["half_squared_error"]
    net = Network.create([3, 8, 3], ["relu", "identity"], he, rng=weights_rng(0))
    state = TrainState.start(net, OPTIMIZERS["gradient_descent"], seed=0)
    costs = [record.cost for record in train(state, X, Y, loss, hyper)]
    assert np.isfinite(costs[0])
    assert not np.isfinite(costs[-1])


# Errors


def test_a_batch_size_of_zero_is_rejected() -> None:
    X, Y = examples()
    for batch_size in (0, -1):
        with pytest.raises(ValueError, match=f"batch_size is {batch_size}: give a number from 1"):
            train_step(start(), X, Y, CROSS_ENTROPY, Hyperparameters(0.1, 1, batch_size=batch_size))


@pytest.mark.parametrize("batch_size", [None, 2])
def test_no_examples_or_too_few_targets_are_rejected(batch_size: int | None) -> None:
    X, Y = examples(m=8)
    hyper = Hyperparameters(0.1, 1, batch_size=batch_size)
    for examples_, answers in ((X, Y[:, :5]), (X[:, :0], Y[:, :0]), (X, Y[0]), (X[0], Y)):
        with pytest.raises(ValueError, match="examples are columns, so both need"):
            train_step(start(), examples_, answers, CROSS_ENTROPY, hyper)


def test_continuing_an_epoch_with_other_examples() -> None:
    X, Y = examples(m=8)
    state, hyper = start(), Hyperparameters(0.1, 9, batch_size=3)
    train_step(state, X, Y, CROSS_ENTROPY, hyper)
    with pytest.raises(ValueError, match="in the middle of an epoch of 8 examples, but X has 6"):
        train_step(state, X[:, :6], Y[:, :6], CROSS_ENTROPY, hyper)


def test_denormal_moments_become_zero_and_change_no_parameter() -> None:
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(5, 20)).astype(np.float32), np.eye(3, dtype=np.float32)[:, [0, 1] * 10]
    network = Network.create([5, 8, 3], ["relu", "softmax"], he, rng=rng)
    state = TrainState.start(network, OPTIMIZERS["adam"], seed=0)
    records = train(state, X, Y, CROSS_ENTROPY, Hyperparameters(1e-3, 10_000))
    next(records)
    dead = slice(0, 5 * 8)  # the first W: with such biases none of its units is ever on
    network.layers[0].b[:] = -1e3
    m = state.optimizer_state["m"]
    assert np.any(m[dead])
    tiny = np.finfo(np.float32).tiny
    while state.iteration < 12 * DENORMAL_INTERVAL:
        next(records)
    assert not np.any(m[dead])
    assert np.all((m == 0) | (np.abs(m) >= tiny))
