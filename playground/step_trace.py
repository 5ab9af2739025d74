"""All matrices of a training step: exactly the step that the run would take next.

Nothing is computed in a second way. A copy of the run's state takes the step through netcore's own
`train_step`, with a network that records its caches and gradients. So every number is the one of
training, bit for bit, random ones included: the copy has the same random state.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from data.dataset import Dataset, Splits
from netcore.array import Array
from netcore.losses import Loss
from netcore.matmul import Map
from netcore.network import Buffers, Cache, Grads, Network, micro_batches
from netcore.optimizers import Optimizer, State
from netcore.training import Hyperparameters, StepRecord, TrainState, Workspace
from playground.config import RunConfig
from playground.cpu_semaphore import CPU_SEMAPHORE
from playground.random_streams import copy_of_rng
from playground.trainer import Trainer

NEXT: Final = "next"
WHOLE: Final = "whole"
MAX_CHOSEN = 256


@dataclass(frozen=True, eq=False)
class Chosen:
    """Examples that somebody chose, whether or not the run trains on them."""

    name: str
    data: Dataset


Batch = int | Chosen | Literal["next", "whole"]
"""The run's next minibatch, the whole training set, this many of its first examples, or others."""


@dataclass(frozen=True, eq=False)
class StepTrace:
    """A step: its batch, and the results of forward, backward and update.

    batch           which examples; NEXT for those that the run itself will take
    m               the number of examples
    parts           1 if the matrices below are of all examples, else the number of micro-batches,
                    of which they are the first one
    Y               the targets (n_L, columns shown)
    caches, grads   of every layer, from forward and backward
    gradient        of the whole batch, with the L2 and L1 terms, as the optimizer gets it
    before, after   the network before and after the update
    moments_before, moments_after  the optimizer's vectors
    cost, cost_after  of these examples, with the same dropout and warps
    A_after         the prediction for the columns shown, after the update
    """

    config: RunConfig
    hyper: Hyperparameters
    loss: Loss
    optimizer: Optimizer
    batch: Batch
    iteration: int
    m: int
    parts: int
    Y: Array
    caches: list[Cache]
    grads: list[Grads]
    gradient: Array
    before: Network
    after: Network
    moments_before: State
    moments_after: State
    cost: float
    cost_after: float
    A_after: Array
    learning_rate: float

    @property
    def L(self) -> int:
        """The number of layers, without the input."""
        return len(self.caches)

    @property
    def X(self) -> Array:
        """The examples as the network gets them: warped, if the run uses augmentation."""
        return self.caches[0].A_prev

    @property
    def labels(self) -> NDArray[np.integer]:
        """The class of each column."""
        return self.Y.argmax(axis=0) if len(self.Y) > 1 else (self.Y[0] > 0.5).astype(np.intp)


def copy_of(trainer: Trainer) -> Trainer:
    """A trainer that would take the same steps, and shares nothing that either of them changes. It
    is quick: for Run.between_steps.
    """
    twin = copy(trainer)
    twin.state = copy_of_state(trainer.state)
    twin.release()
    return twin


def copy_of_state(state: TrainState) -> TrainState:
    """The same state with its own arrays."""
    return TrainState(
        state.network.copy(),
        state.optimizer,
        {name: vector.copy() for name, vector in state.optimizer_state.items()},
        copy_of_rng(state.order_rng),
        copy_of_rng(state.noise_rng),
        state.iteration,
        state.epoch,
        state.order,
        state.position,
    )


def take_apart(trainer: Trainer, batch: Batch = NEXT) -> StepTrace:
    """The step that this trainer would take next. The trainer does not change."""
    start = _with_batch(copy_of(trainer), batch)
    twin = copy_of_state(start.state)
    seen = _Recorder(twin.network)
    twin.network = seen
    with CPU_SEMAPHORE.acquire(1):
        workspace = Workspace()
        record = _step(start, twin, workspace)
        assert workspace.gradient is not None
        again = copy_of_state(start.state)  # the same random numbers again, with the new weights
        again.network = seen_after = _Recorder(seen.copy())
        cost_after = _step(start, again, Workspace()).cost
    m = seen.columns
    return StepTrace(
        config=trainer.config,
        hyper=start.hyper,
        loss=start.loss,
        optimizer=twin.optimizer,
        batch=batch,
        iteration=trainer.state.iteration,
        m=m,
        parts=len(micro_batches(m)),
        Y=seen.Y,
        caches=seen.caches,
        grads=seen.grads,
        gradient=_kept(workspace.gradient),
        before=start.state.network,
        after=seen.copy(),
        moments_before=start.state.optimizer_state,
        moments_after=twin.optimizer_state,
        cost=record.cost,
        cost_after=cost_after,
        A_after=seen_after.caches[-1].A,
        learning_rate=record.learning_rate,
    )


