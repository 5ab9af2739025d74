"""How good a network is: accuracy and confusion matrix; for two classes precision, recall and ROC;
for numbers R².

With one output unit, class 1 is what is looked for and A (1, m) its probability.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netcore.array import Array
from netcore.losses import Loss
from netcore.network import Network


def predicted_labels(A: Array, threshold: float = 0.5) -> NDArray[np.integer]:
    """The class of each column (m,): the largest probability, or with one unit, class 1 where its
    probability is above the threshold."""
    if A.shape[0] == 1:
        return (A[0] > threshold).astype(np.intp)
    return A.argmax(axis=0)


def accuracy(A: Array, labels: NDArray[np.integer]) -> float:
    """The share of columns of A whose predicted class is the label, 0 … 1."""
    return float(np.mean(predicted_labels(A) == labels))


def r_squared(A: Array, Y: Array) -> float:
    """The coefficient of determination of predicted numbers A (1, m): the share of the variance
    of Y that they explain. 1 is perfect, 0 is what the mean of Y alone would give; nan where all
    of Y is the same number.

    Math:   R² = 1 − Σ (A − Y)² / Σ (Y − mean Y)²
    Source: Wright, "Correlation and causation" (1921)

    >>> r_squared(np.array([[1.0, 2.0, 4.0]]), np.array([[1.0, 2.0, 3.0]]))
    0.5
    """
    variation = float(np.sum((Y - Y.mean()) ** 2))
    return 1 - float(np.sum((A - Y) ** 2)) / variation if variation else float("nan")


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


def precision(confusion: NDArray[np.integer]) -> float:
    """Of those read as class 1, the share that are; nan where none is read so.

    >>> precision(np.array([[5, 1], [2, 3]]))
    0.75
    """
    return _share(confusion[1, 1], confusion[:, 1].sum())


def recall(confusion: NDArray[np.integer]) -> float:
    """Of those of class 1, the share that is read so; nan where there is none.

    >>> recall(np.array([[5, 1], [2, 3]]))
    0.6
    """
    return _share(confusion[1, 1], confusion[1].sum())


def _share(part: np.integer, whole: np.integer) -> float:
    return float(part / whole) if whole else float("nan")


@dataclass(frozen=True, eq=False)
class Roc:
    """What every threshold would give, from the strictest (nothing is found) to the loosest.

    false_positive_rate  share of class 0 that is read as 1, rising from 0 to 1
    true_positive_rate   share of class 1 that is read as 1: the recall, rising from 0 to 1
    threshold            probability from which on an example is read as 1, falling from infinity
    area                 under the curve: the chance that an example of class 1 gets a higher
                         probability than one of class 0; a half is guessing
    """

    false_positive_rate: Array
    true_positive_rate: Array
    threshold: Array
    area: float


def roc_curve(A: Array, labels: NDArray[np.integer]) -> Roc:
    """The receiver operating characteristic of probabilities A (1, m) of class 1.

    Raises ValueError unless there are examples of both classes.
    Source: Fawcett, "An introduction to ROC analysis" (2006), algorithms 1 and 2

    >>> roc_curve(np.array([[0.9, 0.6, 0.4]]), np.array([1, 0, 1])).area
    0.5
    """
    falling = np.argsort(-A[0], kind="stable")
    probability, is_1 = A[0, falling], labels[falling] == 1
    n_1 = int(is_1.sum())
    if n_1 in (0, len(is_1)):
        raise ValueError(f"{n_1} of {len(is_1)} examples are of class 1: a ROC takes both classes.")
    # Examples of the same probability are read alike: only the last of them is a point.
    last = np.append(np.flatnonzero(np.diff(probability)), len(probability) - 1)
    found = np.cumsum(is_1)[last]
    true_rate = np.append(0.0, found / n_1)
    false_rate = np.append(0.0, (last + 1 - found) / (len(is_1) - n_1))
    area = float(np.sum(np.diff(false_rate) * (true_rate[1:] + true_rate[:-1]) / 2))
    return Roc(false_rate, true_rate, np.append(np.inf, probability[last]), area)


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Cost and accuracy over a set of examples, and the class read for each of them (m,). Where
    numbers are predicted, R² stands in the place of accuracy, and no class is read."""

    cost: float
    accuracy: float
    predicted: NDArray[np.integer]


def evaluate(
    network: Network, X: Array, Y: Array, labels: NDArray[np.integer], loss: Loss
) -> Evaluation:
    """Measure the network on the columns of X; nothing is learned from them."""
    with np.errstate(over="ignore", invalid="ignore"):  # a diverged network shows in the cost
        A = network.predict(X)
        if loss.canonical == "identity":
            return Evaluation(loss.value(A, Y), r_squared(A, Y), np.zeros(X.shape[1], np.intp))
        return Evaluation(loss.value(A, Y), accuracy(A, labels), predicted_labels(A))
