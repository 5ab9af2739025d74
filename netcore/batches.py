"""Minibatches: the next one of an epoch, in the epoch's random order."""

from collections.abc import Callable
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


@dataclass(frozen=True, eq=False)
class Batch:
    """X (n_x, m) and Y (n_L, m) of a step, and whether it is the last of its epoch."""

    X: Array
    Y: Array
    epoch_ended: bool


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
