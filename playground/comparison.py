"""Runs side by side: their curves in one chart, and the settings in which they differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from netcore.network import Network
from playground.colors import RUN_COLORS
from playground.end_labels import end_labels
from playground.figures import MAX_POINTS, Figure
from playground.history import Curves, Floats, thinned
from playground.library.entry import Entry
from playground.output import has_numbers
from playground.run_data import must_agree
from playground.settings import SETTINGS

MAX_RUNS = len(RUN_COLORS)
# How names of runs say these settings: names stand side by side, and in a legend.
SHORT = {SETTINGS["layers"].label: "", SETTINGS["learning_rate"].label: "α"}
LETTERS = "ABCDEFGH"
# They distinguish curves without their colors, above all those that color-blind people see alike.
DASHES = (
    *("solid", "dash", "dot", "dashdot", "longdashdot", "longdash"),
    *("9px,3px,3px,3px,3px,3px", "3px,9px"),
)
NAMES = 4  # names that have room above the curves on a phone; of more runs it has the letters
AXES = {"iteration": "iteration", "epoch": "epoch", "seconds": "seconds of training"}
MEASURES = {
    "validation_accuracy": "validation accuracy",
    "accuracy": "training accuracy",
    "validation_cost": "validation cost J",
    "cost": "training cost J",
}


@dataclass(frozen=True, eq=False)
class Compared:
    """One of the runs that are compared, as the library has it.

    index  its position among them, which decides its letter and its color
    name   the given one, or else the settings in which it differs from the other runs
    """

    index: int
    name: str
    entry: Entry
    network: Network
    curves: Curves
    class_names: tuple[str, ...]
    image_shape: tuple[int, int] | None

    @property
    def letter(self) -> str:
        return LETTERS[self.index]

    @property
    def color(self) -> str:
        return RUN_COLORS[self.index]

    @property
    def key(self) -> str:
        return self.entry.id

    @property
    def per_epoch(self) -> float:
        return self.entry.iteration / self.entry.epoch if self.entry.epoch else 0.0

    @property
    def clock(self) -> Sequence[tuple[int, float]]:
        return self.entry.clock


class Drawn(Protocol):
    """What the chart of curves needs of a run, or of a racer.

    key        says whether it is the same one as before, whose zoom is kept
    per_epoch  iterations in an epoch; 0 if that is not known
    clock      (iteration, seconds) pairs
    """

    @property
    def index(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def letter(self) -> str: ...
    @property
    def color(self) -> str: ...
    @property
    def curves(self) -> Curves: ...
    @property
    def key(self) -> str: ...
    @property
    def per_epoch(self) -> float: ...
    @property
    def clock(self) -> Sequence[tuple[int, float]]: ...


def title_of(measure: str, settings: Sequence[Mapping[str, str]]) -> str:
    """What the axis of this curve says, for runs with these settings.

    >>> title_of("accuracy", [{"dataset": "mnist-5k"}]), title_of("cost", [])
    ('training accuracy (%)', 'training cost J')
    """
    if measure.endswith("cost"):
        return MEASURES[measure]
    kinds = {has_numbers(each.get("dataset", "")) for each in settings}
    scores = [name for name, kind in (("accuracy (%)", False), ("R² × 100", True)) if kind in kinds]
    return MEASURES[measure].replace("accuracy", " or ".join(scores) or "accuracy (%)")


def curves_figure(
    runs: Sequence[Drawn],
    *,
    measure: str,
    by: str,
    smoothing: float,
    log: bool,
    title: str = "",
) -> Figure:
    """One curve for each run. With smoothing, the measured curve is behind it, pale."""
    traces: list[dict[str, Any]] = []
    for run in runs:
        x, y = run_x(run, by), _values(run, measure)
        if smoothing:
            traces.append(_line(run, x, y, opacity=0.4, width=1, named=False))
        traces.append(_line(run, x, smoothed(y, smoothing), opacity=1.0, width=2, named=True))
    named = [trace for trace in traces if trace["showlegend"]]
    if len(runs) > NAMES:
        for run, trace in zip(runs, named, strict=True):
            trace["meta"] = {"narrow": run.letter}
    log = log and measure.endswith("cost")
    return {
        "data": traces,
        "layout": {
            "xaxis": {"title": {"text": AXES[by]}, "rangemode": "tozero"},
            "yaxis": {
                "title": {"text": title or MEASURES[measure]},
                "type": "log" if log else "linear",
            },
            "hovermode": "x unified",
            "showlegend": True,
            "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
            "margin": {"l": 56, "r": 24, "t": 34, "b": 40},
            "annotations": end_labels(named, [run.letter for run in runs], log=log),
            "uirevision": f"{measure} {by} {log} {[run.key for run in runs]}",
        },
    }


def run_x(run: Drawn, by: str) -> Floats:
    """Where the measurements of this run are on this axis. Seconds are known at each checkpoint,
    and interpolated between two of them.
    """
    iteration = run.curves.iteration
    if by == "epoch":
        return iteration / run.per_epoch if run.per_epoch else np.zeros(len(iteration))
    if by == "seconds":
        at = np.array([(0, 0.0), *run.clock])
        return np.interp(iteration, at[:, 0], at[:, 1])
    return iteration


def smoothed(y: Floats, smoothing: float) -> Floats:
    """The exponential moving average, corrected for its start, as Adam corrects its moments.

    >>> smoothed(np.array([1.0, 1.0, 4.0]), 0.5)
    array([1.        , 1.        , 2.71428571])
    """
    if not smoothing:
        return y
    mean, weight, out = 0.0, 0.0, np.empty(len(y))
    for i, value in enumerate(y):
        if np.isfinite(value):
            mean = smoothing * mean + (1 - smoothing) * value
            weight = smoothing * weight + (1 - smoothing)
        out[i] = mean / weight if weight else np.nan
    return out


def differing_settings(entries: Sequence[Entry]) -> list[tuple[str, tuple[str, ...]]]:
    """The settings that are not the same for all: a label, and a text for each run."""
    found = []
    for name, setting in SETTINGS.items():
        texts = tuple(entry.settings.get(name, "–") for entry in entries)
        if len(set(texts)) > 1:
            found.append((setting.label, texts))
    return found


def not_comparable(settings: Sequence[Mapping[str, str]], measure: str) -> str:
    """A sentence if curves of this measure cannot be compared between these settings, else ""."""
    for name in must_agree(settings[0]["dataset"], cost=measure.endswith("cost")):
        if len({each.get(name) for each in settings}) > 1:
            curves = "costs" if name == "class_weights" else "curves"
            label = SETTINGS[name].label.lower()
            return f"These {curves} cannot be compared: the runs do not have the same {label}."
    return ""


def names_of(entries: Sequence[Entry]) -> list[str]:
    """A name for each run: the given one, or else the settings that differ between these runs."""
    differing = differing_settings(entries)
    names = []
    for i, entry in enumerate(entries):
        parts = [
            f"{SHORT.get(label, label.lower())} {texts[i]}".strip() for label, texts in differing
        ]
        if entry.parent_iteration is not None and len(entries) > 1:
            parts.append(f"from step {entry.parent_iteration:,}")
        names.append(entry.given_name or " · ".join(parts) or entry.made_name)
    return names


def _values(run: Drawn, measure: str) -> Floats:
    y: Floats = getattr(run.curves, measure)
    return y if measure.endswith("cost") else 100 * y


def _line(
    run: Drawn, x: Floats, y: Floats, *, opacity: float, width: float, named: bool
) -> dict[str, Any]:
    keep = thinned(len(y), MAX_POINTS)
    return {
        "type": "scatter",
        "mode": "lines",
        "name": shortened(f"{run.letter} {run.name}"),
        "x": x[keep],
        "y": y[keep],
        "line": {
            "color": run.color,
            "width": width,
            "dash": DASHES[run.index % len(DASHES)] if named else "solid",
        },
        "opacity": opacity,
        "showlegend": named,
        "hovertemplate": "%{y:.4g}",
        **({} if named else {"hoverinfo": "skip"}),
    }


def shortened(name: str, most: int = 60) -> str:
    """The name; of one that is longer, as many of its parts as have room, and that there are more.

    >>> shortened("784,32,10 · epochs 4 · seed 3", 24), shortened("seed 3")
    ('784,32,10 · epochs 4 …', 'seed 3')
    """
    if len(name) <= most:
        return name
    return f"{name[: most - 1].rsplit(' · ', 1)[0]} …"
