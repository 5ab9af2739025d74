"""Marks in the charts of curves: spikes beyond the range, changes of settings, and the level of
guessing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log10
from typing import Any

import numpy as np

from playground.colors import PREVIOUS
from playground.history import Event, Floats

USUAL = 0.95  # of a curve's points lie below the top of the chart,
ROOM = 1.15  # which has this much room above them
SPIKE = 1.6  # times that much, and a point is a spike that is marked, not shown
BINS = 24  # across the chart: spikes in the same one share a mark
ROWS = 6  # of notes on changes, one below the other
CHART, LETTER = 330, 6.2  # pixels, about: width of a chart, of a letter of a note
ROW = 14  # pixels


def robust_top(curves: Iterable[Floats]) -> float | None:
    """The top of a linear axis from 0 on which a few spikes flatten nothing; None if there are
    none, and all points fit on it."""
    finite = [values[np.isfinite(values)] for values in curves]
    finite = [values for values in finite if values.size]
    if not finite:
        return None
    usual = max(max(float(np.quantile(values, USUAL)), float(values[0])) for values in finite)
    highest = max(float(values.max()) for values in finite)
    return ROOM * usual if highest > SPIKE * usual > 0 else None


def spikes(step_cost: Floats, top: float | None) -> list[dict[str, Any]]:
    """A trace of triangles at the top where training batches cost more than that, the highest
    with its value; no trace if none do."""
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


def event_notes(events: Sequence[Event], iterations: int) -> list[dict[str, Any]]:
    """What was changed, on the side of each line that has more room, in rows such that none is
    printed over another; once these are full the oldest go."""
    notes: list[dict[str, Any]] = []
    ends = [1.0] * ROWS  # how far to the left each row is taken, from the right
    for event in reversed(events):
        at, width = event.iteration / max(iterations, 1), LETTER * len(event.text) / CHART
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
                "yshift": -ROW * row,
                "xanchor": "left" if left else "right",
                "text": event.text,
                "showarrow": False,
                "font": {"size": 11},
            }
        )
    return notes[::-1]


@dataclass(frozen=True)
class Baseline:
    """A level that is worth comparing with, and what it is called."""

    value: float
    text: str

    def mark(self) -> dict[str, Any]:
        """A level line across the chart."""
        return {
            "type": "line",
            "xref": "paper",
            "x0": 0,
            "x1": 1,
            "y0": self.value,
            "y1": self.value,
            "line": {"color": PREVIOUS, "width": 1, "dash": "dot"},
        }

    def note(self, *, log: bool = False) -> dict[str, Any]:
        """Its name, at the right end of the line."""
        return {
            "xref": "paper",
            "x": 1,
            "xanchor": "right",
            "y": log10(self.value) if log else self.value,
            "yanchor": "bottom",
            "text": self.text,
            "showarrow": False,
            "font": {"size": 11},
        }
