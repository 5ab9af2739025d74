"""Ablation: the accuracy without one unit, without many, and without the smallest weights.

An ablated unit gives 0 to the next layer, as if it did not exist.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from netcore.array import Array
from netcore.network import Network
from playground.inspect.layers import Layers
from playground.inspect.logits import class_logits

Order = Literal["measured", "magnitude"]
POINTS = 17  # of a curve


def logits_from(network: Network, l: int, Z: Array) -> Array:
    """The logits (n_classes, m), from the pre-activations Z of layer l (counted from 1)."""
    for layer, after in zip(network.layers[l - 1 : -1], network.layers[l:], strict=True):
        Z = after.W @ layer.activation.f(Z) + after.b
    return np.vstack([np.zeros_like(Z), Z]) if len(Z) == 1 else Z


def logits_without(network: Network, layers: Layers, l: int, units: Sequence[int]) -> Array:
    """The logits if these units of hidden layer l give 0."""
    after, A = network.layers[l], layers.A[l - 1]
    there = np.ones(len(A), dtype=bool)
    there[list(units)] = False
    return logits_from(network, l + 1, after.W[:, there] @ A[there] + after.b)


def without_units(network: Network, units: Sequence[tuple[int, int]]) -> Network:
    """A copy in which these units, (hidden layer counted from 1, unit), have no effect."""
    ablated = network.copy()
    for l, unit in units:
        ablated.layers[l].W[:, unit] = 0
    return ablated


def accuracy_of(Z: Array, labels: NDArray[np.integer]) -> float:
    return float(np.mean(Z.argmax(axis=0) == labels))


def accuracy_per_class(Z: Array, labels: NDArray[np.integer]) -> Array:
    """The accuracy (n_classes,) for each class; nan without examples."""
    right = np.bincount(labels[Z.argmax(axis=0) == labels], minlength=len(Z))
    counts = np.bincount(labels, minlength=len(Z))
    return np.where(counts > 0, right / np.maximum(counts, 1), np.nan)


def accuracy_without_each(network: Network, layers: Layers, l: int) -> Array:
    """The accuracy (n_l,) without each single unit of hidden layer l.

    Only the unit's contribution to the next layer's pre-activations is subtracted. For the last
    hidden layer, this subtraction is all there is to compute.
    """
    after, A = network.layers[l], layers.A[l - 1]
    Z = after.W @ A + after.b
    accuracies = [
        accuracy_of(logits_from(network, l + 1, Z - after.W[:, [unit]] * A[[unit]]), layers.labels)
        for unit in range(len(A))
    ]
    return np.array(accuracies)


def least_important(
    network: Network, layers: Layers, l: int, order: Order, alone: Array
) -> NDArray[np.intp]:
    """The units of hidden layer l, the least important first.

    magnitude  by a unit's mean activation times the norm of its outgoing weights
    measured   by the accuracy lost without the unit, from `alone` (n_l,), the accuracies without
               each; ties by magnitude
    """
    sizes = np.abs(layers.A[l - 1]).mean(axis=1) * np.linalg.norm(network.layers[l].W, axis=0)
    if order == "magnitude":
        return np.argsort(sizes, kind="stable")
    return np.lexsort((sizes, -alone))


def cut_curve(
    network: Network, layers: Layers, l: int, order: NDArray[np.intp]
) -> tuple[NDArray[np.integer], Array]:
    """Numbers of units ablated in this order, and the accuracy for each."""
    counts = np.unique(np.linspace(0, len(order), POINTS).astype(int))
    accuracies = [
        accuracy_of(logits_without(network, layers, l, order[:count].tolist()), layers.labels)
        for count in counts
    ]
    return counts, np.array(accuracies)


def without_smallest(network: Network, share: float) -> Network:
    """A copy in which this share of all weights, those closest to 0, are 0. Biases are
    unchanged.
    """
    pruned = network.copy()
    sizes = np.concatenate([np.abs(layer.W).ravel() for layer in pruned.layers])
    n = round(share * len(sizes))
    if n:
        limit = np.partition(sizes, n - 1)[n - 1]
        for layer in pruned.layers:
            layer.W[np.abs(layer.W) <= limit] = 0
    return pruned


def prune_curve(
    network: Network, X: Array, labels: NDArray[np.integer], shares: Sequence[float]
) -> Array:
    """The accuracy for each share of weights set to 0."""
    return np.array(
        [accuracy_of(class_logits(without_smallest(network, each), X), labels) for each in shares]
    )
