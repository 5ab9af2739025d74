"""One example's way through a network: what every unit gives, and the weights that carry most.

An edge is a weight times what comes along it, w·a: what it adds to the unit's z.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netcore.array import Array
from netcore.network import Buffers, Network

MOST_UNITS = 8  # of a layer, those that give most: their strongest edges are drawn
MOST_EDGES = 6  # of each


@dataclass(frozen=True, eq=False)
class Edges:
    """Those into one layer: carried (k,) is w·a, from units (k,) of the layer before, source, to
    units (k,) of this one; both count from 0."""

    source: NDArray[np.intp]
    unit: NDArray[np.intp]
    carried: Array


@dataclass(frozen=True, eq=False)
class Pathway:
    """A  what the input and each layer give, (n,) each; edges into each layer after the input."""

    A: list[Array]
    edges: list[Edges]


def pathway(network: Network, x: Array) -> Pathway:
    """The way of an example x (n_x, 1)."""
    with np.errstate(over="ignore", invalid="ignore"):
        caches = network.forward(x, Buffers())
        A = [x[:, 0], *(cache.A[:, 0] for cache in caches)]
        edges = [
            _strongest(layer.W, before, after)
            for layer, before, after in zip(network.layers, A[:-1], A[1:], strict=True)
        ]
    return Pathway(A, edges)


def _strongest(W: Array, before: Array, after: Array) -> Edges:
    """The strongest edges into the units that give most. Only theirs are worked out."""
    units = _largest(np.abs(after), MOST_UNITS)
    with np.errstate(over="ignore", invalid="ignore"):
        carried = W[units] * before
    sources = _largest(np.abs(carried), MOST_EDGES)
    carried = np.take_along_axis(carried, sources, axis=1)
    drawn = np.isfinite(carried) & (carried != 0)
    return Edges(
        sources[drawn], np.broadcast_to(units[:, None], drawn.shape)[drawn], carried[drawn]
    )


def _largest(sizes: Array, n: int) -> NDArray[np.intp]:
    """Where the n largest are, along the last axis, largest first; no number counts as none."""
    sizes = np.where(np.isfinite(sizes), sizes, -1)
    n = min(n, sizes.shape[-1])
    found = np.argpartition(sizes, -n)[..., -n:]
    order = np.argsort(-np.take_along_axis(sizes, found, axis=-1), kind="stable")
    return np.take_along_axis(found, order, axis=-1)
