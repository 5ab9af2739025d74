"""The output layer: this module alone decides its activation and loss, from its size.

For regression, one unit predicts the number: identity with half the squared error. For two classes,
one unit predicts the probability of class 1: sigmoid with binary cross-entropy, as in the second
post. Otherwise there is one unit for each class: softmax with cross-entropy.
"""

from collections.abc import Sequence

import numpy as np

from data.dataset import Array, Dataset
from data.points import POINT_SETS
from netcore.losses import LOSSES, Loss, weighted
from playground.config import RunConfig


def is_regression(config: RunConfig) -> bool:
    """Whether the network predicts numbers, not classes."""
    return has_numbers(config.dataset)


def has_numbers(dataset: str) -> bool:
    """Whether the labels of this data set are numbers, not classes."""
    points = POINT_SETS.get(dataset)
    return points is not None and points.value is not None


def is_binary(config: RunConfig) -> bool:
    """Whether one unit distinguishes two classes."""
    return config.layers[-1] == 1 and not is_regression(config)


def output_activation(config: RunConfig) -> str:
    """The name of the output layer's activation."""
    return loss_for(config).canonical


def activations_of(config: RunConfig) -> tuple[str, ...]:
    """The activations of all layers after the input, as netcore takes them."""
    return (*config.activations, output_activation(config))


def loss_for(config: RunConfig) -> Loss:
    """The loss whose canonical activation is that of the output."""
    if is_regression(config):
        return LOSSES["half_squared_error"]
    return LOSSES["binary_cross_entropy" if is_binary(config) else "cross_entropy"]


def weighs_classes(config: RunConfig) -> bool:
    """Whether the loss has class weights: then they are balanced_weights."""
    return config.class_weights != "equal" and not is_regression(config)


def loss_of(config: RunConfig, train: Dataset) -> Loss:
    """The same loss, with class weights if the settings ask for them."""
    loss = loss_for(config)
    return weighted(loss, balanced_weights(train)) if weighs_classes(config) else loss


def balanced_weights(train: Dataset) -> list[float]:
    """m / (n_classes · m_c) for each class c of m_c examples: all classes together weigh the same,
    and the mean weight of an example is 1.
    """
    counts = np.bincount(train.labels, minlength=train.n_classes)
    return [float(train.m / (train.n_classes * max(count, 1))) for count in counts]


def targets(dataset: Dataset, layers: Sequence[int]) -> Array:
    """Y in the form of the output: the values of a regression (1, m), 0 and 1 for one unit (1, m),
    else one-hot (n_classes, m).
    """
    if dataset.values is not None:
        return dataset.values[np.newaxis]
    return dataset.labels[np.newaxis].astype(np.float32) if layers[-1] == 1 else dataset.Y


def class_probabilities(A: Array) -> Array:
    """The probabilities (n_classes, m) of all classes, from a prediction A; one unit gives two."""
    return np.vstack([1 - A, A]) if A.shape[0] == 1 else A


def fitting_layers(layers: Sequence[int], train: Dataset) -> tuple[int, ...]:
    """The same hidden layers, with input and output sizes that fit the data. Two classes get one
    output unit, unless there are two already.
    """
    n_out = train.n_classes
    if n_out == 2 and layers[-1] != 2:
        n_out = 1
    return (train.n_x, *layers[1:-1], n_out)
