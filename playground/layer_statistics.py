"""Statistics of the layers of a network in training: gradients, updates, dead units,
activations.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netcore.activations import Activation
from netcore.array import Array
from netcore.network import Network

EXAMPLES = 256  # training examples on which the activations are measured
BINS = 40
CLOSE = 0.02  # of the activation's range: here its derivative is below 8 % of its maximum


@dataclass(frozen=True, eq=False)
class LayerStatistics:
    """The statistics of one layer.

    gradient   ‖dW‖ of the last step; None before the first step
    update     ‖ΔW‖ / ‖W‖ of the last step; None if it is not known
    dead       units whose activation is 0 for every example (if the activation can die)
    saturated  share of activations near a limit of the activation function (if it saturates)
    counts, edges  histogram of the activations
    """

    name: str
    activation: str
    units: int
    gradient: float | None
    update: float | None
    dead: NDArray[np.integer]
    saturated: float
    counts: NDArray[np.integer]
    edges: Array


def layer_statistics(
    network: Network, X: Array, gradient: Array | None, update: Array | None = None
) -> list[LayerStatistics]:
    """The statistics of every layer. X (n_x, m) are the examples on which activations are measured;
    gradient and update have the layout of theta.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        caches = network.forward(X[:, :EXAMPLES])
    dWs = [None] * len(caches) if gradient is None else [W for W, _ in network.unpack(gradient)]
    changes = [None] * len(caches) if update is None else [W for W, _ in network.unpack(update)]
    found = []
    for l, (layer, cache) in enumerate(zip(network.layers, caches, strict=True), start=1):
        A, dW, change = cache.A, dWs[l - 1], changes[l - 1]
        activation = layer.activation
        hidden = l < len(caches)
        dead = np.flatnonzero((A == 0).all(axis=1) & activation.can_die)
        finite = A[np.isfinite(A)].astype(np.float64)  # the width of a bin may overflow float32
        counts, edges = np.histogram(finite, BINS) if finite.size else np.histogram([0.0], BINS)
        found.append(
            LayerStatistics(
                f"layer {l}",
                activation.title,
                layer.n_out,
                None if dW is None else norm(dW),
                None if change is None else _ratio(change, layer.W),
                dead,
                _saturated(A, activation) if hidden else 0.0,
                counts,
                edges,
            )
        )
    return found


def norm(M: Array) -> float:
    """‖M‖, computed so that squares do not overflow float32 when a run is about to diverge."""
    with np.errstate(over="ignore", invalid="ignore"):
        size = float(np.linalg.norm(M))
    return size if np.isfinite(size) else float(np.linalg.norm(M.astype(np.float64)))


def _ratio(change: Array, W: Array) -> float:
    size = norm(W)
    return norm(change) / size if size else 0.0


def _saturated(A: Array, activation: Activation) -> float:
    if activation.saturates is None:
        return 0.0
    low, high = activation.saturates
    margin = CLOSE * (high - low)
    return float(np.mean((A < low + margin) | (A > high - margin)))
