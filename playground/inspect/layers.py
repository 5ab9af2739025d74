"""The activations of all units for all examples of a set, from which ablation, units and maps
start.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.dataset import Dataset
from netcore.activations import Activation
from netcore.array import Array
from netcore.network import Network
from playground.inspect.kept import kept

MAX_NUMBERS = 4_000_000  # activations of all layers together, which limits the examples


@dataclass(frozen=True, eq=False)
class Layers:
    """Z and A of the hidden layers, (n_l, m) each; labels (m,)."""

    Z: list[Array]
    A: list[Array]
    labels: NDArray[np.integer]

    @property
    def m(self) -> int:
        return len(self.labels)


def layers_of(network: Network, dataset: Dataset, most: int = MAX_NUMBERS) -> Layers:
    """For the first examples, as many as the limit allows; computed once for a network and a data
    set.
    """
    hidden = max(sum(network.layer_dims[1:-1]), 1)
    few = dataset.first(max(1, min(dataset.m, MAX_NUMBERS // hidden, most)))

    def find() -> Layers:
        caches = network.forward(few.X)[:-1]
        return Layers([each.Z for each in caches], [each.A for each in caches], few.labels)

    return kept(network, ("layers", dataset, few.m), find)


@dataclass(frozen=True, eq=False)
class Unit:
    """The activations of one hidden unit.

    a          (m,) for each example
    per_class  (n_classes,) the mean over the examples of each class; nan without examples
    most, least  indices of the examples with the highest and the lowest activation
    dead       the share of examples for which its derivative is 0; None if it cannot die
    saturated  the share within 1 % of a limit of its range; None if it has no limits
    """

    a: Array
    per_class: Array
    most: NDArray[np.intp]
    least: NDArray[np.intp]
    dead: float | None
    saturated: float | None


def unit_of(layers: Layers, activation: Activation, l: int, unit: int, n_classes: int) -> Unit:
    """The unit with this index in hidden layer l (counted from 1)."""
    Z, a = layers.Z[l - 1][unit : unit + 1], layers.A[l - 1][unit]
    sums = np.bincount(layers.labels, weights=a, minlength=n_classes)
    counts = np.bincount(layers.labels, minlength=n_classes)
    order = np.argsort(-a, kind="stable")
    dead = saturated = None
    if activation.can_die:
        derivative = activation.vjp(np.ones_like(Z), Z, a[np.newaxis])
        dead = float(np.mean(derivative == 0))
    if activation.saturates is not None:
        low, high = activation.saturates
        near = 0.01 * (high - low)
        saturated = float(np.mean((a <= low + near) | (a >= high - near)))
    per_class = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    return Unit(a, per_class, order, order[::-1], dead, saturated)
