"""What is predicted of a set: the network's own probabilities, counted as scikit-learn counts."""

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix

from data.dataset import Dataset
from netcore.activations import softmax
from netcore.network import Network
from playground.inspect.confusion import cell_at, confusion_figure, matrix_of, over_training
from playground.inspect.logits import class_logits, in_float64, logit_gradient
from playground.inspect.outcome import outcome
from playground.inspect.selection import Selection
from playground.output import class_probabilities
from playground.trainer import Trainer
from playground.training import Training
from tests.playground.examples import DATA, small
from tests.playground.inspect.trained import VALIDATION, trained, two_classes


def test_probabilities_are_those_that_the_network_predicts() -> None:
    for network, dataset in ((trained(12), VALIDATION), two_classes()):
        found = outcome(network, dataset)
        expected = class_probabilities(network.predict(dataset.X))
        np.testing.assert_allclose(found.A, expected, atol=1e-6)
        assert found.predicted.tolist() == expected.argmax(axis=0).tolist()
        np.testing.assert_allclose(found.confidence, expected.max(axis=0), atol=1e-6)
        np.testing.assert_allclose(
            found.of_label,
            [expected[label, i] for i, label in enumerate(dataset.labels)],
            atol=1e-6,
        )


def test_the_confusion_matrix_is_scikit_learns() -> None:
    for network, dataset in ((trained(12), VALIDATION), two_classes()):
        found = outcome(network, dataset)
        expected = confusion_matrix(dataset.labels, network_says(network, dataset))
        assert matrix_of(found).tolist() == expected.tolist()
        assert found.accuracy == pytest.approx(np.trace(expected) / expected.sum())


def network_says(network: Network, dataset: Dataset) -> np.ndarray:
    return class_probabilities(network.predict(dataset.X)).argmax(axis=0)


@pytest.mark.parametrize("label", [0, 1, 3])
@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
def test_the_gradient_of_a_logit_is_that_of_finite_differences(label: int, activation: str) -> None:
    network = in_float64(trained(9, 7, activation=activation))
    X = VALIDATION.X[:, :3].astype(float)
    z, dX = logit_gradient(network, X, label)
    np.testing.assert_allclose(z, class_logits(network, X)[label])
    for pixel in range(0, 64, 7):
        change = np.zeros_like(X)
        change[pixel] = 1e-6
        up, down = (class_logits(network, X + sign * change)[label] for sign in (1, -1))
        np.testing.assert_allclose(dX[pixel], (up - down) / 2e-6, atol=1e-7)


def test_the_two_classes_of_one_unit_have_opposite_gradients() -> None:
    network, dataset = two_classes()
    network = in_float64(network)
    (z_no, dX_no), (z_yes, dX_yes) = (logit_gradient(network, dataset.X, label) for label in (0, 1))
    np.testing.assert_allclose(z_no, -z_yes)
    np.testing.assert_allclose(dX_no, -dX_yes)
    np.testing.assert_allclose(
        softmax(class_logits(network, dataset.X))[1], 1 / (1 + np.exp(-z_yes))
    )


def test_the_figure_has_counts_shares_and_totals() -> None:
    matrix = np.array([[8, 2], [0, 5]])
    counts = confusion_figure(matrix, ("no", "yes"), Selection(true=0, predicted=1), shares=False)
    texts = [trace["text"] for trace in counts["data"]]
    assert texts[0] == [["", "2", ""], ["", "", ""], ["", "", ""]]
    assert texts[1] == [["8", "", ""], ["", "5", ""], ["", "", ""]]
    assert texts[2] == [["", "", "10"], ["", "", "5"], ["8", "7", "15"]]
    (frame,) = counts["layout"]["shapes"]
    assert (frame["x0"], frame["x1"], frame["y0"], frame["y1"]) == (0.5, 1.5, -0.5, 0.5)
    shares = confusion_figure(matrix, ("no", "yes"), Selection(), shares=True)
    assert shares["data"][0]["text"][0] == ["", "20", ""]
    assert "%" in shares["layout"]["xaxis"]["title"]["text"]
    assert shares["layout"]["shapes"] == []
    assert cell_at(2, 2, 2) == (None, None)


@pytest.mark.parametrize("shares", [False, True])
@pytest.mark.parametrize("n", [2, 10, 14])
def test_a_number_fits_its_cell_on_a_phone_and_can_be_read(n: int, shares: bool) -> None:
    matrix = np.random.default_rng(0).integers(0, 99, (n, n)) + np.diag([5_404] * n)
    names = tuple(map(str, range(n)))
    for trace in confusion_figure(matrix, names, Selection(), shares=shares)["data"]:
        longest = max(len(text) for row in trace["text"] for text in row)
        assert trace["textfont"]["size"] >= 8
        # A digit is 0.6 of the font's size wide, and the matrix has 298 pixels.
        assert longest * 0.6 * trace["textfont"]["size"] <= 298 / (n + 1) + 2


def test_the_curve_of_errors_says_what_the_curve_of_accuracy_does() -> None:
    training = Training(Trainer(small(epochs=4), DATA))
    while not training.trainer.done:
        training.step()
    curves, m = training.history.curves(), DATA.validation.m
    assert [each.iteration for each in training.confusions] == curves.iteration.tolist()
    everything = over_training(training.confusions, (None, None), "all")["data"][0]
    np.testing.assert_allclose(1 - everything["y"] / m, curves.validation_accuracy)
    last = training.confusions[-1].matrix
    expected = confusion_matrix(
        DATA.validation.labels, network_says(training.trainer.network, DATA.validation)
    )
    assert last.tolist() == expected.tolist()
    rows = [
        over_training(training.confusions, (label, None), "")["data"][0]["y"] for label in range(4)
    ]
    np.testing.assert_array_equal(sum(rows), everything["y"])
