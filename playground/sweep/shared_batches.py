"""Runs that learn from the same minibatches share them: each is taken, and warped, once.

Runs of a sweep often differ in layers or rates alone. Their random streams begin with the same
seed, so each of them would draw the same minibatches with the same warps, which takes as long as
the rest of a small network's step.
"""

import time
from collections.abc import Hashable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netcore.array import Array
from netcore.batches import Augment, Batch, Position
from netcore.network import MICRO_BATCH, n_parameters
from netcore.training import Hyperparameters, Workspace
from playground.config import RunConfig
from playground.sweep.examples import DATA_SETTINGS, data_key
from playground.trainer import Trainer

TOGETHER = 10  # runs that train together at most: more would hardly make each one faster
# Their parameters: of large networks the warps are a small part of a step, and all of them and
# their moments would be read from memory in each.
PARAMETERS = 2_000_000
# What the minibatches depend on, and how many of them there are.
SETTINGS = (*DATA_SETTINGS, "seed", "batch_size", "augmentation", "dropout", "epochs")


def as_neighbors(values: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """The values of these runs, so ordered that those on the same minibatches follow each other.

    >>> runs = [{"width": w, "seed": s} for w in ("8", "16") for s in ("1", "2")]
    >>> ["width {width}, seed {seed}".format(**each) for each in as_neighbors(runs)]
    ['width 8, seed 1', 'width 16, seed 1', 'width 8, seed 2', 'width 16, seed 2']
    """
    places: dict[tuple[str | None, ...], int] = {}

    def place(each: Mapping[str, str]) -> int:
        return places.setdefault(tuple(each.get(name) for name in SETTINGS), len(places))

    return sorted(values, key=place)


def batches_key(config: RunConfig) -> Hashable:
    """Equal for runs that take the same minibatches at the same iterations; None for a run that
    shares with no other.

    Dropout draws from the random stream of the warps, as many numbers as there are units. A batch
    of several micro-batches is warped part by part within its step.
    """
    size = config.batch_size
    if config.dropout or size is None or size > MICRO_BATCH:
        return None
    return (*data_key(config), config.layers[-1], config.seed, size, config.augmentation)


def fitting(configs: Sequence[RunConfig]) -> int:
    """How many of these, from the first on, can train together."""
    total = 0
    for n, config in enumerate(configs[:TOGETHER]):
        total += n_parameters(config.layers)
        if n and total > PARAMETERS:
            return n
    return min(len(configs), TOGETHER)


class SharedBatches:
    """The last minibatch, how many there were, the seconds that taking it took, and the place in
    the epoch after it.
    """

    def __init__(self) -> None:
        self.taken = 0
        self.seconds = 0.0
        self.batch: Batch
        self.order: NDArray[np.integer] | None = None
        self.position = 0


class Sharing(Workspace):
    """The workspace of one of the runs. Who steps first takes the minibatch for all of them: from
    the random streams, which they share, too.

    spared  seconds that the run would have taken longer by itself
    """

    def __init__(self, shared: SharedBatches) -> None:
        super().__init__()
        self.spared = 0.0
        self._shared, self._taken = shared, 0

    def batch(
        self, at: Position, X: Array, Y: Array, hyper: Hyperparameters, augment: Augment | None
    ) -> tuple[Batch, Augment | None]:
        shared = self._shared
        self._taken += 1
        if self._taken > shared.taken:
            began = time.perf_counter()
            shared.batch, _ = super().batch(at, X, Y, hyper, augment)
            shared.seconds = time.perf_counter() - began
            shared.order, shared.position = at.order, at.position
            shared.taken = self._taken
        else:
            self.spared += shared.seconds
        at.order, at.position = shared.order, shared.position
        return shared.batch, None


def share_batches(trainers: Sequence[Trainer]) -> list[Sharing]:
    """Let these take each minibatch once; their workspaces. They are stepped in turns, and none is
    stepped again after it was left out.

    Raises ValueError if they would not take the same minibatches.
    """
    if not all(_same_place(*pair) for pair in pairwise(trainers)):
        raise ValueError("These runs do not take the same minibatches.")
    shared, first = SharedBatches(), trainers[0].state
    workspaces = [Sharing(shared) for _ in trainers]
    for trainer, workspace in zip(trainers, workspaces, strict=True):
        trainer.state.order_rng, trainer.state.noise_rng = first.order_rng, first.noise_rng
        trainer.compute_alone(workspace)
    return workspaces


def _same_place(one: Trainer, other: Trainer) -> bool:
    """Whether the next minibatches of both are the same."""
    return (
        batches_key(one.config) == batches_key(other.config) is not None
        and one.data is other.data
        and _place(one.state) == _place(other.state)
        and np.array_equal(_order(one.state), _order(other.state))
    )


def _place(at: Position) -> tuple[object, ...]:
    return at.order_rng.bit_generator.state, at.noise_rng.bit_generator.state, at.position


def _order(at: Position) -> NDArray[Any]:
    return np.empty(0) if at.order is None else at.order
