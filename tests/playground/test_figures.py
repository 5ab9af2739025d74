"""Plotly accepts the figures, and they show the data."""

from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from playground.chart_marks import ROW_HEIGHT, Baseline
from playground.colors import PREVIOUS, TRAINING, VALIDATION
from playground.figures import MAX_POINTS, Figure, accuracy_figure, cost_figure
from playground.history import Curves, Event


def curves(steps: int = 40, **values: Any) -> Curves:
    x = np.arange(0.0, steps + 1, 10)
    return Curves(
        step_cost=np.linspace(2.3, 0.5, steps),
        iteration=x,
        cost=np.linspace(2.3, 0.4, len(x)),
        accuracy=np.linspace(0.1, 0.98, len(x)),
        validation_cost=np.linspace(2.3, 0.6, len(x)),
        validation_accuracy=np.linspace(0.1, 0.91, len(x)),
        **values,
    )


def cost(shown: Curves, before: Curves | None = None, *, log: bool = False) -> Figure:
    return cost_figure(shown, before, iterations=100, log=log, revision="r")


def accuracy(shown: Curves, before: Curves | None = None) -> Figure:
    return accuracy_figure(shown, before, iterations=100, revision="r")


def trace(figure: Figure, name: str) -> dict[str, Any]:
    (found,) = (each for each in figure["data"] if each["name"] == name)
    return dict(found)


NONE = np.empty(0)
EMPTY = Curves(NONE, NONE, NONE, NONE, NONE, NONE)


@pytest.mark.parametrize(
    "figure",
    [
        cost(curves()),
        cost(curves(events=(Event(7, "Learning rate α: 0.1 → 0.01"),)), curves(), log=True),
        cost(EMPTY),
        accuracy(curves(), curves()),
        accuracy(EMPTY, EMPTY),
    ],
    ids=["cost", "log, with all", "empty", "accuracy", "empty accuracy"],
)
def test_plotly_accepts_it_and_axes_and_title_are_named(figure: Figure) -> None:
    accepted = go.Figure(figure)  # raises for a property that Plotly does not know
    assert len(accepted.data) == len(figure["data"])
    assert accepted.layout.title.text
    assert accepted.layout.xaxis.title.text
    assert all(each.hovertemplate for each in accepted.data)


def test_units_are_named() -> None:
    assert cost(curves())["layout"]["yaxis"]["title"]["text"] == "cost J (nats)"
    assert accuracy(curves())["layout"]["yaxis"]["title"]["text"] == "accuracy (%)"


@pytest.mark.parametrize("draw", [cost, accuracy])
def test_a_color_means_the_same_in_every_figure(draw: Any) -> None:
    figure = draw(curves(), curves())
    colors = {each["name"]: each["line"]["color"] for each in figure["data"]}
    assert colors["training"] == TRAINING
    assert colors["validation"] == VALIDATION
    assert colors["previous run, validation"] == PREVIOUS


def test_the_lines_are_the_curves() -> None:
    shown, before = curves(), curves(20)
    figure = cost(shown, before)
    assert trace(figure, "training")["y"] is shown.cost
    assert trace(figure, "validation")["y"] is shown.validation_cost
    assert trace(figure, "validation")["x"] is shown.iteration
    assert (
        trace(figure, "previous run, validation")["y"].tolist() == before.validation_cost.tolist()
    )
    batch = trace(figure, "training batch")
    assert batch["x"].tolist() == list(range(1, 41))
    assert batch["y"].tolist() == shown.step_cost.tolist()
    percent = trace(accuracy(shown), "validation")["y"]
    np.testing.assert_allclose(percent, 100 * shown.validation_accuracy)


def test_a_previous_run_that_never_trained_is_not_drawn() -> None:
    assert len(cost(curves(), curves(0))["data"]) == len(cost(curves())["data"]) == 3


def test_long_curves_are_cut_to_what_a_screen_shows() -> None:
    batch = trace(cost(curves(100_000)), "training batch")
    assert len(batch["x"]) == len(batch["y"]) <= MAX_POINTS


