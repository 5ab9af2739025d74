"""Training: its whole state, one step of it, and the one loop."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from netcore.array import Array, lookup
from netcore.losses import Loss
from netcore.network import Buffers, Network, slices
from netcore.optimizers import Optimizer, State, drop_denormals
from netcore.schedules import SCHEDULES

Augment = Callable[[Array, np.random.Generator], Array]
"""X (n_x, m) -> X' (n_x, m): small random changes of examples that keep their labels."""


@dataclass
class Hyperparameters:
    """What may be turned while a network trains.

    learning_rate  α, before the schedule's factor
    schedule       a name of SCHEDULES
    batch_size     examples a step; None is all of them: full-batch gradient descent
    l2             λ: the gradient of (λ/2) Σ W² is added to that of J; biases are free of it
    l1             λ: that of λ Σ |W|, which drives weights to zero and keeps them there
    dropout        the share of hidden units left out in each step
    iterations     steps in the whole run: where the schedule ends, and the loop
    """

    learning_rate: float
    iterations: int
    schedule: str = "constant"
    batch_size: int | None = None
    l2: float = 0.0
    l1: float = 0.0
    dropout: float = 0.0

    def rate_at(self, iteration: int) -> float:
        """The learning rate of the step after this many: α times the schedule's factor."""
        schedule = lookup(SCHEDULES, self.schedule, "schedule")
        return self.learning_rate * schedule(iteration / self.iterations)


DENORMALS = 100  # steps between two looks for numbers that are slow to compute with
LANES = 4  # sums that the slices of a big batch are collected in


class Lane:
    """What one worker needs for its slices: arrays of its own, and the sum of their gradients."""

    def __init__(self) -> None:
        self.buffers = Buffers()
        self._total = Buffers()

    def total(self, like: Array) -> Array:
        """The sum, a vector like theta, kept from step to step."""
        return self._total.gradient(like)


@dataclass
class TrainState:
    """Everything that training changes. Saved and loaded, training goes on to the same bits.

    order_rng draws the order of the examples, noise_rng the dropout and the augmentation: two
    streams, so that two runs compared see the same batches whatever else differs.
    order is the order of the epoch in progress (None between epochs), position how many of its
    examples have been used.
    workers is how many threads a big batch may be shared out between; no bit depends on it.
    """

    network: Network
    optimizer: Optimizer
    optimizer_state: State
    order_rng: np.random.Generator
    noise_rng: np.random.Generator
    iteration: int = 0
    epoch: int = 0
    order: NDArray[np.integer] | None = None
    position: int = 0
    workers: int = 1
    buffers: Buffers = field(default_factory=Buffers, repr=False)
    lanes: list[Lane] = field(default_factory=lambda: [Lane() for _ in range(LANES)], repr=False)

    @classmethod
    def start(cls, network: Network, optimizer: Optimizer, *, seed: int) -> "TrainState":
        """The state before the first step. The same seed gives the same batches."""
        return cls(
            network,
            optimizer,
            optimizer.init(network.theta),
            np.random.default_rng([seed, 1]),
            np.random.default_rng([seed, 2]),
        )


def weights_rng(seed: int) -> np.random.Generator:
    """The stream that initial weights come from: apart from those of TrainState."""
    return np.random.default_rng([seed, 0])


@dataclass(frozen=True)
class StepRecord:
    """One step, as the charts show it.

    iteration      steps done, this one counted
    epoch          whole passes through the examples done
    epoch_ended    whether this step was the last of a pass
    cost           J of this step's examples, before the step; without the L2 term
    learning_rate  of this step
    """

    iteration: int
    epoch: int
    epoch_ended: bool
    cost: float
    learning_rate: float


def train(
    state: TrainState,
    X: Array,
    Y: Array,
    loss: Loss,
    hyper: Hyperparameters,
    augment: Augment | None = None,
) -> Iterator[StepRecord]:
    """Take steps until hyper.iterations are done, giving a record after each.

    Nothing happens between two records: to pause, stop asking for more; to go on, ask again,
    or call again with the same state. `hyper` may be changed between two steps; a new batch
    size holds from the next step on, for what is left of the epoch.
    """
    while state.iteration < hyper.iterations:
        yield train_step(state, X, Y, loss, hyper, augment)


def train_step(
    state: TrainState,
    X: Array,
    Y: Array,
    loss: Loss,
    hyper: Hyperparameters,
    augment: Augment | None = None,
) -> StepRecord:
    """One step: the next minibatch of X (n_x, m) and Y (n_L, m), its gradient, the update."""
    X_batch, Y_batch, epoch_ended = _next_batch(state, X, Y, hyper.batch_size)
    learning_rate = hyper.rate_at(state.iteration)
    with np.errstate(over="ignore", invalid="ignore"):  # divergence shows in the cost
        cost, gradient = cost_and_gradient(state, X_batch, Y_batch, loss, hyper, augment)
        state.iteration += 1
        state.optimizer.step(
            state.network.theta, gradient, state.optimizer_state, learning_rate, state.iteration
        )
    if state.iteration % DENORMALS == 0:
        drop_denormals(state.optimizer_state)
    state.epoch += epoch_ended
    return StepRecord(state.iteration, state.epoch, epoch_ended, cost, learning_rate)


