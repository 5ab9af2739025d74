"""Metrics: accuracy and confusion matrix; precision, recall and ROC for two classes; R² for
regression.

With one output unit, A (1, m) is the probability of class 1, the positive class.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netcore.array import Array
from netcore.losses import Loss
from netcore.network import Network


def predicted_labels(A: Array, threshold: float = 0.5) -> NDArray[np.integer]:
    """The predicted class of each column (m,): the one of the largest probability. With one output
    unit, class 1 if its probability is above the threshold, else class 0."""
    if A.shape[0] == 1:
        return (A[0] > threshold).astype(np.intp)
    return A.argmax(axis=0)


def accuracy(A: Array, labels: NDArray[np.integer]) -> float:
    """The share of columns of A whose predicted class is the label, from 0 to 1."""
    return float(np.mean(predicted_labels(A) == labels))


def r_squared(A: Array, Y: Array) -> float:
    """The coefficient of determination of the predictions A (1, m): the share of the variance of Y
    that they explain. 1 is perfect; always predicting the mean of Y gives 0. It is nan if all
    entries of Y are the same number.

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
    """(n_classes, n_classes): row i, column j counts the examples of class i predicted as j.

    >>> confusion_matrix(np.array([0, 1, 1]), np.array([0, 1, 0]), 2)
    array([[1, 1],
           [0, 1]])
    """
    pairs = labels.astype(np.intp) * n_classes + predicted  # labels may be uint8, too small
    return np.bincount(pairs, minlength=n_classes**2).reshape(n_classes, n_classes)


def precision(confusion: NDArray[np.integer]) -> float:
    """The share of the examples predicted as class 1 that are class 1; nan if there are none.

    >>> precision(np.array([[5, 1], [2, 3]]))
    0.75
    """
    return _share(confusion[1, 1], confusion[:, 1].sum())


def recall(confusion: NDArray[np.integer]) -> float:
    """The share of the examples of class 1 that are predicted as class 1; nan if there are none.

    >>> recall(np.array([[5, 1], [2, 3]]))
    0.6
    """
    return _share(confusion[1, 1], confusion[1].sum())


def _share(part: np.integer, whole: np.integer) -> float:
    return float(part / whole) if whole else float("nan")


@dataclass(frozen=True, eq=False)
class Roc:
    """The ROC curve: one point for each threshold, from the strictest to the loosest.

    false_positive_rate  share of class 0 predicted as class 1, rising from 0 to 1
    true_positive_rate   share of class 1 predicted as class 1 (the recall), rising from 0 to 1
    threshold            the smallest probability predicted as class 1, falling from infinity
    area                 area under the curve: the chance that an example of class 1 gets a higher
                         probability than an example of class 0; 0.5 is random guessing
    """

    false_positive_rate: Array
    true_positive_rate: Array
    threshold: Array
    area: float


def roc_curve(A: Array, labels: NDArray[np.integer]) -> Roc:
    """The receiver operating characteristic (ROC) of the probabilities A (1, m) of class 1.

    Raises ValueError unless there are examples of both classes.
    Source: Fawcett, "An introduction to ROC analysis" (2006), algorithms 1 and 2

    >>> roc_curve(np.array([[0.9, 0.6, 0.4]]), np.array([1, 0, 1])).area
    0.5
    """
    falling = np.argsort(-A[0], kind="stable")
    probability, is_1 = A[0, falling], labels[falling] == 1
    n_1 = int(is_1.sum())
    if n_1 in (0, len(is_1)):
        raise ValueError(f"{n_1} of {len(is_1)} examples are of class 1: a ROC needs both classes.")
    # A threshold cannot separate examples of equal probability: they make one point together.
    last = np.append(np.flatnonzero(np.diff(probability)), len(probability) - 1)
    found = np.cumsum(is_1)[last]
    true_rate = np.append(0.0, found / n_1)
    false_rate = np.append(0.0, (last + 1 - found) / (len(is_1) - n_1))
    area = float(np.trapezoid(true_rate, false_rate))
    return Roc(false_rate, true_rate, np.append(np.inf, probability[last]), area)


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The cost and the score of a network on a set of examples.

    score      accuracy for classification, R² for regression
    predicted  (m,) the predicted classes; zeros for regression
    """

    cost: float
    score: float
    predicted: NDArray[np.integer]


def evaluate(
    network: Network, X: Array, Y: Array, labels: NDArray[np.integer], loss: Loss
) -> Evaluation:
    """Measure the network on the columns of X, without changing it."""
    with np.errstate(over="ignore", invalid="ignore"):  # a diverged network shows in the cost
        A = network.predict(X)
        if loss.canonical == "identity":
            return Evaluation(loss.value(A, Y), r_squared(A, Y), np.zeros(X.shape[1], np.intp))
        predicted = predicted_labels(A)
        return Evaluation(loss.value(A, Y), float(np.mean(predicted == labels)), predicted)
