"""Plotly figures as plain dicts, from arrays. Pure functions: they know no page and no run.

A color means the same in every figure (playground/colors.py). The page's theme sets the colors of
text and grid.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from netcore.metrics import Roc
from playground.chart_marks import (
    Baseline,
    event_mark,
    event_notes,
    robust_top,
    spikes,
    step_mark,
)
from playground.colors import PREVIOUS, THIS_RUN, TRAINING, VALIDATION
from playground.history import Curves, Event, Floats, decimate
from playground.measure import ACCURACY, Measure

MAX_POINTS = 500  # of a curve: a screen cannot show more
FEW = 25  # points of a curve that are visible as points: after a Step or two there is no line yet
Figure = dict[str, Any]


def cost_figure(
    curves: Curves,
    before: Curves | None,
    *,
    iterations: int,
    log: bool,
    revision: str,
    unit: str = " (nats)",
    baseline: Baseline | None = None,
    looked_at: int | None = None,
) -> Figure:
    """Cost over iterations: of every training batch (pale), and measured on training and validation
    examples without warps or dropout. The zoom is kept as long as revision is the same. A spike
    flattens nothing: it is marked at the top of the chart, unless the axis is logarithmic.

    looked_at  the earlier step that the page shows
    """
    measured = (curves.cost, curves.validation_cost)
    top = None if log else robust_top((curves.step_cost, *measured))
    axis: dict[str, Any] = {"title": {"text": f"cost J{unit}"}, "type": "log" if log else "linear"}
    if not log:
        axis |= {"rangemode": "tozero"} if top is None else {"range": [0, top]}
    x, y = decimate(curves.step_cost, MAX_POINTS)
    pale = _line("training batch", x, y, TRAINING, width=1, opacity=0.35, digits=".4f")
    marks = spikes(curves.step_cost, top)
    return _figure(
        "Cost",
        [
            *_previous(before, "validation_cost", 1, ".4f"),
            pale,
            _measured("training", curves, curves.cost, TRAINING, ".4f"),
            _measured("validation", curves, curves.validation_cost, VALIDATION, ".4f"),
            *marks,
        ],
        rows_taken=len(marks),
        y=axis,
        baselines=() if baseline is None else (baseline,),
        looked_at=looked_at,
        iterations=iterations,
        events=curves.events,
        revision=f"{revision} {log}",
    )


def accuracy_figure(
    curves: Curves,
    before: Curves | None,
    *,
    iterations: int,
    revision: str,
    measure: Measure = ACCURACY,
    baselines: Sequence[Baseline] = (),
    looked_at: int | None = None,
) -> Figure:
    """Accuracy in per cent, or R², over iterations: training and validation."""
    unit, spec = measure.unit, measure.spec
    return _figure(
        measure.name,
        [
            *_previous(before, "validation_accuracy", unit, spec),
            _measured("training", curves, unit * curves.accuracy, TRAINING, spec),
            _measured("validation", curves, unit * curves.validation_accuracy, VALIDATION, spec),
        ],
        y={"title": {"text": measure.axis}, "range": list(measure.span)},
        baselines=baselines,
        looked_at=looked_at,
        iterations=iterations,
        events=curves.events,
        revision=revision,
    )


def roc_figure(roc: Roc, at: tuple[float, float]) -> Figure:
    """The ROC curve: true positive rate over false positive rate, for every threshold.

    at  both rates at the current threshold
    """
    curve = _line(
        "any threshold",
        roc.false_positive_rate,
        roc.true_positive_rate,
        VALIDATION,
        digits=".3f",
    )
    ends = np.array([0.0, 1.0])
    guessing = _line("guessing", ends, ends, PREVIOUS, digits=".3f", dash="dot")
    here = {
        "type": "scatter",
        "mode": "markers",
        "name": "this threshold",
        "x": [at[0]],
        "y": [at[1]],
        "marker": {"color": THIS_RUN, "size": 11},
    }
    title = {"text": f"ROC: area {roc.area:.3f}", "x": 0, "y": 1, "yanchor": "top"}
    return {
        "data": [guessing, curve, here],
        "layout": {
            "title": title | {"pad": {"t": 6, "l": 8}},
            "xaxis": {"title": {"text": "false positive rate"}, "range": [-0.02, 1.02]},
            "yaxis": {"title": {"text": "true positive rate (recall)"}, "range": [-0.02, 1.05]},
            "margin": {"l": 56, "r": 8, "t": 34, "b": 40},
            "legend": {
                "orientation": "v",
                "x": 1,
                "xanchor": "right",
                "y": 0.05,
                "yanchor": "bottom",
                "bgcolor": "rgba(0,0,0,0)",
            },
            "uirevision": "roc",
        },
    }


def _line(
    name: str,
    x: Floats,
    y: Floats,
    color: str,
    *,
    digits: str,
    width: float = 2,
    opacity: float = 1.0,
    dash: str = "solid",
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers" if len(x) <= FEW else "lines",
        "name": name,
        "x": x,
        "y": y,
        "line": {"color": color, "width": width, "dash": dash},
        "marker": {"size": 5},
        "opacity": opacity,
        "hovertemplate": f"%{{y:{digits}}}",
    }


def _measured(name: str, curves: Curves, y: Floats, color: str, digits: str) -> dict[str, Any]:
    return _line(name, curves.iteration, y, color, digits=digits)


def _previous(
    before: Curves | None, which: str, factor: float, digits: str
) -> Iterable[dict[str, Any]]:
    """A curve of the previous run, pale in the background."""
    if before is not None and len(before.iteration) > 1:
        y = factor * getattr(before, which)
        yield _line(
            "previous run, validation", before.iteration, y, PREVIOUS, digits=digits, dash="dot"
        )


def _figure(
    title: str,
    traces: list[dict[str, Any]],
    *,
    y: dict[str, Any],
    baselines: Sequence[Baseline],
    looked_at: int | None,
    iterations: int,
    events: Sequence[Event],
    rows_taken: int = 0,
    revision: str,
) -> Figure:
    return {
        "data": traces,
        "layout": {
            "title": {
                "text": title,
                "x": 0,
                "xref": "container",
                "y": 1,
                "yanchor": "top",
                "pad": {"t": 6, "l": 8},
            },
            "xaxis": {"title": {"text": "iteration"}, "range": [0, iterations]},
            "yaxis": y,
            "hovermode": "x unified",
            "legend": {
                "orientation": "h",
                "x": 1,
                "xanchor": "right",
                "y": 1.02,
                "yanchor": "bottom",
            },
            "margin": {"l": 56, "r": 8, "t": 34, "b": 40},
            "shapes": [
                *map(event_mark, events),
                *(each.mark() for each in baselines),
                *([] if looked_at is None else [step_mark(looked_at)]),
            ],
            "annotations": [
                *event_notes(events, iterations, taken=rows_taken),
                *(each.note(log=y.get("type") == "log") for each in baselines),
            ],
            "uirevision": revision,
        },
    }
