"""The pathway of one example through a network: the activation of every unit, and the strongest
edges.

The contribution of an edge to the pre-activation z of a unit is w·a, the weight times the
activation of the unit it comes from.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netcore.array import Array
from netcore.network import Buffers, Network

MAX_UNITS = 8  # units of a layer, those of the largest activation, whose strongest edges are drawn
MAX_EDGES = 6  # edges into each of them


@dataclass(frozen=True, eq=False)
class Edges:
    """The edges into one layer: carried (k,) are their contributions w·a, from the units source
    (k,) of the layer before to units (k,) of this layer. Units count from 0.
    """

    source: NDArray[np.intp]
    unit: NDArray[np.intp]
    carried: Array


@dataclass(frozen=True, eq=False)
class Pathway:
    """A has the activations (n,) of the input and of each layer; edges has the edges into each
    layer.
    """

    A: list[Array]
    edges: list[Edges]


def pathway(network: Network, x: Array) -> Pathway:
    """The pathway of an example x (n_x, 1)."""
    with np.errstate(over="ignore", invalid="ignore"):
        caches = network.forward(x, Buffers())
        A = [x[:, 0], *(cache.A[:, 0] for cache in caches)]
        edges = [
            _strongest(layer.W, before, after)
            for layer, before, after in zip(network.layers, A[:-1], A[1:], strict=True)
        ]
    return Pathway(A, edges)


def _strongest(W: Array, before: Array, after: Array) -> Edges:
    """The strongest edges into the units of the largest activation."""
    units = _largest(np.abs(after), MAX_UNITS)
    with np.errstate(over="ignore", invalid="ignore"):
        carried = W[units] * before
    sources = _largest(np.abs(carried), MAX_EDGES)
    carried = np.take_along_axis(carried, sources, axis=1)
    drawn = np.isfinite(carried) & (carried != 0)
    return Edges(
        sources[drawn], np.broadcast_to(units[:, None], drawn.shape)[drawn], carried[drawn]
    )


def _largest(sizes: Array, n: int) -> NDArray[np.intp]:
    """The indices of the n largest entries along the last axis, largest first; nan counts as
    smallest.
    """
    sizes = np.where(np.isfinite(sizes), sizes, -1)
    n = min(n, sizes.shape[-1])
    found = np.argpartition(sizes, -n)[..., -n:]
    order = np.argsort(-np.take_along_axis(sizes, found, axis=-1), kind="stable")
    return np.take_along_axis(found, order, axis=-1)
