"""Charts of a sweep: the curves of all runs, and parallel coordinates of settings and results."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from playground.colors import PREVIOUS, RUN_COLORS, THIS_RUN
from playground.comparison import DASHES, LETTERS, MAX_RUNS
from playground.end_labels import end_labels
from playground.figures import Figure
from playground.history import Floats, thinned
from playground.measure import measure_of
from playground.sweep.ranges import Axis, Range, numbers_of, short_label
from playground.sweep.trial import ShownTrial, TrialStatus

MAX_TICKS = 8
MAX_POINTS = 120  # of a curve
BESIDE = 6  # pixels, from the mark at the end of a curve to its letter
ACCURACY, COST = "Accuracy", "Validation cost"
COLORS = [(0.0, PREVIOUS), (1.0, THIS_RUN)]  # from the worst to the best, on any background
ENDS = {TrialStatus.STOPPED: "x", TrialStatus.FAILED: "x-open", TrialStatus.DONE: "circle"}
Brush = Mapping[str, Sequence[tuple[float, float]]]
"""The chosen parts of each axis, by its label, in the axis's own numbers."""


@dataclass(frozen=True, eq=False)
class Dimension:
    """An axis of the parallel coordinates: a number for each run, and what stands beside it."""

    label: str
    values: Floats
    ticks: Sequence[float]
    texts: Sequence[str]


def dimensions(trials: Sequence[ShownTrial], axes: Mapping[str, Axis]) -> list[Dimension]:
    """What varies, and the results. A logarithmic axis has the logarithms of its numbers."""
    found = [
        _of_setting(name, axis, [trial.values[name] for trial in trials])
        for name, axis in axes.items()
    ]
    scores = np.array([trial.score for trial in trials])
    costs = np.array([trial.cost for trial in trials])
    unit = 100.0 if trials and measure_of(trials[0].config).unit == 100 else 1.0
    name = f"{ACCURACY} (%)" if unit == 100 else "R²"
    return [*found, _of_numbers(COST, costs, log=True), _of_numbers(name, unit * scores)]


def _of_setting(name: str, axis: Axis, texts: list[str]) -> Dimension:
    numbers = numbers_of(name, texts)
    if numbers is None:
        order = list(dict.fromkeys([*axis.points(), *texts]))
        values = np.array([float(order.index(text)) for text in texts])
        return Dimension(short_label(name), values, list(range(len(order))), order)
    log = isinstance(axis, Range) and axis.logarithmic
    log |= name == "learning_rate" and min(numbers, default=0) > 0
    if len(set(texts)) > MAX_TICKS:
        return _of_numbers(short_label(name), np.array(numbers), log=log)
    place = math.log10 if log else float
    ticks = {place(number): text for number, text in zip(numbers, texts, strict=True)}
    values = np.array([place(number) for number in numbers])
    return Dimension(short_label(name), values, list(ticks), list(ticks.values()))


def _of_numbers(name: str, numbers: Floats, *, log: bool = False) -> Dimension:
    finite = numbers[np.isfinite(numbers) & ((numbers > 0) | (not log))]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
    worst = high if log else low  # a cost, or a score
    numbers = np.where(np.isfinite(numbers) & ((numbers > 0) | (not log)), numbers, worst)
    if not log or low <= 0:
        ticks = np.linspace(low, high, 5) if high > low else np.array([low])
        digits = 3 if high - low > 5 else 4
        return Dimension(name, numbers, ticks.tolist(), [f"{x:.{digits}g}" for x in ticks])
    ticks = np.geomspace(low, high, 5) if high > low else np.array([low])
    texts = [f"{tick:.3g}" for tick in ticks]
    return Dimension(name, np.log10(numbers), np.log10(ticks).tolist(), texts)


def brushed(
    trials: Sequence[ShownTrial], dims: Sequence[Dimension], brush: Brush
) -> list[ShownTrial]:
    """The runs inside all chosen parts."""
    keep = np.ones(len(trials), dtype=bool)
    for dim in dims:
        if parts := brush.get(dim.label):
            keep &= np.any([(lo <= dim.values) & (dim.values <= hi) for lo, hi in parts], axis=0)
    return [trial for trial, kept in zip(trials, keep, strict=True) if kept]


