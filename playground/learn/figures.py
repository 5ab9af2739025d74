"""Charts of a lesson: the prediction beside the results."""

from typing import Any

from playground.colors import THIS_RUN, VALIDATION
from playground.learn.lesson import Choices, Lesson, Prediction, Results, Sketch


def compare_figure(
    lesson: Lesson, prediction: Prediction | None, results: Results
) -> dict[str, Any] | None:
    """The results of the trials, or of a sketch's points, with the sketch behind them. None if
    there is only one number to show.
    """
    question = lesson.question
    if isinstance(question, Sketch):
        x, y = list(question.points), list(question.truth(results))
        title = question.unit
    else:
        main = lesson.measures[0]
        x = [trial.label for trial in lesson.trials]
        y = [numbers[main.name] for numbers in results]
        title = f"{main.title} ({main.unit})" if main.unit else main.title
    if len(x) < 2:
        return None
    traces = [_points("result", x, y, VALIDATION, "solid")]
    if isinstance(prediction, tuple) and isinstance(question, Sketch):
        traces.insert(0, _points("your prediction", x, list(prediction), THIS_RUN, "dot"))
    elif isinstance(question, Choices) and question.answers == tuple(x) and prediction is not None:
        assert isinstance(prediction, int)
        traces.append(_chosen(x[prediction], y[prediction]))
    return {
        "data": traces,
        "layout": {
            "xaxis": {"type": "category"},
            "yaxis": {"title": {"text": title}, "rangemode": "tozero"},
            "legend": {"orientation": "h", "x": 1, "xanchor": "right", "y": 1, "yanchor": "bottom"},
            "showlegend": True,
            "margin": {"l": 56, "r": 8, "t": 24, "b": 32},
            "uirevision": lesson.key,
        },
    }


def _chosen(x: str, y: float) -> dict[str, Any]:
    """A ring around the trial that was predicted."""
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "your prediction",
        "x": [x],
        "y": [y],
        "marker": {
            "symbol": "circle-open", "size": 18, "color": THIS_RUN, "line": {"width": 3},
        },
        "hoverinfo": "skip",
    }  # fmt: skip


def _points(name: str, x: list[str], y: list[float], color: str, dash: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": x,
        "y": y,
        "line": {"color": color, "width": 2, "dash": dash},
        "marker": {"size": 8},
        "hovertemplate": "%{y:.1f}",
    }
