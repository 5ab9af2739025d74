"""Minibatches: choosing the next one, and preparing it while the current step is computed."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from netcore.array import Array
from netcore.network import Buffers

Augment = Callable[[Array, np.random.Generator], Array]
"""X (n_x, m) -> X' (n_x, m): data augmentation, small random changes that keep the labels."""


class Position(Protocol):
    """The position of training in its sequence of minibatches: the part of TrainState that taking
    the next minibatch changes.

    order is the order of the current epoch (None between epochs), and position the number of its
    examples already used. order_rng draws the orders, noise_rng the augmentation.
    """

    order_rng: np.random.Generator
    noise_rng: np.random.Generator
    order: NDArray[np.integer] | None
    position: int


@dataclass
class _Copy:
    """A copy of a position. Taking minibatches from it does not change the training."""

    order_rng: np.random.Generator
    noise_rng: np.random.Generator
    order: NDArray[np.integer] | None
    position: int


@dataclass(frozen=True, eq=False)
class Batch:
    """X (n_x, m) and Y (n_L, m) of a step, and whether it is the last of its epoch."""

    X: Array
    Y: Array
    epoch_ended: bool


@dataclass(frozen=True, eq=False)
class _Pending:
    """A minibatch in preparation: the inputs it is prepared from, and the position after it."""

    inputs: tuple[object, ...]
    following: _Copy
    batch: Future[Batch]


class Prefetch:
    """Prepares the next minibatch in another thread, while the current step is computed.

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


def next_batch(at: Position, X: Array, Y: Array, batch_size: int | None, buffers: Buffers) -> Batch:
    """The next batch in the epoch's order, and whether it is the last of the epoch.

    A full batch is X itself, not a copy. It takes all examples even in the middle of an epoch,
    which happens when the batch size was changed.
    """
    if X.ndim != 2 or Y.ndim != 2 or not 0 < X.shape[1] == Y.shape[1]:
        raise ValueError(
            f"X has shape {X.shape}, Y has shape {Y.shape}: examples are columns, so both need "
            "the same number of columns, at least one."
        )
    m = X.shape[1]
    if batch_size is None or batch_size >= m:
        at.order, at.position = None, 0
        return Batch(X, Y, epoch_ended=True)
    if batch_size < 1:
        raise ValueError(f"batch_size is {batch_size}: give a number from 1, or None for all.")
    if at.order is not None and len(at.order) != m:
        raise ValueError(
            f"The state is in the middle of an epoch of {len(at.order)} examples, but X has "
            f"{m}: continue with the examples it was trained on."
        )
    if at.order is None:
        at.order, at.position = at.order_rng.permutation(m), 0
    index = at.order[at.position : at.position + batch_size]
    at.position += len(index)
    if epoch_ended := at.position == m:
        at.order, at.position = None, 0
    return Batch(_columns(X, index, buffers, "X"), _columns(Y, index, buffers, "Y"), epoch_ended)


def _columns(M: Array, index: NDArray[np.integer], buffers: Buffers, name: str) -> Array:
    """M[:, index], in a reused array. mode="clip" skips the check that the index is in range, which
    it is as part of a permutation.
    """
    out = buffers.matrix(name, M.shape[0], len(index), M.dtype, "F")
    np.take(M.T, index, axis=0, out=out.T, mode="clip")
    return out
