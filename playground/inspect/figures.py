"""Lines, bars and points of the views, as plain dicts for ui/live_plot.py."""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netcore.array import Array
from playground.colors import ACCENT, PREVIOUS, THIS_RUN, VALIDATION
from playground.figures import Figure
from playground.inspect.calibration import BINS, Reliability

# Room for the usual labels and titles: where an axis needs more, Plotly draws the chart twice.
MARGIN = {"l": 60, "r": 8, "t": 34, "b": 48}
# Of classes on a map, in order; from the eleventh on they come again. Seven are Okabe and Ito's.
PALETTE = (
    "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9",
    "#D55E00", "#7B5EA7", "#B8A900", "#8C564B", "#808080",
)  # fmt: skip


def line(
    name: str, x: Any, y: Any, color: str, *, dash: str = "solid", markers: bool = False
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers" if markers else "lines",
        "name": name,
        "x": x,
        "y": y,
        "line": {"color": color, "width": 2, "dash": dash},
    }


def bars(name: str, x: Sequence[str], y: Array, color: str | Sequence[str]) -> dict[str, Any]:
    return {"type": "bar", "name": name, "x": list(x), "y": y, "marker": {"color": color}}


def figure(
    title: str,
    traces: list[dict[str, Any]],
    *,
    x: str,
    y: str,
    percent: bool = False,
    top: float | None = None,
    **layout: Any,
) -> Figure:
    """percent: y is a share, written in per cent."""
    y_axis: dict[str, Any] = {"title": {"text": y}, "rangemode": "tozero"}
    if percent:
        y_axis |= {"tickformat": ".0%", "hoverformat": ".1%"}
    if top is not None:
        y_axis |= {"range": [0, top]}
    x_axis: dict[str, Any] = {"title": {"text": x}, **layout.pop("xaxis", {})}
    head = {"text": title, "x": 0, "xref": "container", "y": 1, "yanchor": "top"}
    return {
        "data": traces,
        "layout": {
            "title": head | {"pad": {"t": 6, "l": 8}},
            "xaxis": x_axis,
            "yaxis": y_axis,
            # On a phone title and legend are one above the other.
            "margin": MARGIN | ({"t": 62} if len(traces) > 1 else {}),
            "showlegend": len(traces) > 1,
            "legend": {"orientation": "h", "x": 1, "xanchor": "right", "y": 1.02,
                       "yanchor": "bottom"},
            "uirevision": title,
        }
        | layout,
    }  # fmt: skip


def per_unit_figure(lost: Array, left_out: Sequence[int]) -> Figure:
    """The loss of accuracy without each unit, in points. The units left out have another color."""
    colors = [VALIDATION] * len(lost)
    for unit in left_out:
        colors[unit] = ACCENT
    trace = {
        "type": "bar",
        "x": np.arange(len(lost)),
        "y": lost,
        "marker": {"color": colors},
        "hovertemplate": "without unit %{x}: −%{y:.2f} points<extra></extra>",
    }
    made = figure("Loss of accuracy without one unit", [trace], x="unit", y="loss (points)")
    made["layout"]["yaxis"]["rangemode"] = "normal"
    made["layout"]["dragmode"] = False
    return made


