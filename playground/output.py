"""What the network's last layer is: the one place that decides it, from its size.

One unit for two classes says the probability of class 1: sigmoid with binary cross-entropy, as in
the second post. Otherwise there is a unit for each class: softmax with cross-entropy.
"""

from collections.abc import Sequence

import numpy as np

from data.dataset import Array, Dataset
from netcore.losses import LOSSES, Loss, weighted
from playground.config import RunConfig


def is_binary(layers: Sequence[int]) -> bool:
    """Whether the network tells two classes apart with one unit."""
    return layers[-1] == 1


def output_activation(layers: Sequence[int]) -> str:
    """The name of what the last layer does to its sums."""
    return "sigmoid" if is_binary(layers) else "softmax"


def activations_of(config: RunConfig) -> tuple[str, ...]:
    """One name for each layer after the input, as netcore has them."""
    return (*config.activations, output_activation(config.layers))


def loss_for(layers: Sequence[int]) -> Loss:
    """The loss that belongs to the output: the one whose canonical activation it has."""
    return LOSSES["binary_cross_entropy" if is_binary(layers) else "cross_entropy"]


def loss_of(config: RunConfig, train: Dataset) -> Loss:
    """The same loss, weighted where the settings say so."""
    loss = loss_for(config.layers)
    if config.class_weights == "equal":
        return loss
    return weighted(loss, balanced_weights(train))


def balanced_weights(train: Dataset) -> list[float]:
    """m / (n_classes · m_c) for each class c: together each class counts the same, and the mean
    example counts 1."""
    counts = np.bincount(train.labels, minlength=train.n_classes)
    return [float(train.m / (train.n_classes * max(count, 1))) for count in counts]


def targets(dataset: Dataset, layers: Sequence[int]) -> Array:
    """Y as the output has it: (1, m) of 0 and 1 for one unit, else one-hot (n_classes, m)."""
    return dataset.labels[np.newaxis].astype(np.float32) if is_binary(layers) else dataset.Y


def class_probabilities(A: Array) -> Array:
    """(n_classes, m) of a prediction A: one unit's says both."""
    return np.vstack([1 - A, A]) if A.shape[0] == 1 else A


def fitting_layers(layers: Sequence[int], train: Dataset) -> tuple[int, ...]:
    """The same hidden layers between ends that fit the data; two classes keep the two units they
    have, else they get one."""
    n_out = train.n_classes
    if n_out == 2 and layers[-1] != 2:
        n_out = 1
    return (train.n_x, *layers[1:-1], n_out)
