"""Accuracy, confusion matrix and both together, counted by hand."""

import numpy as np
import pytest

from netcore.array import Array
from netcore.losses import LOSSES
from netcore.metrics import accuracy, confusion_matrix, evaluate, predicted_labels
from netcore.network import Network
from tests.netcore.examples import examples, network


def test_the_class_is_the_largest_probability() -> None:
    A = np.array([[0.5, 0.1, 0.3], [0.2, 0.8, 0.3], [0.3, 0.1, 0.4]])
    assert predicted_labels(A).tolist() == [0, 1, 2]
    assert accuracy(A, np.array([0, 1, 1])) == pytest.approx(2 / 3)


def test_one_unit_says_yes_above_a_half() -> None:
    A = np.array([[0.4, 0.5, 0.6]])
    assert predicted_labels(A).tolist() == [0, 0, 1]
    assert accuracy(A, np.array([0, 1, 1])) == pytest.approx(2 / 3)


def test_the_confusion_matrix_counts_truth_by_row() -> None:
    labels, predicted = np.array([0, 0, 1, 2, 2, 2]), np.array([0, 2, 1, 2, 2, 0])
    assert confusion_matrix(predicted, labels, 3).tolist() == [[1, 0, 1], [0, 1, 0], [1, 0, 2]]


def test_fifty_classes_in_bytes_are_counted_too() -> None:
    labels = np.arange(50, dtype=np.uint8)
    np.testing.assert_array_equal(confusion_matrix(labels, labels, 50), np.eye(50))


def test_a_class_that_is_never_read_keeps_its_row_and_column() -> None:
    assert confusion_matrix(np.array([0]), np.array([0]), 3).shape == (3, 3)


def test_evaluate_is_cost_accuracy_and_classes_of_one_prediction() -> None:
    X, Y = examples(m=20)
    labels, loss = Y.argmax(axis=0), LOSSES["cross_entropy"]
    net = network([3, 4, 3], ["relu", "softmax"])
    evaluation = evaluate(net, X, Y, labels, loss)
    A = net.predict(X)
    assert evaluation.cost == loss.value(A, Y)
    assert evaluation.accuracy == float((A.argmax(axis=0) == labels).mean())
    assert evaluation.predicted.tolist() == A.argmax(axis=0).tolist()
    matrix = confusion_matrix(evaluation.predicted, labels, 3)
    assert np.trace(matrix) / matrix.sum() == evaluation.accuracy


@pytest.mark.parametrize("weights", [1e30, np.inf, np.nan])
def test_a_diverged_network_is_evaluated_without_a_warning(weights: float) -> None:
    X, Y = examples(m=5, dtype=np.float32)
    theta: Array = np.full(31, weights, dtype=np.float32)
    net = Network([3, 4, 3], ["relu", "softmax"], theta)
    evaluation = evaluate(net, X, Y, Y.argmax(axis=0), LOSSES["cross_entropy"])
    assert not np.isfinite(evaluation.cost)
    assert 0 <= evaluation.accuracy <= 1
