"""Prepares the next minibatch in another thread, while the current step is computed."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netcore.array import Array
from netcore.batches import Augment, Batch, Position, next_batch
from netcore.network import Buffers
from netcore.training import Hyperparameters, Workspace, max_workers


class PrefetchingWorkspace(Workspace):
    """A workspace whose minibatches are augmented ahead of their step. No bit depends on it.

    has_spare_core  whether another thread would have a core; asked at every step
    """

    def __init__(self, workers: int, has_spare_core: Callable[[], bool]) -> None:
        super().__init__(workers)
        self.has_spare_core = has_spare_core
        self._prefetcher: Prefetcher | None = None

    def batch(
        self, at: Position, X: Array, Y: Array, hyper: Hyperparameters, augment: Augment | None
    ) -> tuple[Batch, Augment | None]:
        """The next minibatch, and the augmentation that it still needs.

        Dropout draws from the same random stream after the augmentation, so with dropout nothing
        is drawn ahead. A batch that a step splits into micro-batches is augmented part by part.
        """
        size = hyper.batch_size
        fits = size is not None and 1 <= size < X.shape[-1] and max_workers(size) == 1
        if augment is not None and fits and not hyper.dropout and self.has_spare_core():
            self._prefetcher = self._prefetcher or Prefetcher()
            return self._prefetcher.next(at, X, Y, size, augment), None
        if self._prefetcher is not None:
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
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="next minibatch")
        self._buffers, self._spare = Buffers(), Buffers()  # of the current, and the next minibatch
        self._pending: _Pending | None = None

    def next(
        self, at: Position, X: Array, Y: Array, batch_size: int | None, augment: Augment
    ) -> Batch:
        """Return the next minibatch, augmented, and start to prepare the one after it."""
        pending = self._pending
        if pending is not None and _same(pending.inputs, _inputs(at, X, Y, batch_size, augment)):
            batch, after = pending.batch.result(), pending.following
            self._buffers, self._spare = self._spare, self._buffers
            at.order_rng, at.noise_rng = after.order_rng, after.noise_rng
            at.order, at.position = after.order, after.position
        else:
            self.wait()
            batch = _prepare(at, X, Y, batch_size, augment, self._buffers)
        following = _Copy(_twin(at.order_rng), _twin(at.noise_rng), at.order, at.position)
        self._pending = _Pending(
            _inputs(at, X, Y, batch_size, augment),
            following,
            self._thread.submit(_prepare, following, X, Y, batch_size, augment, self._spare),
        )
        return batch

    def wait(self) -> None:
        """Wait until nothing is being prepared, so that its inputs may be changed."""
        if self._pending is not None:
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


def _twin(rng: np.random.Generator) -> np.random.Generator:
    """A generator that draws the same numbers. (NumPy's own copy, by pickle, takes four times as
    long.)
    """
    twin = type(rng.bit_generator)(0)
    twin.state = rng.bit_generator.state
    return np.random.Generator(twin)
