"""Prepares the next minibatch in another thread, while the current step is computed."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netcore.array import Array
from netcore.batches import Augment, Batch, Position, next_batch
from netcore.network import MICRO_BATCH, Buffers
from netcore.training import Hyperparameters, Workspace
from playground.pool import Pool
from playground.random_streams import copy_of_rng


class PrefetchingWorkspace(Workspace):
    """A workspace with threads: they share a step, or augment a minibatch ahead of its step. No bit
    depends on it.

    threads  the number of threads that would each have a core; asked at every step
    """

    def __init__(self, threads: Callable[[], int]) -> None:
        super().__init__()
        self.threads = threads
        self._pool: Pool | None = None
        self._prefetcher = Prefetcher()

    @property
    def pool(self) -> Pool | None:
        """The threads of the next step; None if it has one."""
        if (workers := self.threads()) < 2:
            return None
        if self._pool is None or self._pool.workers != workers:
            self._pool = Pool(workers)
        return self._pool

    def batch(
        self, at: Position, X: Array, Y: Array, hyper: Hyperparameters, augment: Augment | None
    ) -> tuple[Batch, Augment | None]:
        """The next minibatch, and the augmentation that it still needs.

        Dropout draws from the same random stream after the augmentation, so with dropout nothing
        is drawn ahead. A batch of more than one micro-batch is augmented part by part.
        """
        size, pool = hyper.batch_size, self.pool
        self.map = map if pool is None else pool.map
        fits = size is not None and 1 <= size < X.shape[-1] and size <= MICRO_BATCH
        if augment is not None and fits and not hyper.dropout and pool is not None:
            return self._prefetcher.next(pool, at, X, Y, size, augment), None
        self._prefetcher.wait()
        return super().batch(at, X, Y, hyper, augment)


@dataclass
class _Copy:
    """A copy of a position. Taking minibatches from it does not change the training."""

    order_rng: np.random.Generator
    noise_rng: np.random.Generator
    order: NDArray[np.integer] | None
    position: int


@dataclass(frozen=True, eq=False)
class _Pending:
    """A minibatch in preparation: the inputs it is prepared from, and the position after it."""

    inputs: tuple[object, ...]
    following: _Copy
    batch: Future[Batch]


class Prefetcher:
    """Prepares the minibatch after the one that it returns.

    It draws from copies of the random streams, which training takes over with the minibatch. So no
    bit depends on when a minibatch was prepared, and a prepared minibatch that is not used has no
    effect.
    """

    def __init__(self) -> None:
        self._buffers, self._spare = Buffers(), Buffers()  # of the current, and the next minibatch
        self._pending: _Pending | None = None

    def next(
        self,
        pool: Pool,
        at: Position,
        X: Array,
        Y: Array,
        batch_size: int | None,
        augment: Augment,
    ) -> Batch:
        """Return the next minibatch, augmented, and let the pool prepare the one after it. One that
        no thread has begun to prepare is prepared here: it waits for no core.
        """
        pending, inputs = self._pending, _inputs(at, X, Y, batch_size, augment)
        if pending and _same(pending.inputs, inputs) and not pending.batch.cancel():
            batch, after = pending.batch.result(), pending.following
            self._buffers, self._spare = self._spare, self._buffers
            at.order_rng, at.noise_rng = after.order_rng, after.noise_rng
            at.order, at.position = after.order, after.position
        else:
            self.wait()
            batch = _prepare(at, X, Y, batch_size, augment, self._buffers)
        following = _Copy(
            copy_of_rng(at.order_rng), copy_of_rng(at.noise_rng), at.order, at.position
        )
        self._pending = _Pending(
            _inputs(at, X, Y, batch_size, augment),
            following,
            pool.submit(_prepare, following, X, Y, batch_size, augment, self._spare),
        )
        return batch

    def wait(self) -> None:
        """Wait until nothing is being prepared, so that its inputs may be changed."""
        if self._pending is not None and not self._pending.batch.cancel():
            self._pending.batch.exception()
        self._pending = None


def _inputs(
    at: Position, X: Array, Y: Array, batch_size: int | None, augment: Augment
) -> tuple[object, ...]:
    """All that a minibatch depends on: a change of any of them makes a prepared one useless."""
    return X, Y, augment, at.order_rng, at.noise_rng, at.order, (at.position, batch_size)


def _same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    """Whether these are the same objects, and the same numbers at the end."""
    return one[-1] == other[-1] and all(a is b for a, b in zip(one[:-1], other[:-1], strict=True))


def _prepare(
    at: Position, X: Array, Y: Array, batch_size: int | None, augment: Augment, buffers: Buffers
) -> Batch:
    batch = next_batch(at, X, Y, batch_size, buffers)
    return Batch(augment(batch.X, at.noise_rng), batch.Y, batch.epoch_ended)
