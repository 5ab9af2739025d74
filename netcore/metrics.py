"""How good a network is: accuracy, confusion matrix, and both with the cost in one pass."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netcore.array import Array
from netcore.losses import Loss
from netcore.network import Network


def predicted_labels(A: Array) -> NDArray[np.integer]:
    """The class of each column (m,): the largest probability, or with one unit, above a half."""
    if A.shape[0] == 1:
        return (A[0] > 0.5).astype(np.intp)
    return A.argmax(axis=0)


def accuracy(A: Array, labels: NDArray[np.integer]) -> float:
    """The share of columns of A whose predicted class is the label, 0 … 1."""
    return float(np.mean(predicted_labels(A) == labels))


def confusion_matrix(
    predicted: NDArray[np.integer], labels: NDArray[np.integer], n_classes: int
) -> NDArray[np.integer]:
    """(n_classes, n_classes): row i, column j counts the examples of class i read as j.

    >>> confusion_matrix(np.array([0, 1, 1]), np.array([0, 1, 0]), 2)
    array([[1, 1],
           [0, 1]])
    """
    pairs = labels.astype(np.intp) * n_classes + predicted  # 50 · 50 is too much for a uint8
    return np.bincount(pairs, minlength=n_classes**2).reshape(n_classes, n_classes)


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Cost and accuracy over a set of examples, and the class read for each of them (m,)."""

    cost: float
    accuracy: float
    predicted: NDArray[np.integer]


def evaluate(
    network: Network, X: Array, Y: Array, labels: NDArray[np.integer], loss: Loss
) -> Evaluation:
    """Measure the network on the columns of X; nothing is learned from them."""
    with np.errstate(over="ignore", invalid="ignore"):  # a diverged network shows in the cost
        A = network.predict(X)
        return Evaluation(loss.value(A, Y), accuracy(A, labels), predicted_labels(A))
