"""An optimizer's equations compute the same as its update."""

import numpy as np
import pytest

from netcore.optimizers import OPTIMIZERS
from playground.equations import Equation


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_equations_are_the_update(name: str) -> None:
    optimizer, alpha = OPTIMIZERS[name], 0.03
    rng = np.random.default_rng(0)
    theta = rng.standard_normal(1)
    state = optimizer.init(theta)
    values = {**vars(optimizer), "alpha": alpha, "theta": float(theta[0])}
    values |= dict.fromkeys(optimizer.moments, 0.0)
    for t in range(1, 6):
        g = rng.standard_normal(1)
        optimizer.step(theta, g, state, alpha, t)
        values |= {"t": t, "g": float(g[0])}
        for equation in map(Equation.parse, optimizer.equations):
            values[equation.target] = equation.value(values)
        assert values["theta"] == pytest.approx(theta[0], rel=1e-12)
        for moment in optimizer.moments:
            assert values[moment] == pytest.approx(state[moment][0], rel=1e-12)


@pytest.mark.parametrize(
    ("text", "symbols", "numbers"),
    [
        ("y = a * (b + c)", r"a\, (b + c)", r"2 \cdot (-3 + 4)"),
        ("y = a - (b - c)", "a - (b - c)", "2 - (-3 - 4)"),
        ("y = b**2 - a / c", r"b^{2} - \frac{a}{c}", r"(-3)^{2} - \frac{2}{4}"),
        ("y = b * sqrt(a + c)", r"b\, \sqrt{a + c}", r"-3 \cdot \sqrt{2 + 4}"),
    ],
)
def test_brackets_are_written_only_where_needed(text: str, symbols: str, numbers: str) -> None:
    equation = Equation.parse(text)
    assert equation.latex() == symbols
    assert equation.with_numbers({"a": 2, "b": -3, "c": 4}, {}) == numbers


@pytest.mark.parametrize(
    ("g", "numbers"),
    [
        (4.09e-6, r"(4.09 \cdot 10^{-6})^{2}"),
        (-4.09e-6, r"(-4.09 \cdot 10^{-6})^{2}"),
        (0.5, "0.5^{2}"),
    ],
)
def test_a_number_with_a_power_of_ten_is_squared_in_brackets(g: float, numbers: str) -> None:
    """LaTeX refuses two exponents in a row: the page would show the source, in red."""
    assert Equation.parse("v = g**2").with_numbers({"g": g}, {}) == numbers
