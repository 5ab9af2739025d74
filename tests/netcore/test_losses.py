"""Properties of every loss, and costs computed by hand."""

from math import log

import numpy as np
import pytest
from numpy.typing import DTypeLike

from netcore.activations import ACTIVATIONS
from netcore.losses import LOSSES, Loss, weighted

EVERY = pytest.mark.parametrize("loss", LOSSES.values(), ids=lambda loss: loss.name)
DTYPES = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def test_names_are_the_keys_and_canonical_outputs_exist() -> None:
    for name, loss in LOSSES.items():
        assert name == loss.name
        assert loss.canonical in ACTIVATIONS


@pytest.mark.parametrize(
    ("name", "J"),
    [
        ("cross_entropy", -(log(0.5) + log(0.8)) / 2),
        ("binary_cross_entropy", -(2 * log(0.5) + log(0.8) + log(0.8)) / 2),
        ("half_squared_error", (0.25 + 0.25 + 0.04 + 0.04) / 4),
    ],
)
def test_the_mean_over_two_examples_by_hand(name: str, J: float) -> None:
    A = np.array([[0.5, 0.2], [0.5, 0.8]])
    Y = np.array([[1.0, 0.0], [0.0, 1.0]])
    assert LOSSES[name].value(A, Y) == pytest.approx(J, rel=1e-14)


@EVERY
def test_repeated_examples_cost_the_same_and_have_half_the_gradient(loss: Loss) -> None:
    A = np.array([[0.5, 0.2], [0.5, 0.8]])
    Y = np.array([[1.0, 0.0], [0.0, 1.0]])
    twice = loss.gradient(np.hstack([A, A]), np.hstack([Y, Y]))
    assert loss.value(np.hstack([A, A]), np.hstack([Y, Y])) == pytest.approx(loss.value(A, Y))
    np.testing.assert_allclose(twice, np.hstack([loss.gradient(A, Y)] * 2) / 2)


@EVERY
@DTYPES
def test_certain_predictions_cost_0_if_right_and_a_finite_amount_if_wrong(
    loss: Loss, dtype: DTypeLike
) -> None:
    right = np.array([[1, 0], [0, 1]], dtype=dtype)
    assert str(loss.value(right, right)) == "0.0"  # and not -0.0
    wrong = right[::-1]
    assert 0 < loss.value(wrong, right) < np.inf
    for A in (right, wrong):
        dA = loss.gradient(A, right)
        assert (dA.shape, dA.dtype) == (A.shape, A.dtype)
        assert np.isfinite(dA).all()


@EVERY
@DTYPES
@pytest.mark.parametrize("output", ["softmax", "sigmoid", "identity"])
@pytest.mark.parametrize("size", [17.0, 100.0, 1e4])
def test_large_inputs_give_finite_results(
    loss: Loss, dtype: DTypeLike, output: str, size: float
) -> None:
    activation = ACTIVATIONS[output]
    Z = np.array([[size, -size, 0], [-size, size, size]], dtype=dtype)
    Y = np.array([[1, 1, 0], [0, 0, 1]], dtype=dtype)
    A = activation.f(Z)
    assert np.isfinite(loss.value(A, Y))
    dA = loss.gradient(A, Y)
    assert np.isfinite(dA).all()
    if output != "identity" or loss.name == "half_squared_error":
        assert np.isfinite(activation.vjp(dA, Z, A)).all()


@pytest.mark.parametrize("wrong", [-1, 1])
def test_the_cost_of_a_saturated_float32_sigmoid_has_no_jump(wrong: int) -> None:
    Z = wrong * np.linspace(10, 30, 41, dtype=np.float32)[np.newaxis]
    A = ACTIVATIONS["sigmoid"].f(Z)
    Y = np.full((1, 1), wrong < 0, dtype=np.float32)
    costs = [LOSSES["binary_cross_entropy"].value(A[:, [i]], Y) for i in range(41)]
    assert np.diff(costs).min() >= 0
    assert np.diff(costs).max() < 1.1  # one more digit lost; 70 where clipped at `tiny`
    assert costs[0] == pytest.approx(10, abs=0.01)


@EVERY
def test_a_class_that_counts_twice_is_as_if_its_examples_were_there_twice(loss: Loss) -> None:
    A = np.array([[0.5, 0.2, 0.3], [0.5, 0.8, 0.7]])
    Y = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
    twice = weighted(loss, [1.0, 2.0])
    A4, Y4 = A[:, [0, 1, 1, 2]], Y[:, [0, 1, 1, 2]]
    assert twice.value(A, Y) * 3 == pytest.approx(loss.value(A4, Y4) * 4)
    np.testing.assert_allclose(
        twice.gradient(A, Y), loss.gradient(A, Y) * [1.0, 2.0, 1.0], rtol=1e-15
    )


@EVERY
def test_weights_of_one_change_nothing(loss: Loss) -> None:
    A = np.array([[0.5, 0.2, 0.7]], dtype=np.float32)
    Y = np.array([[1, 0, 0]], dtype=np.float32)
    same = weighted(loss, [1.0, 1.0])
    assert same.value(A, Y) == pytest.approx(loss.value(A, Y), rel=1e-6)
    assert np.array_equal(same.gradient(A, Y), loss.gradient(A, Y))
    assert same.gradient(A, Y).dtype == np.float32
    assert same.value(A[:, 1:], Y[:, 1:]) == pytest.approx(loss.value(A[:, 1:], Y[:, 1:]))
