"""Marks in the charts of curves: spikes above the chart, changes of settings, and the level of
guessing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import log10
from typing import Any, Literal

import numpy as np

from playground.colors import PREVIOUS, THIS_RUN
from playground.history import Event, Floats

USUAL = 0.95  # the quantile of a curve's points that the chart is scaled to
ROOM = 1.15  # the top of the chart, as a multiple of that quantile
SPIKE = 1.6  # the chart is cut at its top if its highest point is above this multiple
BINS = 24  # across the chart: spikes in the same bin share one triangle
ROWS = 6  # rows of notes on changed settings
CHART_WIDTH, LETTER_WIDTH = 330, 6.2  # about, in pixels
ROW_HEIGHT = 14  # pixels


def robust_top(curves: Iterable[Floats]) -> float | None:
    """The top of a linear axis from 0 that leaves out a few spikes, which would flatten the rest of
    the curve; None if there are no spikes.
    """
    finite = [values[np.isfinite(values)] for values in curves]
    finite = [values for values in finite if values.size]
    if not finite:
        return None
    usual = max(max(_usual(values), float(values[0])) for values in finite)
    highest = max(float(values.max()) for values in finite)
    return ROOM * usual if highest > SPIKE * usual > 0 else None


def _usual(values: Floats) -> float:
    """The quantile USUAL, without interpolation: pages draw it at every poll."""
    i = int(USUAL * (len(values) - 1))
    return float(np.partition(values, i)[i])


def spikes(step_cost: Floats, top: float | None) -> list[dict[str, Any]]:
    """A trace of triangles at the top of the chart, where the batch cost is above it. The highest
    spike has its value as text. No trace if there are no spikes.
    """
    if top is None:
        return []
    edges = np.linspace(0, len(step_cost), min(BINS, len(step_cost)) + 1).astype(int)
    x, highest = [], []
    for start, stop in pairwise(edges):
        part = np.where(np.isfinite(step_cost[start:stop]), step_cost[start:stop], -np.inf)
        if part.max() > top:
            x.append(int(start + part.argmax()) + 1)
            highest.append(float(part.max()))
    if not x:
        return []
    first = int(np.argmax(highest))
    texts = [f" {value:.3g}" if i == first else "" for i, value in enumerate(highest)]
    trace = {
        "type": "scatter",
        "mode": "markers+text",
        "name": "spike beyond the chart",
        "showlegend": False,
        "x": x,
        "y": [0.94 * top] * len(x),
        "text": texts,
        "customdata": highest,
        "textposition": "middle right" if x[first] < len(step_cost) / 2 else "middle left",
        "textfont": {"size": 11},
        "marker": {"symbol": "triangle-up", "size": 9, "color": PREVIOUS},
        "hovertemplate": "%{customdata:.3g}",
    }
    return [trace]


def step_mark(iteration: int) -> dict[str, Any]:
    """A vertical line at the step that the page shows."""
    return {
        "type": "line",
        "x0": iteration,
        "x1": iteration,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"color": THIS_RUN, "width": 2},
    }


def event_mark(event: Event) -> dict[str, Any]:
    """A vertical line where a setting was changed."""
    return {
        "type": "line",
        "x0": event.iteration,
        "x1": event.iteration,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"color": PREVIOUS, "width": 1, "dash": "dash"},
    }


def event_notes(
    events: Sequence[Event], iterations: int, *, taken: int = 0
) -> list[dict[str, Any]]:
    """What was changed, as a text beside the line of each change, on the side with more room. The
    texts are in rows so that none covers another. If the rows are full, the oldest are left out.
    Parameters that were set by hand at the same iteration have one text.

    taken  rows at the top that something else is printed in, such as the value of a spike
    """
    notes: list[dict[str, Any]] = []
    ends = [1.0] * ROWS  # each row is free to the left of this share of the chart's width
    for event in reversed(_by_hand_together(events)):
        at, width = (
            event.iteration / max(iterations, 1),
            LETTER_WIDTH * len(event.text) / CHART_WIDTH,
        )
        left = at < 0.5
        start, stop = (at, at + width) if left else (at - width, at)
        row = next((row for row in range(ROWS) if stop <= ends[row] or ends[row] == 1.0), None)
        if row is None:
            break
        ends[row] = start
        notes.append(
            {
                "x": event.iteration,
                "yref": "paper",
                "y": 1,
                "yanchor": "top",
                "yshift": -ROW_HEIGHT * (row + taken),
                "xanchor": "left" if left else "right",
                "text": event.text,
                "showarrow": False,
                "font": {"size": 11},
            }
        )
    return notes[::-1]


def _by_hand_together(events: Sequence[Event]) -> list[Event]:
    together: list[Event] = []
    for (iteration, by_hand), group in groupby(events, lambda e: (e.iteration, e.is_by_hand)):
        same = list(group)
        n = len({event.text.partition(":")[0] for event in same})
        if by_hand and n > 1:
            same = [Event(iteration, f"set by hand: {n} parameters")]
        together += same
    return together


@dataclass(frozen=True)
class Baseline:
    """A level that curves are compared with, such as that of guessing, and its name at one end.

    below  whether its name is below the line
    """

    value: float
    text: str
    color: str = PREVIOUS
    end: Literal["left", "right"] = "right"
    below: bool = False

    def mark(self) -> dict[str, Any]:
        """A level line across the chart."""
        return {
            "type": "line",
            "xref": "paper",
            "x0": 0,
            "x1": 1,
            "y0": self.value,
            "y1": self.value,
            "line": {"color": self.color, "width": 1, "dash": "dot"},
        }

    def note(self, *, log: bool = False) -> dict[str, Any]:
        """Its name, at its end of the line."""
        return {
            "xref": "paper",
            "x": 1 if self.end == "right" else 0,
            "xanchor": self.end,
            "y": log10(self.value) if log else self.value,
            "yanchor": "top" if self.below else "bottom",
            "text": self.text,
            "showarrow": False,
            "font": {"size": 11},
        }
