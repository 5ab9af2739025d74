"""Training: its state, one step of it, and the loop."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from netcore.array import Array, lookup
from netcore.batches import Augment, Batch, Position, next_batch
from netcore.losses import Loss
from netcore.matmul import Map, is_shared
from netcore.network import MICRO_BATCH, Buffers, Network, micro_batches, n_parameters
from netcore.optimizers import Optimizer, State, drop_denormals
from netcore.schedules import SCHEDULES


@dataclass
class Hyperparameters:
    """The hyperparameters that may be changed while a network trains.

    learning_rate  α, before the schedule's factor
    schedule       a name of SCHEDULES
    batch_size     examples in a step; None for all of them (full-batch gradient descent)
    l2             λ of the penalty (λ/2) Σ W², whose gradient is added to dW, not to db
    l1             λ of the penalty λ Σ |W|, in the same way; it drives weights to zero
    dropout        the probability that a hidden unit is dropped in a step
    iterations     steps in the whole run, after which the loop and the schedule end
    """

    learning_rate: float
    iterations: int
    schedule: str = "constant"
    batch_size: int | None = None
    l2: float = 0.0
    l1: float = 0.0
    dropout: float = 0.0

    def rate_at(self, iteration: int) -> float:
        """The learning rate after this many iterations: α times the schedule's factor."""
        schedule = lookup(SCHEDULES, self.schedule, "schedule")
        return self.learning_rate * schedule(iteration / self.iterations)


DENORMAL_INTERVAL = 100  # steps after which denormal numbers in the optimizer's state are dropped
ACCUMULATORS = 4  # gradient accumulators that the micro-batches of a batch are shared between


def accumulator_micro_batches(m: int) -> list[list[slice]]:
    """The micro-batches of each accumulator: micro-batch i goes to i mod ACCUMULATORS.

    >>> accumulator_micro_batches(1_000)
    [[slice(0, 500, None)], [slice(500, 1000, None)]]
    """
    batches = micro_batches(m)
    return [batches[i::ACCUMULATORS] for i in range(min(ACCUMULATORS, len(batches)))]


def max_workers(layer_dims: Sequence[int], m: int) -> int:
    """The largest number of threads that can share a step over m examples: its micro-batches, or
    the products of a single one.
    """
    if m > MICRO_BATCH:
        return len(accumulator_micro_batches(m))
    return 2 if any(is_shared(n, k, m) for k, n in pairwise(layer_dims)) else 1


def workspace_size(layer_dims: Sequence[int], m: int) -> int:
    """The number of array entries in the workspace of a step over m examples: the gradients, and
    Z, A, dZ and dA of every layer."""
    accumulators = accumulator_micro_batches(m)
    n, columns = len(accumulators), accumulators[0][0].stop
    vectors = 2 * n if m > n * columns else n  # sums of gradients, and gradients to be added
    return vectors * n_parameters(layer_dims) + n * columns * 4 * sum(layer_dims[1:])


class Workspace:
    """Scratch arrays and threads that training steps reuse. It is no part of the training state:
    steps with another workspace give the same bits.

    map       like Python's map, which does the shares of a step one after another; with one that
              has several threads, no bit is different
    gradient  the gradient of the last step, of theta's layout, or None before the first step;
              the next step overwrites it
    """

    def __init__(self, map: Map = map) -> None:
        self.map = map
        self.buffers = [Buffers() for _ in range(ACCUMULATORS)]
        self.gradient: Array | None = None

    def batch(
        self, at: Position, X: Array, Y: Array, hyper: Hyperparameters, augment: Augment | None
    ) -> tuple[Batch, Augment | None]:
        """The next minibatch, and the augmentation that it still needs: a batch of more than one
        micro-batch is augmented part by part.
        """
        batch = next_batch(at, X, Y, hyper.batch_size, self.buffers[0])
        if augment is None or batch.X.shape[1] > MICRO_BATCH:
            return batch, augment
        return replace(batch, X=augment(batch.X, at.noise_rng)), None


