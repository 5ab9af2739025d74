"""The start, the peak and the end of each schedule."""

import numpy as np
import pytest

from netcore.schedules import SCHEDULES
from netcore.training import Hyperparameters

ENDS = {  # at the start, and at the end
    "constant": (1.0, 1.0),
    "step": (1.0, 0.01),
    "cosine": (1.0, 0.0),
    "one_cycle": (0.04, 0.0),
}


def test_every_schedule_is_here() -> None:
    assert set(ENDS) == set(SCHEDULES)


@pytest.mark.parametrize("name", SCHEDULES)
def test_the_ends(name: str) -> None:
    schedule = SCHEDULES[name]
    assert (schedule(0.0), schedule(1.0)) == pytest.approx(ENDS[name], abs=1e-15)
    assert schedule(1.5) == pytest.approx(ENDS[name][1], abs=1e-15)  # past the end it stays


@pytest.mark.parametrize("name", SCHEDULES)
def test_the_factor_reaches_one_and_never_more(name: str) -> None:
    factors = [SCHEDULES[name](progress) for progress in np.linspace(0, 1, 1001)]
    assert min(factors) >= 0
    assert max(factors) == 1.0
    after_peak = factors[factors.index(1.0) :]
    assert after_peak == sorted(after_peak, reverse=True)


def test_the_steps_are_at_half_and_three_quarters() -> None:
    step = SCHEDULES["step"]
    assert [step(p) for p in (0.499, 0.5, 0.749, 0.75)] == [1.0, 0.1, 0.1, 0.01]


def test_one_cycle_warms_up_without_a_jump() -> None:
    factors = [SCHEDULES["one_cycle"](progress) for progress in np.linspace(0, 1, 1001)]
    assert max(abs(np.diff(factors))) < 0.004
    assert factors.index(1.0) == 300


def test_the_rate_is_the_learning_rate_times_the_factor() -> None:
    hyper = Hyperparameters(learning_rate=0.5, iterations=10, schedule="cosine")
    assert hyper.rate_at(5) == pytest.approx(0.25)


def test_an_unknown_schedule_is_answered_with_the_known_ones() -> None:
    hyper = Hyperparameters(learning_rate=0.5, iterations=10, schedule="linear")
    with pytest.raises(ValueError, match="unknown schedule 'linear'; choose one of: constant"):
        hyper.rate_at(0)