class _Recorder(Network):
    """A network that records copies of the results of its first micro-batch."""

    def __init__(self, network: Network) -> None:
        super().__init__(network.layer_dims, network.activations, network.theta)
        self.caches: list[Cache] = []
        self.grads: list[Grads] = []
        self.Y: Array = np.empty((0, 0))
        self.columns = 0  # in all micro-batches

    def backward(
        self,
        caches: list[Cache],
        Y: Array,
        loss: Loss,
        buffers: Buffers | None = None,
        *,
        gradient: Array | None = None,
        m: int | None = None,
        with_dX: bool = False,
        map: Map | None = None,
    ) -> list[Grads]:
        grads = super().backward(
            caches, Y, loss, buffers, gradient=gradient, m=m, with_dX=with_dX, map=map
        )
        self.columns += Y.shape[1]
        if not self.caches:
            self.Y = _kept(Y)
            self.caches = [
                Cache(_kept(c.A_prev), _kept(c.Z), _kept(c.A), None if c.D is None else _kept(c.D))
                for c in caches
            ]
            self.grads = [
                Grads(
                    _kept(g.dW),
                    _kept(g.db),
                    _kept(g.dZ),
                    None if g.dA_prev is None else _kept(g.dA_prev),
                )
                for g in grads
            ]
        return grads


def _kept(M: Array) -> Array:
    return M.copy(order="K")


def _with_batch(trainer: Trainer, batch: Batch) -> Trainer:
    """The trainer, about to take a step on these examples, from the training set in its order."""
    if batch == NEXT:
        return trainer
    train = trainer.data.train
    if isinstance(batch, int):
        if not 1 <= batch <= MAX_CHOSEN:
            raise ValueError(f"A batch of {batch} examples: give a number from 1 to {MAX_CHOSEN}.")
        train = train.first(batch)
    elif isinstance(batch, Chosen):
        train = batch.data
    chosen = Trainer(trainer.config, Splits(train, trainer.data.validation), trainer.state)
    # Whatever depends on the size of the training set does not change: the length of the run, and
    # the class weights.
    chosen.hyper = replace(trainer.hyper, batch_size=None)
    chosen.loss = trainer.loss
    return chosen


def _step(trainer: Trainer, state: TrainState, workspace: Workspace) -> StepRecord:
    """Take this trainer's step on another state, in another workspace."""
    trainer = copy(trainer)
    trainer.state, trainer._workspace = state, workspace
    return trainer.step()


@dataclass(frozen=True)
class Path:
    """One example, and one unit of every layer including the input: the selected entries of all
    matrices. Every entry of every matrix lies on such a path.
    """

    example: int
    units: tuple[int, ...]

    def with_unit(self, layer: int, unit: int) -> "Path":
        return replace(self, units=(*self.units[:layer], unit, *self.units[layer + 1 :]))

    def fits(self, layer_dims: Sequence[int], columns: int) -> bool:
        return len(self.units) == len(layer_dims) and all(
            unit < n
            for unit, n in zip((self.example, *self.units), (columns, *layer_dims), strict=True)
        )


def strongest_path(step: StepTrace) -> Path:
    """For the first example, the path from its class back to a pixel along the largest
    contributions.
    """
    unit = int(step.labels[0]) if len(step.Y) > 1 else 0
    units = [unit]
    for layer, cache in zip(step.before.layers[::-1], step.caches[::-1], strict=True):
        unit = int(np.abs(layer.W[unit] * cache.A_prev[:, 0]).argmax())
        units.append(unit)
    return Path(0, tuple(reversed(units)))