def parcoords_figure(
    trials: Sequence[ShownTrial], dims: Sequence[Dimension], brush: Brush
) -> Figure:
    """Each run is a line through its settings to its results, the better the greener."""
    scores = dims[-1].values
    trace = {
        "type": "parcoords",
        "line": {"color": scores, "colorscale": COLORS},
        "unselected": {"line": {"color": PREVIOUS, "opacity": 0.12}},
        "labelangle": 0,
        "dimensions": [_plotted(dim, brush) for dim in dims],
    }
    return {
        "data": [trace],
        "layout": {"margin": {"l": 64, "r": 56, "t": 56, "b": 20}, "uirevision": "sweep"},
    }


def _plotted(dim: Dimension, brush: Brush) -> dict[str, Any]:
    places = [*dim.values.tolist(), *dim.ticks]
    low, high = min(places, default=0.0), max(places, default=1.0)
    margin = 0.03 * (high - low) or 0.5
    plotted: dict[str, Any] = {
        "label": dim.label,
        "values": dim.values,
        "tickvals": list(dim.ticks),
        "ticktext": list(dim.texts),
        "range": [low - margin, high + margin],
    }
    if parts := brush.get(dim.label):
        ranges = [list(part) for part in parts]
        plotted["constraintrange"] = ranges[0] if len(ranges) == 1 else ranges
    return plotted


def curves_figure(
    trials: Sequence[ShownTrial], chosen: Sequence[ShownTrial], inside: Collection[int]
) -> Figure:
    """The validation score of every run over its iterations: the chosen ones in their colors, with
    the letters of their weights; others gray, and pale outside of the brush. A cross is where a run
    was stopped early.
    """
    places = {trial.number: i for i, trial in enumerate(chosen[:MAX_RUNS])}
    ordered = sorted(trials, key=lambda trial: trial.number in places)  # those on top
    unit = measure_of(trials[0].config) if trials else None
    data = [
        _curve(trial, places.get(trial.number), inside=trial.number in inside)
        for trial in ordered
        if len(trial.curves)
    ]
    best = [trace for trace in data if trace["showlegend"]]
    letters = [trace["name"][0] for trace in best]
    y: dict[str, Any] = {"title": {"text": f"validation {unit.axis}" if unit else ""}}
    if unit and not data:
        y["range"] = list(unit.span)
    return {
        "data": data,
        "layout": {
            "xaxis": {"title": {"text": "iteration"}, "rangemode": "tozero"},
            "yaxis": y,
            "showlegend": bool(places),
            "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
            "hovermode": "closest",
            "margin": {"l": 56, "r": 24, "t": 34, "b": 40},
            "annotations": [
                note | {"xshift": BESIDE} for note in end_labels(best, letters, log=False)
            ],
            "uirevision": "sweep",
        },
    }


def _curve(trial: ShownTrial, place: int | None, *, inside: bool) -> dict[str, Any]:
    unit = measure_of(trial.config).unit
    x, y = trial.measured("iteration"), unit * trial.measured("validation_accuracy")
    keep = thinned(len(x), MAX_POINTS)
    sizes = np.zeros(len(keep))
    sizes[-1] = 9 if trial.status in (TrialStatus.STOPPED, TrialStatus.FAILED) else 5
    color = None if place is None else RUN_COLORS[place]
    settings = ", ".join(f"{name.replace('_', ' ')} {text}" for name, text in trial.values.items())
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": f"run {trial.number}" if place is None else f"{LETTERS[place]} run {trial.number}",
        "x": x[keep],
        "y": y[keep],
        "line": {
            "color": color or PREVIOUS,
            "width": 2 if color else 1,
            "dash": "solid" if place is None else DASHES[place],
        },
        "marker": {"size": sizes, "symbol": ENDS.get(trial.status, "circle"), "opacity": 1},
        "opacity": 1.0 if color else 0.55 if inside else 0.12,
        "showlegend": color is not None,
        "legendrank": 1000 if place is None else place,  # the best first
        "text": f"run {trial.number}, {trial.status}: {settings}"[:160],
        "hovertemplate": "%{y:.4g} at %{x}<br>%{text}<extra></extra>",
    }


def best_first(trials: Sequence[ShownTrial]) -> list[ShownTrial]:
    """By their scores; those without a finite one are last."""
    return sorted(
        trials,
        key=lambda trial: (-trial.score if math.isfinite(trial.score) else math.inf, trial.number),
    )
