"""Training: its whole state, one step of it, and the one loop."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netcore.array import Array, lookup
from netcore.losses import Loss
from netcore.network import Buffers, Network, micro_batches, n_parameters
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
ACCUMULATORS = 4  # sums that the gradients of a big batch's micro-batches are collected in


def accumulator_parts(m: int) -> list[list[slice]]:
    """The micro-batches of m examples that each accumulator sums: i goes to i mod ACCUMULATORS.

    >>> accumulator_parts(1_000)
    [[slice(0, 500, None)], [slice(500, 1000, None)]]
    """
    parts = micro_batches(m)
    return [parts[i::ACCUMULATORS] for i in range(min(ACCUMULATORS, len(parts)))]


def max_workers(m: int) -> int:
    """How many threads a step over m examples can be shared out between."""
    return len(accumulator_parts(m))


def workspace_size(layer_dims: Sequence[int], m: int) -> int:
    """How many numbers the workspace of a step over m examples holds: gradients, and Z, A, dZ and
    dA of every layer."""
    columns, n = micro_batches(m)[0].stop, max_workers(m)
    vectors = 1 if n == 1 else 1 + 2 * n  # a gradient; of each accumulator one, and a sum
    return vectors * n_parameters(layer_dims) + n * columns * 4 * sum(layer_dims[1:])


class Accumulator:
    """The sum of the gradients of some micro-batches, and the arrays to compute them in."""

    def __init__(self) -> None:
        self.buffers = Buffers()
        self._total = Buffers()

    def total(self, like: Array) -> Array:
        """The sum, a vector like theta, kept from step to step."""
        return self._total.gradient(like)


class Workspace:
    """Scratch: the arrays that the steps of one training share, and nothing that training needs
    to go on. Steps with another workspace, or with a fresh one each, give the same bits.

    workers   how many threads a big batch may be shared out between; no bit depends on it
    gradient  of the last step taken here, a vector like theta that the next step overwrites;
              None before the first
    """

    def __init__(self, workers: int = 1) -> None:
        self.workers = workers
        self.buffers = Buffers()
        self.accumulators = [Accumulator() for _ in range(ACCUMULATORS)]
        self.gradient: Array | None = None


@dataclass
class TrainState:
    """Everything that training changes. Saved and loaded, training goes on to the same bits.

    order_rng draws the order of the examples, noise_rng the dropout and the augmentation: two
    streams, so that two runs compared see the same batches whatever else differs.
    order is the order of the epoch in progress (None between epochs), position how many of its
    examples have been used.
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
    workspace: Workspace | None = None,
) -> Iterator[StepRecord]:
    """Take steps until hyper.iterations are done, giving a record after each.

    Nothing happens between two records: to pause, stop asking for more; to go on, ask again,
    or call again with the same state. `hyper` may be changed between two steps; a new batch
    size holds from the next step on, for what is left of the epoch.
    """
    workspace = workspace or Workspace()
    while state.iteration < hyper.iterations:
        yield train_step(state, X, Y, loss, hyper, augment, workspace)


def train_step(
    state: TrainState,
    X: Array,
    Y: Array,
    loss: Loss,
    hyper: Hyperparameters,
    augment: Augment | None = None,
    workspace: Workspace | None = None,
) -> StepRecord:
    """One step: the next minibatch of X (n_x, m) and Y (n_L, m), its gradient, the update."""
    workspace = workspace or Workspace()
    X_batch, Y_batch, epoch_ended = _next_batch(state, X, Y, hyper.batch_size, workspace.buffers)
    learning_rate = hyper.rate_at(state.iteration)
    with np.errstate(over="ignore", invalid="ignore"):  # divergence shows in the cost
        cost, gradient = cost_and_gradient(state, X_batch, Y_batch, loss, hyper, augment, workspace)
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
    workspace: Workspace | None = None,
) -> tuple[float, Array]:
    """J over these examples and its gradient, a vector like theta, with the L2 and L1 terms'.

    Very many examples go through in micro-batches, each weighted by its share: the same mean, in
    little memory. The gradient is the workspace's.
    """
    workspace = workspace or Workspace()
    network, m = state.network, X.shape[1]
    if max_workers(m) == 1:
        cost = _cost_of_part(state, workspace.buffers, X, Y, loss, hyper, augment)
        gradient = workspace.buffers.gradient(network.theta)
    else:
        cost, gradient = _accumulated(state, workspace, X, Y, loss, hyper, augment)
    workspace.gradient = gradient
    if hyper.l2 or hyper.l1:
        for layer, (dW, _) in zip(network.layers, network.unpack(gradient), strict=True):
            if hyper.l2:
                dW += hyper.l2 * layer.W
            if hyper.l1:
                dW += hyper.l1 * np.sign(layer.W)
    return cost, gradient


def _cost_of_part(
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


def _accumulated(
    state: TrainState,
    workspace: Workspace,
    X: Array,
    Y: Array,
    loss: Loss,
    hyper: Hyperparameters,
    augment: Augment | None,
) -> tuple[float, Array]:
    """J and its gradient over micro-batches, each weighted by its share of the examples.

    Micro-batch i is added to accumulator i mod ACCUMULATORS, and the accumulators in their order:
    the same bits whether one worker goes through them or several at once. Several are threads of
    Python, for NumPy works outside its lock: everything is shared out between the cores, not the
    products alone. Random numbers have one order, so with dropout or augmentation it is one
    worker.
    """
    m, theta = X.shape[1], state.network.theta
    parts = accumulator_parts(m)
    accumulators = workspace.accumulators[: len(parts)]

    def accumulate(i: int) -> float:
        buffers, total = accumulators[i].buffers, accumulators[i].total(theta)
        cost, total[:] = 0.0, 0
        with np.errstate(over="ignore", invalid="ignore"):  # a thread has its own
            for part in parts[i]:
                share = (part.stop - part.start) / m
                cost += share * _cost_of_part(
                    state, buffers, X[:, part], Y[:, part], loss, hyper, augment
                )
                gradient = buffers.gradient(theta)
                gradient *= share
                total += gradient
        return cost

    is_random = hyper.dropout or augment is not None
    if workspace.workers > 1 and not is_random:
        with ThreadPoolExecutor(workspace.workers) as threads:
            costs = list(threads.map(accumulate, range(len(accumulators))))
    else:
        costs = [accumulate(i) for i in range(len(accumulators))]
    gradient = workspace.buffers.gradient(theta)
    gradient[:] = 0
    for accumulator in accumulators:
        gradient += accumulator.total(theta)
    return sum(costs), gradient


def _next_batch(
    state: TrainState, X: Array, Y: Array, batch_size: int | None, buffers: Buffers
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
    return _columns(X, index, buffers, "X"), _columns(Y, index, buffers, "Y"), epoch_ended


def _columns(M: Array, index: NDArray[np.integer], buffers: Buffers, name: str) -> Array:
    """M[:, index] in a kept array. The index is a permutation's: clipping only spares a check."""
    out = buffers.matrix(name, M.shape[0], len(index), M.dtype, "F")
    np.take(M.T, index, axis=0, out=out.T, mode="clip")
    return out
