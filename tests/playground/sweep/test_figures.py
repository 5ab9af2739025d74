"""The charts of a sweep: axes, brushing, curves."""

import math

import numpy as np
import pytest

from playground.colors import PREVIOUS, RUN_COLORS
from playground.config import RunConfig
from playground.sweep.figures import (
    ACCURACY,
    COST,
    best_first,
    brushed,
    curves_figure,
    dimensions,
    parcoords_figure,
)
from playground.sweep.ranges import read_space
from playground.sweep.trial import ShownTrial, TrialStatus

SPACE = read_space(RunConfig(), ["learning_rate=0.001..0.1:3", "optimizer=adam,momentum"])


def trial(number: int, rate: str, optimizer: str, score: float) -> ShownTrial:
    values = {"learning_rate": rate, "optimizer": optimizer}
    curves = np.array([[0, 2.3, 0.1, 2.3, 0.1], [50, 1.0, score, 1.0, score]])
    status = TrialStatus.STOPPED if number == 2 else TrialStatus.DONE
    return ShownTrial(
        *(number, values, SPACE.config(values), "token", f"id{number}", status, ""),
        *(50, 50, score, 1.0 - score if math.isfinite(score) else math.nan, 0.5, 1000, curves),
    )


TRIALS = [
    trial(1, "0.001", "adam", 0.9),
    trial(2, "0.01", "momentum", 0.7),
    trial(3, "0.1", "adam", math.nan),
]


def test_axes_are_logarithmic_names_and_results() -> None:
    rate, optimizer, cost, score = dimensions(TRIALS, SPACE.axes)
    assert rate.values.tolist() == pytest.approx([-3, -2, -1])
    assert list(rate.texts) == ["0.001", "0.01", "0.1"]
    assert optimizer.values.tolist() == [0, 1, 0]
    assert list(optimizer.texts) == ["adam", "momentum"]
    assert cost.label == COST
    assert cost.values.tolist() == pytest.approx([-1, math.log10(0.3), math.log10(0.3)])
    assert score.label.startswith(ACCURACY)
    assert score.values.tolist() == pytest.approx([90, 70, 70])  # a failed run is with the worst


def test_a_brush_chooses_the_runs_inside_all_of_its_parts() -> None:
    dims = dimensions(TRIALS, SPACE.axes)
    rate, optimizer = dims[0].label, dims[1].label
    inside = brushed(TRIALS, dims, {rate: [(-3.2, -1.9)], optimizer: [(-0.2, 0.2)]})
    assert [each.number for each in inside] == [1]
    either = brushed(TRIALS, dims, {rate: [(-3.2, -2.9), (-1.1, -0.9)]})
    assert [each.number for each in either] == [1, 3]
    figure = parcoords_figure(TRIALS, dims, {rate: [(-3.2, -1.9)]})
    first, second, *_ = figure["data"][0]["dimensions"]
    assert first["constraintrange"] == [-3.2, -1.9]
    assert "constraintrange" not in second
    low, high = first["range"]
    assert low < -3
    assert high > -1


def test_chosen_curves_have_colors_and_stopped_ones_a_cross() -> None:
    figure = curves_figure(TRIALS, [TRIALS[1]], {1, 2})
    last = figure["data"][-1]
    assert (last["line"]["color"], last["marker"]["symbol"]) == (RUN_COLORS[0], "x")
    assert last["y"].tolist() == pytest.approx([10, 70])
    assert last["name"] == "A run 2"  # the letter of its weights
    (note,) = figure["layout"]["annotations"]
    assert (note["text"], note["x"], note["y"]) == ("A", last["x"][-1], last["y"][-1])
    others = figure["data"][:-1]
    assert [each["line"]["color"] for each in others] == [PREVIOUS, PREVIOUS]
    assert others[0]["opacity"] > others[1]["opacity"]


def test_chosen_curves_differ_without_their_colors() -> None:
    figure = curves_figure(TRIALS, TRIALS, {1, 2, 3})
    lines = [each["line"]["dash"] for each in figure["data"]]
    assert len(set(lines)) == len(lines) > 1


def test_the_best_come_first_and_failed_ones_last() -> None:
    assert [each.number for each in best_first([*TRIALS[::-1]])] == [1, 2, 3]


def test_charts_without_runs() -> None:
    assert parcoords_figure([], dimensions([], SPACE.axes), {})["data"]
    assert curves_figure([], [], set())["data"] == []