def cost_and_gradient(
    state: TrainState,
    X: Array,
    Y: Array,
    loss: Loss,
    hyper: Hyperparameters,
    augment: Augment | None = None,
) -> tuple[float, Array]:
    """J over these examples and its gradient, a vector like theta, with the L2 and L1 terms'.

    Very many examples go through in slices, each weighted by its share: the same mean, in
    little memory.
    """
    network, m = state.network, X.shape[1]
    pieces = slices(m)
    if len(pieces) == 1:
        cost = _cost_of_slice(state, state.buffers, X, Y, loss, hyper, augment)
        gradient = state.buffers.gradient(network.theta)
    else:
        cost, gradient = _cost_in_lanes(state, X, Y, loss, hyper, augment, pieces)
    if hyper.l2 or hyper.l1:
        for layer, (dW, _) in zip(network.layers, network.unpack(gradient), strict=True):
            if hyper.l2:
                dW += hyper.l2 * layer.W
            if hyper.l1:
                dW += hyper.l1 * np.sign(layer.W)
    return cost, gradient


def _cost_of_slice(
    state: TrainState,
    buffers: Buffers,
    X: Array,
    Y: Array,
    loss: Loss,
    hyper: Hyperparameters,
    augment: Augment | None,
) -> float:
    """J over these examples; its gradient is in the buffers afterwards."""
    if augment is not None:
        X = augment(X, state.noise_rng)
    caches = state.network.forward(X, buffers, dropout=hyper.dropout, rng=state.noise_rng)
    state.network.backward(caches, Y, loss, buffers)
    return loss.value(caches[-1].A, Y)


def _cost_in_lanes(
    state: TrainState,
    X: Array,
    Y: Array,
    loss: Loss,
    hyper: Hyperparameters,
    augment: Augment | None,
    pieces: list[slice],
) -> tuple[float, Array]:
    """J and its gradient over slices, each weighted by its share of the examples.

    Slice i is summed in lane i mod LANES, and the lanes in their order: the same bits whether
    one worker goes through them or several at once. Several are threads of Python, for NumPy
    works outside its lock: everything is shared out between the cores, not the products alone.
    Chance has one order, so with dropout or augmentation it is one worker.
    """
    m, theta = X.shape[1], state.network.theta
    lanes = state.lanes[: len(pieces)]

    def go_through(i: int) -> float:
        buffers, total = lanes[i].buffers, lanes[i].total(theta)
        cost, total[:] = 0.0, 0
        with np.errstate(over="ignore", invalid="ignore"):  # a thread has its own
            for piece in pieces[i :: len(lanes)]:
                share = (piece.stop - piece.start) / m
                cost += share * _cost_of_slice(
                    state, buffers, X[:, piece], Y[:, piece], loss, hyper, augment
                )
                gradient = buffers.gradient(theta)
                gradient *= share
                total += gradient
        return cost

    chance = hyper.dropout or augment is not None
    if state.workers > 1 and not chance:
        with ThreadPoolExecutor(state.workers) as threads:
            costs = list(threads.map(go_through, range(len(lanes))))
    else:
        costs = [go_through(i) for i in range(len(lanes))]
    gradient = state.buffers.gradient(theta)
    gradient[:] = 0
    for lane in lanes:
        gradient += lane.total(theta)
    return sum(costs), gradient


def _next_batch(
    state: TrainState, X: Array, Y: Array, batch_size: int | None
) -> tuple[Array, Array, bool]:
    """The next examples of the epoch's order, and whether they are its last.

    A full batch is X as it is, no copy; in the middle of an epoch it is the whole of it again.
    """
    if X.ndim != 2 or Y.ndim != 2 or not 0 < X.shape[1] == Y.shape[1]:
        raise ValueError(
            f"X has shape {X.shape}, Y has shape {Y.shape}: every example is a column of both."
        )
    m = X.shape[1]
    if batch_size is None or batch_size >= m:
        state.order, state.position = None, 0
        return X, Y, True
    if batch_size < 1:
        raise ValueError(f"batch_size is {batch_size}: give a number from 1, or None for all.")
    if state.order is not None and len(state.order) != m:
        raise ValueError(
            f"The state is amid an epoch of {len(state.order)} examples, X has {m}: "
            "go on with the examples it was trained on."
        )
    if state.order is None:
        state.order, state.position = state.order_rng.permutation(m), 0
    index = state.order[state.position : state.position + batch_size]
    state.position += len(index)
    if epoch_ended := state.position == m:
        state.order, state.position = None, 0
    buffers = state.buffers
    return _columns(X, index, buffers, "X"), _columns(Y, index, buffers, "Y"), epoch_ended


def _columns(M: Array, index: NDArray[np.integer], buffers: Buffers, name: str) -> Array:
    """M[:, index] in a kept array. The index is a permutation's: clipping only spares a check."""
    out = buffers.matrix(name, M.shape[0], len(index), M.dtype, "F")
    np.take(M.T, index, axis=0, out=out.T, mode="clip")
    return out
