"""One example's way through a network: what every unit gives, and the weights that carry most.

An edge is a weight times what comes along it, w·a: what it adds to the unit's z.
"""

from dataclasses import dataclass

import numpy as np

from netcore.array import Array
from netcore.network import Buffers, Network

MOST_UNITS = 8  # of a layer, those that give most: their strongest edges are drawn
MOST_EDGES = 6  # of each


@dataclass(frozen=True)
class Edge:
    """w·a, from a unit of the layer before to one of a layer; both count from 0."""

    source: int
    unit: int
    carried: float


@dataclass(frozen=True, eq=False)
class Pathway:
    """A  what the input and each layer give, (n,) each; edges of each layer after the input."""

    A: list[Array]
    edges: list[list[Edge]]


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


def _strongest(W: Array, before: Array, after: Array) -> list[Edge]:
    """The strongest edges into the units that give most. Only theirs are worked out."""
    units = np.argsort(-np.nan_to_num(np.abs(after)))[:MOST_UNITS]
    edges = []
    for unit in units:
        carried = np.nan_to_num(W[unit] * before, posinf=0.0, neginf=0.0)
        for source in np.argsort(-np.abs(carried))[:MOST_EDGES]:
            if carried[source]:
                edges.append(Edge(int(source), int(unit), float(carried[source])))
    return edges
