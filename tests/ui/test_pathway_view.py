"""The network on its way to the browser: a byte a unit, and what is picked in it."""

import numpy as np
import pytest

from ui.pathway import _levels, _unit


def test_levels_have_zero_in_the_middle_and_the_largest_at_an_end() -> None:
    assert _levels(np.array([0.0, 0.5, -0.25, 1.0])).tolist() == [128, 192, 96, 255]
    assert _levels(np.array([0.0, 0.0])).tolist() == [128, 128]
    assert _levels(np.array([np.nan, np.inf, 2.0])).tolist() == [0, 255, 255]


@pytest.mark.parametrize(
    ("said", "picked"),
    [
        ([1, 3, 1], (1, 3)),
        ([2, 9, 1], (2, 9)),
        ([0, 3, 1], None),
        ([3, 0, 1], None),
        ([1, 4, 1], None),
        ([1, -1, 1], None),
        (["1", 2, 1], None),
        ([1], None),
        (None, None),
        ({"1": 2}, None),
    ],
    ids=str,
)
def test_only_a_unit_that_is_there_is_picked(said: object, picked: tuple[int, int] | None) -> None:
    assert _unit(said, (784, 4, 10)) == picked
