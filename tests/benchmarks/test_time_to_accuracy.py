"""Time to accuracy: seconds of training until the goal, and the lines of the table."""

from math import inf

import pytest

from benchmarks.time_to_accuracy import Goal, line, seconds_to
from data.catalog import DATASETS

GOAL = Goal("mnist-5k", "the embedded digits", epochs=1, accuracies=(0.2, 1.1))


def test_what_is_reached_has_its_seconds_and_what_is_not_has_none() -> None:
    if reason := DATASETS["mnist"].available():
        pytest.skip(reason)
    reached, never = seconds_to(GOAL, "netcore", seed=0) or []
    assert 0 < reached < never == inf


def test_a_line_has_the_median_and_how_many_seeds_got_there() -> None:
    assert line(GOAL, 0, "PyTorch", [3.0, 1.0, inf], beside=2.0) == (
        "| the embedded digits | 20 % | PyTorch | 3.0 | 2 of 3 | 1.50 |"
    )
    assert "| not reached | 0 of 1 | – |" in line(GOAL, 1, "netcore", [inf], beside=inf)