def test_the_axis_is_the_whole_run_and_zoom_lasts_until_the_scale_changes() -> None:
    linear, log = cost(curves()), cost(curves(), log=True)
    assert linear["layout"]["xaxis"]["range"] == [0, 100]
    assert (linear["layout"]["yaxis"]["type"], log["layout"]["yaxis"]["type"]) == ("linear", "log")
    assert linear["layout"]["uirevision"] == cost(curves(50))["layout"]["uirevision"]
    assert linear["layout"]["uirevision"] != log["layout"]["uirevision"]


def test_a_change_in_mid_run_is_marked_with_its_words() -> None:
    layout = cost(curves(events=(Event(7, "faster"), Event(9, "slower"))))["layout"]
    assert [(line["x0"], line["x1"]) for line in layout["shapes"]] == [(7, 7), (9, 9)]
    assert [(note["x"], note["text"]) for note in layout["annotations"]] == [
        (7, "faster"),
        (9, "slower"),
    ]


def test_a_spike_flattens_nothing_and_is_marked_with_its_value() -> None:
    shown = curves()
    shown.step_cost[6], shown.step_cost[30] = 75.0, 14.0
    linear, log = cost(shown), cost(shown, log=True)
    low, top = linear["layout"]["yaxis"]["range"]
    assert low == 0
    assert 2.3 < top < 4
    mark = trace(linear, "spike beyond the chart")
    assert mark["x"] == [7, 31]
    assert mark["text"] == [" 75", ""]
    assert all(0.8 * top < y < top for y in mark["y"])
    assert "range" not in log["layout"]["yaxis"]
    assert len(log["data"]) == len(linear["data"]) - 1
    assert "range" not in cost(curves())["layout"]["yaxis"]
    assert go.Figure(linear)


def test_notes_of_changes_are_not_printed_over_each_other() -> None:
    text = "Learning rate α: 0.003 → 0.01"
    events = (Event(10, text), Event(12, text), Event(12, text), Event(90, text))
    notes = cost(curves(events=events))["layout"]["annotations"]
    assert len({note["yshift"] for note in notes[:3]}) == 3
    assert [note["xanchor"] for note in notes] == ["left", "left", "left", "right"]
    crowd = tuple(Event(50, text) for _ in range(40))
    notes = cost(curves(events=crowd))["layout"]["annotations"]
    assert len({note["yshift"] for note in notes}) == len(notes) < 10  # the newest
    shown = curves(events=events)
    shown.step_cost[6] = 75.0  # its value is at the top
    assert max(note["yshift"] for note in cost(shown)["layout"]["annotations"]) == -ROW_HEIGHT


def test_parameters_set_by_hand_at_one_iteration_have_one_note() -> None:
    nine = [Event(0, f"W1[{i},{k}]: 0.1 → 3") for i in range(3) for k in range(3)]
    events = (*nine, Event(0, "W1[0,0]: 3 → 4"), Event(5, "b1[0]: 0 → 1"), Event(5, "L2 λ: 0 → 1"))
    notes = cost(curves(events=events))["layout"]["annotations"]
    texts = [note["text"] for note in notes]
    assert texts == ["set by hand: 9 parameters", "b1[0]: 0 → 1", "L2 λ: 0 → 1"]


def test_a_step_or_two_are_visible_as_points() -> None:
    assert trace(cost(curves(1)), "training batch")["mode"] == "lines+markers"
    assert trace(cost(curves(400)), "training batch")["mode"] == "lines"


def test_the_baseline_is_a_level_line_with_its_name() -> None:
    guess = Baseline(90.0, "guessing 90.0 %")
    figure = accuracy_figure(curves(), None, iterations=100, revision="r", baselines=[guess])
    assert [(line["y0"], line["y1"]) for line in figure["layout"]["shapes"]] == [(90.0, 90.0)]
    (note,) = figure["layout"]["annotations"]
    assert (note["text"], note["y"]) == ("guessing 90.0 %", 90.0)
    assert guess.note(log=True)["y"] == pytest.approx(1.954, abs=1e-3)
    assert go.Figure(figure)
