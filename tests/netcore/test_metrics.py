"""Metrics, computed by hand."""

import numpy as np
import pytest

from netcore.array import Array
from netcore.losses import LOSSES
from netcore.metrics import (
    accuracy,
    confusion_matrix,
    evaluate,
    precision,
    predicted_labels,
    recall,
    roc_curve,
)
from netcore.network import Network
from tests.netcore.examples import examples, network


def test_the_class_is_the_largest_probability() -> None:
    A = np.array([[0.5, 0.1, 0.3], [0.2, 0.8, 0.3], [0.3, 0.1, 0.4]])
    assert predicted_labels(A).tolist() == [0, 1, 2]
    assert accuracy(A, np.array([0, 1, 1])) == pytest.approx(2 / 3)


def test_one_unit_predicts_class_1_above_one_half() -> None:
    A = np.array([[0.4, 0.5, 0.6]])
    assert predicted_labels(A).tolist() == [0, 0, 1]
    assert accuracy(A, np.array([0, 1, 1])) == pytest.approx(2 / 3)


def test_a_threshold_decides_the_class_of_one_unit() -> None:
    A = np.array([[0.4, 0.5, 0.6]])
    assert predicted_labels(A, 0.45).tolist() == [0, 1, 1]
    assert predicted_labels(A, 0.9).tolist() == [0, 0, 0]


def test_precision_and_recall_by_hand() -> None:
    matrix = np.array([[90, 10], [5, 15]])
    assert precision(matrix) == 15 / 25
    assert recall(matrix) == 15 / 20


def test_precision_and_recall_of_no_examples_are_nan() -> None:
    assert np.isnan(precision(np.array([[3, 0], [2, 0]])))
    assert np.isnan(recall(np.array([[3, 1], [0, 0]])))


def test_a_roc_curve_by_hand() -> None:
    A, labels = np.array([[0.9, 0.8, 0.8, 0.3]]), np.array([1, 1, 0, 0])
    roc = roc_curve(A, labels)
    assert roc.threshold.tolist() == [np.inf, 0.9, 0.8, 0.3]
    assert roc.true_positive_rate.tolist() == [0, 0.5, 1, 1]
    assert roc.false_positive_rate.tolist() == [0, 0, 0.5, 1]
    assert roc.area == 0.875  # of the four pairs three are in order, one is a tie


def test_the_area_is_the_share_of_pairs_in_order() -> None:
    rng = np.random.default_rng(0)
    A, labels = rng.integers(0, 20, (1, 200)) / 20, rng.integers(0, 2, 200)
    ones, zeros = A[0, labels == 1][:, None], A[0, labels == 0]
    in_order = (ones > zeros).mean() + (ones == zeros).mean() / 2
    assert roc_curve(A, labels).area == pytest.approx(in_order, rel=1e-12)


def test_every_point_of_a_roc_curve_is_what_its_threshold_gives() -> None:
    A, labels = np.random.default_rng(1).random((1, 50)), np.arange(50) % 2
    roc = roc_curve(A, labels)
    for false_rate, true_rate, threshold in zip(
        roc.false_positive_rate, roc.true_positive_rate, roc.threshold, strict=True
    ):
        matrix = confusion_matrix(predicted_labels(A, np.nextafter(threshold, 0)), labels, 2)
        assert recall(matrix) == true_rate
        assert matrix[0, 1] / matrix[0].sum() == false_rate


@pytest.mark.parametrize("label", [0, 1])
def test_a_roc_curve_takes_both_classes(label: int) -> None:
    with pytest.raises(ValueError, match="needs both classes"):
        roc_curve(np.array([[0.2, 0.4]]), np.array([label, label]))


def test_the_confusion_matrix_counts_truth_by_row() -> None:
    labels, predicted = np.array([0, 0, 1, 2, 2, 2]), np.array([0, 2, 1, 2, 2, 0])
    assert confusion_matrix(predicted, labels, 3).tolist() == [[1, 0, 1], [0, 1, 0], [1, 0, 2]]


def test_fifty_classes_in_bytes_are_counted_too() -> None:
    labels = np.arange(50, dtype=np.uint8)
    np.testing.assert_array_equal(confusion_matrix(labels, labels, 50), np.eye(50))


def test_a_class_that_is_never_predicted_keeps_its_row_and_column() -> None:
    assert confusion_matrix(np.array([0]), np.array([0]), 3).shape == (3, 3)


def test_evaluate_gives_cost_score_and_classes_of_one_prediction() -> None:
    X, Y = examples(m=20)
    labels, loss = Y.argmax(axis=0), LOSSES["cross_entropy"]
    net = network([3, 4, 3], ["relu", "softmax"])
    evaluation = evaluate(net, X, Y, labels, loss)
    A = net.predict(X)
    assert evaluation.cost == loss.value(A, Y)
    assert evaluation.score == float((A.argmax(axis=0) == labels).mean())
    assert evaluation.predicted.tolist() == A.argmax(axis=0).tolist()
    matrix = confusion_matrix(evaluation.predicted, labels, 3)
    assert np.trace(matrix) / matrix.sum() == evaluation.score


def test_evaluate_of_a_regression_gives_the_share_of_variance_that_it_explains() -> None:
    net = Network([1, 1], ["identity"], np.array([1.0, 1.0]))  # A = X + 1
    X, Y = np.array([[0.0, 1.0, 3.0]]), np.array([[1.0, 2.0, 3.0]])
    evaluation = evaluate(net, X, Y, np.zeros(3, np.intp), LOSSES["half_squared_error"])
    assert evaluation.cost == pytest.approx(1 / 6)
    assert evaluation.score == pytest.approx(0.5)
    assert evaluation.predicted.tolist() == [0, 0, 0]


@pytest.mark.parametrize("weights", [1e30, np.inf, np.nan])
def test_a_diverged_network_is_evaluated_without_a_warning(weights: float) -> None:
    X, Y = examples(m=5, dtype=np.float32)
    theta: Array = np.full(31, weights, dtype=np.float32)
    net = Network([3, 4, 3], ["relu", "softmax"], theta)
    evaluation = evaluate(net, X, Y, Y.argmax(axis=0), LOSSES["cross_entropy"])
    assert not np.isfinite(evaluation.cost)
    assert 0 <= evaluation.score <= 1