@dataclass
class TrainState:
    """Everything that training changes. Training that continues from a saved state gives the same
    bits as training that was never interrupted.

    order_rng draws the order of the examples, and noise_rng the dropout and the augmentation. They
    are two streams, so that two runs see the same batches even if their dropout differs.
    order is the order of the current epoch (None between epochs), and position the number of its
    examples already used.
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
        """The state before the first step. Equal seeds give equal batches."""
        return cls(
            network,
            optimizer,
            optimizer.init(network.theta),
            np.random.default_rng([seed, 1]),
            np.random.default_rng([seed, 2]),
        )


def weights_rng(seed: int) -> np.random.Generator:
    """The random stream of weight initialization, apart from the two of TrainState."""
    return np.random.default_rng([seed, 0])


@dataclass(frozen=True)
class StepRecord:
    """The record of one step, for curves.

    iteration      steps taken so far, including this one
    epoch          complete passes through the examples so far
    epoch_ended    whether this step was the last of an epoch
    cost           batch cost: J of this step's batch before the update, without penalties
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
    """Take steps until hyper.iterations are done, and yield a record after each.

    Training stands still between two records. To pause, take no further record; to go on, take
    the next one, or call again with the same state. `hyper` may be changed between two steps; a
    new batch size applies from the next step on, within the same epoch.
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
    """Take one step: the next batch of X (n_x, m) and Y (n_L, m), its gradient, the update."""
    workspace = workspace or Workspace()
    batch, augment = workspace.batch(state, X, Y, hyper, augment)
    learning_rate = hyper.rate_at(state.iteration)
    with np.errstate(over="ignore", invalid="ignore"):  # divergence shows in the cost
        cost, gradient = cost_and_gradient(state, batch.X, batch.Y, loss, hyper, augment, workspace)
        state.iteration += 1
        state.optimizer.step(
            state.network.theta, gradient, state.optimizer_state, learning_rate, state.iteration
        )
    if state.iteration % DENORMAL_INTERVAL == 0:
        drop_denormals(state.optimizer_state)
    state.epoch += batch.epoch_ended
    return StepRecord(state.iteration, state.epoch, batch.epoch_ended, cost, learning_rate)


def cost_and_gradient(
    state: TrainState,
    X: Array,
    Y: Array,
    loss: Loss,
    hyper: Hyperparameters,
    augment: Augment | None = None,
    workspace: Workspace | None = None,
) -> tuple[float, Array]:
    """J over these examples, and the gradient of J plus penalties, of theta's layout.

    A big batch is processed in micro-batches. Micro-batch i is added to accumulator i mod
    ACCUMULATORS, and the accumulators are added in their order. So the bits do not depend on how
    many threads share the accumulators; nor on how many share the products of a batch that is a
    single micro-batch. The gradient lies in the workspace.
    """
    workspace = workspace or Workspace()
    network, theta, m = state.network, state.network.theta, X.shape[1]
    batches = accumulator_micro_batches(m)
    of_products = workspace.map if m <= MICRO_BATCH else None

    def accumulate(i: int) -> float:
        buffers, cost = workspace.buffers[i], 0.0
        total = buffers.vector("total", theta)
        for k, columns in enumerate(batches[i]):
            X_part, Y_part = X[:, columns], Y[:, columns]
            if augment is not None:
                X_part = augment(X_part, state.noise_rng)
            gradient = buffers.vector("gradient", theta) if k else total
            caches = network.forward(
                X_part, buffers, dropout=hyper.dropout, rng=state.noise_rng, map=of_products
            )
            network.backward(caches, Y_part, loss, buffers, gradient=gradient, m=m, map=of_products)
            cost += Y_part.shape[1] / m * loss.value(caches[-1].A, Y_part)
            if k:
                total += gradient
        return cost

    is_random = hyper.dropout or augment is not None  # random numbers have one order
    mapped = map if is_random or len(batches) == 1 else workspace.map
    cost = sum(mapped(accumulate, range(len(batches))))
    totals = [each.vector("total", theta) for each in workspace.buffers[: len(batches)]]
    workspace.gradient = gradient = totals[0]
    for total in totals[1:]:
        gradient += total
    if hyper.l2 or hyper.l1:
        for layer, (dW, _) in zip(network.layers, network.unpack(gradient), strict=True):
            if hyper.l2:
                dW += hyper.l2 * layer.W
            if hyper.l1:
                dW += hyper.l1 * np.sign(layer.W)
    return cost, gradient
