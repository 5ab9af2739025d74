"""The figures are ones that Plotly accepts, and each says what it shows."""

from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

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


def test_a_run_before_that_never_trained_is_not_drawn() -> None:
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
