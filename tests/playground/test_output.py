"""The output layer: activation, loss, targets, and the meaning of its numbers."""

import numpy as np
import pytest

from data.dataset import Dataset, as_columns
from netcore.losses import LOSSES
from playground.config import ConfigError, RunConfig
from playground.output import (
    activations_of,
    balanced_weights,
    class_probabilities,
    fitting_layers,
    loss_of,
    targets,
)
from playground.run_data import load_data
from playground.trainer import Trainer, check_fit
from tests.playground.examples import DATA, small

LABELS = np.array([0, 0, 0, 1])
TWO = Dataset("two", as_columns(np.ones((4, 3))), LABELS, ("no", "yes"))
ONE_UNIT = RunConfig(layers=(3, 5, 1), activations=("tanh",))
TWO_UNITS = RunConfig(layers=(3, 5, 2), activations=("tanh",))


def test_one_unit_is_a_sigmoid_with_binary_cross_entropy() -> None:
    assert activations_of(ONE_UNIT) == ("tanh", "sigmoid")
    assert loss_of(ONE_UNIT, TWO) is LOSSES["binary_cross_entropy"]
    assert targets(TWO, ONE_UNIT.layers).tolist() == [[0, 0, 0, 1]]


def test_a_unit_for_each_class_is_softmax_with_cross_entropy() -> None:
    assert activations_of(TWO_UNITS) == ("tanh", "softmax")
    assert loss_of(TWO_UNITS, TWO) is LOSSES["cross_entropy"]
    assert targets(TWO, TWO_UNITS.layers).tolist() == [[1, 1, 1, 0], [0, 0, 0, 1]]


def test_balanced_classes_weigh_the_same_together_and_the_mean_example_one() -> None:
    weights = balanced_weights(TWO)
    assert weights == [4 / 6, 2.0]
    assert np.mean(np.array(weights)[LABELS]) == 1.0
    loss = loss_of(ONE_UNIT.with_values(class_weights="balanced"), TWO)
    assert loss.weights is not None
    assert loss.weights(np.array([[0.0, 1.0]])).tolist() == [4 / 6, 2.0]


def test_one_unit_says_the_probabilities_of_both() -> None:
    assert class_probabilities(np.array([[0.25]])).tolist() == [[0.75], [0.25]]
    A = np.array([[0.2], [0.3], [0.5]])
    assert class_probabilities(A) is A


def test_ends_that_fit_two_classes_are_one_unit_unless_there_are_two() -> None:
    assert fitting_layers((784, 5, 10), TWO) == (3, 5, 1)
    assert fitting_layers((784, 5, 2), TWO) == (3, 5, 2)
    assert fitting_layers((784, 5, 1), DATA.train) == (64, 5, 4)


@pytest.mark.parametrize("layers", [(3, 5, 3), (2, 5, 1)])
def test_other_ends_are_refused_with_the_list_that_fits(layers: tuple[int, ...]) -> None:
    with pytest.raises(ConfigError, match=r"3 inputs and 2 classes; try \[3, 5, 1\]"):
        check_fit(ONE_UNIT.with_values(layers=layers), TWO)


def test_one_unit_for_four_classes_is_refused() -> None:
    with pytest.raises(ConfigError, match="4 classes"):
        Trainer(small(layers=(64, 12, 1)), DATA)


REGRESSION = RunConfig.default("reg-gauss").with_values(points=400, epochs=150)


def test_a_regression_is_the_identity_with_half_the_squared_error() -> None:
    data = load_data(REGRESSION)
    assert activations_of(REGRESSION) == ("tanh", "tanh", "identity")
    loss = loss_of(REGRESSION.with_values(class_weights="balanced"), data.train)
    assert loss is LOSSES["half_squared_error"]
    Y = targets(data.train, REGRESSION.layers)
    assert (Y.shape, abs(Y).max() <= 1) == ((1, 280), True)
    assert Y.dtype == np.float32
    assert fitting_layers((2, 5, 4), data.train) == (2, 5, 1)


def test_a_regression_is_measured_by_r_squared() -> None:
    trainer = Trainer(REGRESSION, load_data(REGRESSION))
    first = trainer.measure().validation.score
    while not trainer.done:
        trainer.step()
    validation = trainer.measure().validation
    Y = targets(trainer.data.validation, REGRESSION.layers)
    A = trainer.network.predict(trainer.data.validation.X)
    assert validation.score == pytest.approx(1 - 2 * validation.cost / Y.var(), rel=1e-4)
    assert validation.score == pytest.approx(1 - np.mean((A - Y) ** 2) / Y.var(), rel=1e-4)
    assert first < 0.5 < validation.score
