"""The verdict of a race, against SciPy, and by its properties."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from playground.race.student_t import probability_within, two_sided_quantile
from playground.race.verdict import (
    MAX_NEEDED,
    POWER,
    confidence_for,
    sentence,
    starts_needed,
    verdict,
)

degrees = st.integers(1, 1000)
differences = st.lists(st.integers(-1000, 1000).map(lambda n: n / 1000), min_size=2, max_size=30)


@given(t=st.floats(0, 1e6), df=degrees)
def test_probabilities_are_scipys(t: float, df: int) -> None:
    expected = 1 - 2 * stats.t.sf(t, df)
    assert probability_within(t, df) == pytest.approx(expected, abs=1e-12)


@given(probability=st.floats(0.001, 0.9999), df=degrees)
def test_quantiles_are_scipys(probability: float, df: int) -> None:
    expected = stats.t.ppf(0.5 + probability / 2, df)
    assert two_sided_quantile(probability, df) == pytest.approx(expected, rel=1e-9)


@given(differences, st.sampled_from([0.9, 0.95, confidence_for(3)]))
def test_the_interval_is_scipys_paired_one(given_: list[float], confidence: float) -> None:
    found = verdict(given_, confidence)
    if np.ptp(given_) == 0:  # SciPy has no interval for it
        assert (found.mean, found.half) == pytest.approx((given_[0], 0.0), abs=1e-12)
        return
    a = np.linspace(0, 1, len(given_))
    expected = stats.ttest_rel(a + given_, a).confidence_interval(confidence)
    assert (found.low, found.high) == pytest.approx(tuple(expected), rel=1e-6, abs=1e-9)


@given(differences)
def test_swapping_both_settings_swaps_the_verdict(given_: list[float]) -> None:
    found, swapped = verdict(given_), verdict([-each for each in given_])
    assert (found.mean, found.half) == pytest.approx((-swapped.mean, swapped.half))
    assert (found.better, found.worse) == (swapped.worse, swapped.better)
    assert (found.is_clear, found.needed) == (swapped.is_clear, swapped.needed)


@given(differences)
def test_one_verdict_is_given_and_never_against_most_of_the_interval(given_: list[float]) -> None:
    found = verdict(given_)
    assert found.low <= found.mean <= found.high
    assert found.better + found.worse <= found.starts == len(given_)
    text = sentence(found, "B", "A", in_points=True)
    assert ("cannot tell" in text.lower() or "equal" in text) == (not found.is_clear)
    assert ("is better than A by" in text) == (found.low > 0)
    assert ("is worse than A by" in text) == (found.high < 0)


@given(st.floats(0.05, 3.0))
def test_so_many_starts_have_the_power_that_is_said(effect: float) -> None:
    """The number is approximate: SciPy's noncentral t says that its power is near."""
    n = starts_needed(effect, 1.0, 0.95)
    if n is None:
        assert effect < 0.1
        return

    def power(n: int) -> float:
        critical = stats.t.ppf(0.975, n - 1)
        return float(stats.nct.sf(critical, n - 1, effect * math.sqrt(n)))

    assert power(n) >= POWER - 0.02
    assert n <= 3 or power(n - 2) <= POWER + 0.02


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    rng = np.random.default_rng(5)
    found = [verdict(each) for each in rng.normal(1, 2, (600, 5)).tolist()]
    held = [each.low <= 1 <= each.high for each in found]
    assert np.mean(held) == pytest.approx(0.95, abs=0.02)


def test_a_clear_verdict_in_words() -> None:
    text = sentence(verdict([0.008, 0.011, 0.007, -0.001]), "B", "A", in_points=True)
    assert "Cannot tell" in text
    text = sentence(verdict([0.008, 0.011, 0.007, 0.009, -0.001] * 2), "B", "A", in_points=True)
    assert text == "B is better than A by 0.7 ± 0.3 points, on 8 of 10 starts."
    text = sentence(verdict([-0.2, -0.21]), "C", "A", in_points=False)
    assert text == "C is worse than A by 0.205 ± 0.064 in R², on 2 of 2 starts."


def test_what_cannot_be_told_says_how_many_starts_would_tell() -> None:
    of = verdict([0.01, -0.01, 0.012, 0.003, -0.006])
    assert not of.is_clear
    assert of.needed is not None
    assert f"about {of.needed} in all," in sentence(of, "B", "A", in_points=True)


def test_few_starts_and_none() -> None:
    assert "Two starts or more" in sentence(verdict([0.3]), "B", "A", in_points=True)
    assert "No start has ended" in sentence(verdict([]), "B", "A", in_points=True)
    equal = verdict([0.0, 0.0, 0.0])
    assert sentence(equal, "B", "A", in_points=True) == "B and A have equal scores on all 3 starts."
    hardly = verdict([0.1, -0.1, 0.1, -0.1])
    assert f"Even {MAX_NEEDED:,} starts" in sentence(hardly, "B", "A", in_points=True)
