"""Curves grow while other threads read them, and decimating keeps every extreme."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from playground.history import MEASURED, Event, History, Series, decimate
from tests.playground.examples import numbers

VALUES = arrays(float, st.integers(1, 300), elements=st.floats(allow_nan=False, width=32))


def test_a_series_keeps_all_values_and_never_changes_what_it_gave() -> None:
    series = Series()
    given_out = []
    for i in range(5000):
        series.append(i)
        if i % 500 == 0:
            given_out.append(series.values)
    assert series.values.tolist() == list(range(5000))
    assert [len(values) for values in given_out] == [1 + 500 * k for k in range(10)]
    for values in given_out:
        assert values.tolist() == list(range(len(values)))


def test_curves_of_a_moment_stay_while_the_history_grows() -> None:
    history = History()
    assert len(history.curves().step_cost) == 0
    history.add_step(0.5)
    history.add_measured(**dict.fromkeys(MEASURED, 1.0))
    history.add_event(Event(1, "faster"))
    before = history.curves()
    shown = numbers(before)
    history.add_step(0.4)
    history.add_measured(**dict.fromkeys(MEASURED, 2.0))
    history.add_event(Event(2, "slower"))
    assert numbers(before) == shown == [[0.5]] + [[1.0]] * 5
    assert before.events == (Event(1, "faster"),)
    assert history.curves().step_cost.tolist() == [0.5, 0.4]
    assert [event.iteration for event in history.curves().events] == [1, 2]


def test_a_measurement_half_written_is_not_shown() -> None:
    history = History()
    history._measured["iteration"].append(1)
    assert [len(values) for values in numbers(history.curves())] == [0] * 6


@given(VALUES, st.integers(2, 50))
def test_decimated_is_short_enough_in_order_and_keeps_the_extremes(
    y: np.ndarray, points: int
) -> None:
    x, kept = decimate(y, points)
    assert len(x) == len(kept) <= max(points, 2)
    assert (np.diff(x) > 0).all()
    assert kept.tolist() == y[x.astype(int) - 1].tolist()
    assert (kept.min(), kept.max()) == (y.min(), y.max())


@given(VALUES, st.integers(2, 50))
def test_every_interval_has_a_point(y: np.ndarray, points: int) -> None:
    """No gap is longer than two intervals, so the line spans the whole axis."""
    x, _ = decimate(y, points)
    longest = 2 * (len(y) // (points // 2) + 1)
    assert np.diff([1, *x, len(y)]).max() <= longest


def test_few_values_are_shown_as_they_are() -> None:
    y = np.array([3.0, 1.0, 2.0])
    x, kept = decimate(y, 3)
    assert x.tolist() == [1, 2, 3]
    assert kept is y
    assert [len(each) for each in decimate(np.empty(0), 10)] == [0, 0]


def test_a_cost_that_diverged_is_kept() -> None:
    y = np.ones(1000)
    y[500] = np.nan
    x, kept = decimate(y, 10)
    assert np.isnan(kept).any()
    assert 501 in x
