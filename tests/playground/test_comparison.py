"""Runs side by side: colors that can be told apart, curves on three axes, settings that differ."""

import re
from typing import Any

import numpy as np
import pytest

from playground.colors import RUN_COLORS, contrast, ink_on
from playground.comparison import (
    LETTERS,
    Compared,
    curves_figure,
    differing_settings,
    names_of,
    not_comparable,
    run_x,
    smoothed,
    title_of,
)
from playground.config import settings_as_text
from playground.history import Curves
from playground.library.entry import Entry
from playground.trainer import start_state
from tests.playground.examples import small
from tests.server import ROOT


def entry(**values: Any) -> Entry:
    known: dict[str, Any] = dict.fromkeys(Entry.__dataclass_fields__)
    config = small(**values.pop("config", {}))
    known |= {
        "id": "x",
        "given_name": "",
        "made_name": "made",
        "settings": settings_as_text(config),
    }
    return Entry(**known | {"iteration": 40, "epoch": 4, "clock": ((20, 1.0), (40, 3.0))} | values)


def compared(index: int = 0, **values: Any) -> Compared:
    x = np.arange(0.0, 50, 10)
    curves = Curves(np.ones(40), x, 1 / (x + 1), x / 50, 2 / (x + 1), x / 60, ())
    return Compared(
        index, f"run {index}", entry(**values), start_state(small()).network, curves, (), None
    )


def test_each_run_has_a_color_that_is_seen_on_every_background() -> None:
    config = (ROOT / ".streamlit" / "config.toml").read_text("utf-8")
    backgrounds = re.findall(r'[bB]ackgroundColor = "(#\w{6})"', config)
    assert len(backgrounds) >= 4
    assert len(set(RUN_COLORS)) == len(LETTERS) == 8
    for color in RUN_COLORS:
        for background in backgrounds:
            assert contrast(color, background) >= 3
        assert contrast(color, ink_on(color)) >= 4.5  # of the run's letter


def test_every_curve_has_its_color_a_letter_and_a_line_style() -> None:
    runs = [compared(0), compared(1)]
    figure = curves_figure(runs, measure="cost", by="iteration", smoothing=0, log=True)
    assert [trace["line"]["color"] for trace in figure["data"]] == list(RUN_COLORS[:2])
    assert figure["data"][0]["line"]["dash"] != figure["data"][1]["line"]["dash"]
    assert [note["text"] for note in figure["layout"]["annotations"]] == ["A", "B"]
    assert figure["layout"]["yaxis"]["type"] == "log"
    assert figure["layout"]["annotations"][0]["y"] == pytest.approx(np.log10(1 / 41))


def test_eight_curves_differ_without_their_colors_and_have_short_names_on_a_phone() -> None:
    runs = [compared(index) for index in range(8)]
    figure = curves_figure(runs, measure="cost", by="epoch", smoothing=0.5, log=False)
    named = [trace for trace in figure["data"] if trace["showlegend"]]
    assert len({trace["line"]["dash"] for trace in named}) == 8
    assert [trace["meta"]["narrow"] for trace in named] == list(LETTERS)
    few = curves_figure(runs[:4], measure="cost", by="epoch", smoothing=0, log=False)
    assert not any("meta" in trace for trace in few["data"])


def test_a_letter_is_at_the_end_of_the_smoothed_curve() -> None:
    figure = curves_figure([compared()], measure="cost", by="iteration", smoothing=0.9, log=False)
    (note,) = figure["layout"]["annotations"]
    assert note["y"] == figure["data"][1]["y"][-1] != figure["data"][0]["y"][-1]


def test_smoothing_leaves_the_measured_curve_behind() -> None:
    run = compared()
    measured, smooth = curves_figure(
        [run], measure="validation_accuracy", by="iteration", smoothing=0.5, log=True
    )["data"]
    np.testing.assert_allclose(measured["y"], 100 * run.curves.validation_accuracy)
    assert measured["opacity"] < 0.5 < smooth["opacity"]
    np.testing.assert_allclose(smooth["y"], smoothed(measured["y"], 0.5))


def test_smoothing_passes_over_what_is_not_finite() -> None:
    y = smoothed(np.array([np.nan, 2.0, np.inf, 2.0]), 0.9)
    assert np.isnan(y[0])
    np.testing.assert_allclose(y[1:], 2.0)


def test_three_axes() -> None:
    run = compared()
    np.testing.assert_array_equal(run_x(run, "iteration"), [0, 10, 20, 30, 40])
    np.testing.assert_array_equal(run_x(run, "epoch"), [0, 1, 2, 3, 4])
    np.testing.assert_array_equal(run_x(run, "seconds"), [0, 0.5, 1, 2, 3])


def test_only_what_differs_is_said() -> None:
    runs = [entry(), entry(config={"learning_rate": 0.5}), entry(given_name="mine")]
    ((label, texts),) = differing_settings(runs)
    assert label.startswith("Learning rate")
    assert texts[1] == "0.5"
    names = names_of(runs)
    assert names[2] == "mine"
    assert names[1] == "α 0.5"
    assert names_of(runs[:1]) == ["made"]
    assert names_of([entry(), entry(parent_iteration=40)]) == ["made", "from step 40"]


def test_the_axis_says_what_the_runs_have() -> None:
    digits, numbers = {"dataset": "mnist-5k"}, {"dataset": "reg-gauss"}
    assert title_of("validation_accuracy", [digits, digits]) == "validation accuracy (%)"
    assert title_of("validation_accuracy", [numbers]) == "validation R² × 100"
    assert title_of("accuracy", [numbers, digits]) == "training accuracy (%) or R² × 100"


def test_costs_under_other_class_weights_are_not_comparable() -> None:
    balanced = entry(config={"class_weights": "balanced"}).settings
    equal, rate = entry().settings, entry(config={"learning_rate": 0.5}).settings
    assert "class weights" in not_comparable([equal, balanced], "validation_cost")
    assert not_comparable([equal, balanced], "validation_accuracy") == ""
    assert not_comparable([equal, rate], "cost") == ""
    assert "task" in not_comparable([equal, equal | {"task": "3-8"}], "accuracy")


def test_noise_is_in_validation_points_but_not_in_validation_images() -> None:
    images = entry().settings
    assert not_comparable([images, images | {"noise": "0.3"}], "accuracy") == ""
    points = images | {"dataset": "spiral"}
    assert "noise" in not_comparable([points, points | {"noise": "0.3"}], "accuracy")
