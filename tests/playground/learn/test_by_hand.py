"""A gradient by hand: what is correct, and where a typed value went wrong."""

from dataclasses import replace

import numpy as np
import pytest

from playground.learn.by_hand import CLOSE, diagnose, entry, first_step, products
from playground.lessons.gradient_by_hand import HAND


@pytest.mark.parametrize("seed", range(1, 6))
def test_the_products_are_those_of_training(seed: int) -> None:
    config = replace(HAND, seed=seed)
    assert sum(products(config)) == pytest.approx(entry(config), abs=1e-6)
    assert diagnose(config, round(entry(config), 3)) == ""


def test_finite_differences_agree() -> None:
    """The entry is checked in a second way: by the cost itself."""
    step = first_step(HAND)
    X, Y = step.X.astype(np.float64), step.Y

    def cost(w: float) -> float:
        network = step.before.copy()
        layers = [(layer.W.astype(np.float64), layer.b) for layer in network.layers]
        layers[1][0][0, 1] += w
        A1 = np.tanh(layers[0][0] @ X + layers[0][1])
        A2 = 1 / (1 + np.exp(-(layers[1][0] @ A1 + layers[1][1])))
        return float(-np.mean(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)))

    assert (cost(1e-5) - cost(-1e-5)) / 2e-5 == pytest.approx(entry(HAND), abs=1e-4)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (2 * entry(HAND), "factor 1/m is missing"),
        (-entry(HAND), "sign is the other way"),
        (products(HAND)[0], "example 0 alone"),
        (products(HAND)[1], "example 1 alone"),
        (-HAND.learning_rate * entry(HAND), "change of the weight"),
        (entry(HAND) + 4 * CLOSE, "Close"),
        (123.0, "none of the common mistakes"),
    ],
)
def test_a_slip_is_named(value: float, says: str) -> None:
    assert says in diagnose(HAND, value)
