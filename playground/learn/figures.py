"""The chart of a comparison: the results of a lesson's runs, and the prediction among them."""

from collections.abc import Mapping
from math import log10
from textwrap import wrap
from typing import Any

from playground.colors import THIS_RUN, VALIDATION
from playground.learn.lesson import Choices, Lesson, Number, Prediction, Results, Scale, Sketch
from playground.learn.quantities import LIMIT

PREDICTED = "your prediction"
ROOM = 0.08  # above and below what is shown, as a share of it
BAND = 0.2  # opacity of a range
FEW = 3  # results side by side whose names have room in one line
SHORT = 9  # letters in a line otherwise
LONG = 26  # letters in a line of an axis title
Part = dict[str, Any]
_FROM_ZERO: Part = {"rangemode": "tozero"}


def compare_figure(
    lesson: Lesson, prediction: Prediction | None, results: Results
) -> dict[str, Any] | None:
    """The results as points, and the prediction as a curve, a level, a range or a ring. None if
    there is only one number to show.
    """
    question, main = lesson.question, lesson.measures[0]
    title = f"{main.title} ({main.unit})" if main.unit else main.title
    if isinstance(question, Sketch):
        points = dict(zip(question.points, question.truth(results), strict=True))
        return _figure(lesson, question.title, _sketched(prediction, points), _FROM_ZERO)
    if isinstance(question, Choices) and question.scale is not None:
        return _ranges(lesson, question.scale, prediction, results)
    if isinstance(question, Number) and (truth := question.truth(results)) is not None:
        if not isinstance(prediction, int | float) or question.diagnose is not None:
            return None  # without a prediction, or with one that had to be right, there is no gap
        return _level(lesson, question, title, float(prediction), truth)
    points = {
        trial.label: numbers[main.name]
        for trial, numbers in zip(lesson.trials, results, strict=True)
    }
    if len(points) < 2:
        return None
    traces = [_points("result", points, VALIDATION, "lines+markers")]
    is_choice = isinstance(question, Choices) and question.answers == tuple(points)
    if is_choice and isinstance(prediction, int):
        traces.append(_ring(list(points)[prediction], points))
    return _figure(lesson, title, traces, _FROM_ZERO)


def _in_lines(name: str, width: int = SHORT) -> str:
    """As Plotly writes it: names not across, which is hard to read, and titles not cut off."""
    return "\n".join(wrap(name, width, break_long_words=False))


def _sketched(prediction: Prediction | None, points: Mapping[str, float]) -> list[Part]:
    """The sketch, and the results over it."""
    traces = [_points("result", points, VALIDATION, "lines+markers")]
    if isinstance(prediction, tuple):
        sketch = dict(zip(points, prediction, strict=True))
        traces.insert(0, _points(PREDICTED, sketch, THIS_RUN, "lines+markers", dash="dot"))
    return traces


def _level(
    lesson: Lesson, question: Number, title: str, prediction: float, truth: float
) -> dict[str, Any]:
    """The prediction as a level across the chart, the result as a point, and the gap between."""
    label = lesson.trials[0].label
    bounded = -LIMIT < question.low and question.high < LIMIT
    low, high = (question.low, question.high) if bounded else _around(prediction, truth)
    level = _line(prediction, prediction, xref="paper", x0=0, x1=1)
    gap = _line(prediction, truth, x0=label, x1=label)
    return _figure(
        lesson,
        title,
        [
            _points("result", {label: truth}, VALIDATION, "markers"),
            _named(PREDICTED, "lines", line={"color": THIS_RUN, "width": 2, "dash": "dot"}),
        ],
        {"range": [low - ROOM * (high - low), high + ROOM * (high - low)]},
        shapes=[level, gap],
    )


def _ranges(
    lesson: Lesson, scale: Scale, prediction: Prediction | None, results: Results
) -> dict[str, Any] | None:
    """The predicted range as a band across the chart, and the results as points."""
    points, edges = scale.points(results), list(scale.edges(results))
    if prediction is None and len(points) < 2:
        return None
    if scale.log:
        seen = [value for value in (*points.values(), *edges) if value > 0]
        low, high = min(seen) / 2, max(seen) * 2
        axis: Part = {"range": [log10(low), log10(high)], "type": "log"}
    else:
        low, high = _around(*points.values(), *edges)
        axis = {"range": [low, high]}
    traces, shapes = [_points("result", points, VALIDATION, "markers")], []
    if isinstance(prediction, int):
        bottom, top = [low, *edges, high][prediction : prediction + 2]
        shapes.append(_band(bottom, top))
        square = {"symbol": "square", "size": 14, "color": THIS_RUN, "opacity": BAND}
        traces.append(_named(PREDICTED, "markers", marker=square))
    return _figure(lesson, scale.title, traces, axis, shapes=shapes)


def _around(*values: float) -> tuple[float, float]:
    """A range that has all of these in it, not at its ends."""
    room = ROOM * (max(values) - min(values)) or 0.1 * abs(values[0]) or 1.0
    return min(values) - room, max(values) + room


def _figure(
    lesson: Lesson,
    title: str,
    traces: list[Part],
    axis: Part,
    *,
    shapes: list[Part] | None = None,
) -> dict[str, Any]:
    names = traces[0]["x"]
    title = _in_lines(title, LONG)
    return {
        "data": traces,
        "layout": {
            "xaxis": {
                "type": "category",
                "range": [-0.5, len(names) - 0.5],
                "tickvals": names,
                "ticktext": [_in_lines(name) for name in names] if len(names) > FEW else names,
                "automargin": True,
            },
            "yaxis": {"title": {"text": title}} | axis,
            "shapes": shapes or [],
            "legend": {
                "orientation": "h",
                "x": 1,
                "xanchor": "right",
                "y": 1,
                "yanchor": "bottom",
                "bgcolor": "rgba(0,0,0,0)",
            },
            "showlegend": True,
            "margin": {"l": 56, "r": 8, "t": 24, "b": 32},
            "uirevision": lesson.key,
        },
    }


def _points(
    name: str, points: Mapping[str, float], color: str, mode: str, *, dash: str = "solid"
) -> Part:
    return {
        "type": "scatter",
        "mode": mode,
        "name": name,
        "x": list(points),
        "y": list(points.values()),
        "line": {"color": color, "width": 2, "dash": dash},
        "marker": {"size": 8, "color": color},
        "hovertemplate": "%{y:.4~g}",
    }


def _ring(label: str, points: Mapping[str, float]) -> Part:
    """Around the trial that was predicted."""
    return {
        "type": "scatter",
        "mode": "markers",
        "name": PREDICTED,
        "x": [label],
        "y": [points[label]],
        "marker": {
            "symbol": "circle-open", "size": 18, "color": THIS_RUN, "line": {"width": 3},
        },
        "hoverinfo": "skip",
    }  # fmt: skip


def _line(y0: float, y1: float, **across: Any) -> Part:
    line = {"color": THIS_RUN, "width": 2, "dash": "dot"}
    return {"type": "line", "y0": y0, "y1": y1, "line": line} | across


def _band(low: float, high: float) -> Part:
    return {
        "type": "rect",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": low,
        "y1": high,
        "fillcolor": THIS_RUN,
        "opacity": BAND,
        "line": {"width": 0},
        "layer": "below",
    }


def _named(name: str, mode: str, **how: Any) -> Part:
    """The name of a shape in the legend: a trace without a point."""
    return {"type": "scatter", "mode": mode, "name": name, "x": [None], "y": [None], **how}