def deletion_figure(
    curves: Sequence[tuple[str, Array, Array]], chance: tuple[Array, Array, Array]
) -> Figure:
    """The probability while pixels are deleted, the most important first; in gray, random ones."""
    shares, mean, spread = chance
    band = {
        "type": "scatter",
        "mode": "lines",
        "x": np.concatenate([shares, shares[::-1]]),
        "y": np.concatenate([mean + spread, (mean - spread)[::-1]]),
        "fill": "toself",
        "fillcolor": "rgba(128,128,128,0.2)",
        "line": {"width": 0},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    colors = (VALIDATION, THIS_RUN, ACCENT)
    traces = [
        band,
        line("random order", shares, mean, PREVIOUS, dash="dot"),
        *(line(name, x, y, color) for (name, x, y), color in zip(curves, colors, strict=False)),
    ]
    made = figure(
        "Test: delete pixels", traces, x="share of the pixels deleted",
        y="probability", percent=True, top=1.05,
    )  # fmt: skip
    made["layout"]["xaxis"]["tickformat"] = ".0%"
    made["layout"]["margin"] = MARGIN | {"t": 82}
    made["layout"]["legend"]["font"] = {"size": 11}  # on a phone two entries are beside each other
    return made


def reliability_figure(found: Reliability) -> Figure:
    """The accuracy in each bin of confidence, and the line on which it equals the confidence."""
    middles = (np.arange(BINS) + 0.5) / BINS
    names = [f"{10 * i}–{10 * i + 10} %" for i in range(BINS)]
    trace = {
        "type": "bar",
        "name": "accuracy",
        "x": middles,
        "y": found.accuracy,
        "width": 0.095,
        "marker": {"color": VALIDATION},
        "text": [f"{count:,}" if count else "" for count in found.counts],
        "textposition": "outside",
        "cliponaxis": False,
        "customdata": [[name, int(count)] for name, count in zip(names, found.counts, strict=True)],
        "hovertemplate": "%{customdata[1]:,} of confidence %{customdata[0]}: %{y:.1%} correct"
        "<extra></extra>",
    }
    ends = np.array([0.0, 1.0])
    made = figure(
        "Reliability, with counts",
        [trace, line("perfect", ends, ends, PREVIOUS, dash="dot")],
        x="confidence",
        y="accuracy",
        percent=True,
        top=1.1,
    )
    made["layout"]["xaxis"] |= {"range": [0, 1], "tickformat": ".0%"}
    made["layout"]["dragmode"] = False
    return made


def map_figure(
    positions: Array,
    groups: NDArray[np.integer],
    names: Sequence[str],
    chosen: NDArray[np.bool_],
    drawing: Array | None,
    revision: str,
    *,
    axes: tuple[str, str] | None,
    hidden: Collection[int] = (),
) -> tuple[Figure, list[NDArray[np.intp]]]:
    """Points (2, m), a trace for each group; also the numbers of each trace's points. Those that
    are not chosen are pale.

    axes    their titles; None where directions and distances mean nothing
    hidden  groups of which only the legend is shown
    """
    traces, numbers = [], []
    for group, name in enumerate(names):
        of_it = np.flatnonzero(groups == group)
        if not len(of_it):
            continue
        numbers.append(of_it)
        traces.append({
            "type": "scatter",
            "mode": "markers",
            "name": name,
            "x": positions[0, of_it],
            "y": positions[1, of_it],
            "marker": {
                "color": PALETTE[group % len(PALETTE)],
                "size": np.where(chosen[of_it], 8, 6),
                "opacity": np.where(chosen[of_it], 0.95, 0.22),
            },
            "visible": "legendonly" if group in hidden else True,
            "customdata": of_it,
            "hovertemplate": "number %{customdata}<extra>%{fullData.name}</extra>",
        })  # fmt: skip
    if drawing is not None:
        traces.append({
            "type": "scatter",
            "mode": "markers+text",
            "name": "your drawing",
            "x": drawing[0],
            "y": drawing[1],
            "text": ["your drawing"],
            "textposition": "top center",
            "marker": {"color": ACCENT, "size": 16, "symbol": "star"},
        })  # fmt: skip
    x, y = axes or ("", "")
    made = figure("", traces, x=x, y=y)
    made["layout"] |= {
        "dragmode": "lasso",
        "uirevision": revision,
        "selectionrevision": revision,
        "modebar": {"remove": ["autoScale2d", "zoomIn2d", "zoomOut2d"]},
        # Above the map, which a legend beside it would make very narrow on a phone.
        "legend": {
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": 1.01,
            "yanchor": "bottom",
            "itemsizing": "constant",
        },
        "margin": MARGIN,
        "hovermode": "closest",
    }
    made["layout"]["yaxis"]["rangemode"] = "normal"
    if axes is None:
        for axis in ("xaxis", "yaxis"):
            made["layout"][axis] |= {"showticklabels": False, "showgrid": False, "zeroline": False}
    return made, numbers
