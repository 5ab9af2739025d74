"""Points on the plane as a chart: those selected stand out, and a lasso selects."""

from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from data.points import HALF, Plane
from playground.inspect.figures import map_figure
from playground.inspect.selection import Selection
from playground.run import Snapshot
from ui.inspect.chosen import examples, look_at, select
from ui.live_plot import Point, live_plot

WIDTH, HEIGHT = 460, 330


def points_of(shown: Snapshot, plane: Plane, chosen: Selection, members: NDArray[np.intp]) -> None:
    """All points of the selection's part, by their true class."""
    dataset = examples(shown, chosen.part)
    at = plane.train_points if chosen.part == "training" else plane.validation_points
    inside = np.zeros(dataset.m, dtype=bool)
    inside[members] = True
    figure, numbers = map_figure(
        at, dataset.labels, dataset.class_names, inside, None, f"points {shown.token}",
        axes=("x₁", "x₂"),
    )  # fmt: skip
    figure["layout"]["xaxis"] |= {"range": [-HALF, HALF]}
    figure["layout"]["yaxis"] |= {"range": [-HALF, HALF], "scaleanchor": "x"}
    with st.container(width=WIDTH):
        live_plot(
            figure,
            key="selected points",
            height=HEIGHT,
            alt=f"{len(members):,} of {dataset.m:,} points are selected",
            on_pick=partial(take_points, chosen, numbers),
        )


def take_points(chosen: Selection, numbers: list[NDArray[np.intp]], points: list[Point]) -> None:
    """For callbacks: select the points in a lasso; look at one that is clicked.

    numbers  of the examples that the points of each trace are
    """
    known = [
        int(numbers[trace][at])
        for trace, at, *_ in points
        if trace < len(numbers) and at < len(numbers[trace])
    ]
    if len(known) == 1:
        look_at(known[0])
    elif known:
        select(chosen.with_points(known))
