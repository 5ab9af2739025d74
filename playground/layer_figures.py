"""Plotly figures of layer statistics: bars for each layer, and a histogram for each layer."""

from collections.abc import Sequence
from typing import Any

from playground.colors import PREVIOUS, THIS_RUN
from playground.figures import Figure
from playground.layer_statistics import LayerStatistics

MAX_NAMED = 3  # with more layers side by side, there is room only for their numbers
TICKS = 9  # in all of them: numbers of neighbors must not overlap
HEALTHY = 1e-3  # a rule of thumb for ‖ΔW‖ / ‖W‖


def gradient_figure(layers: Sequence[LayerStatistics]) -> Figure:
    """The norm of each layer's gradient, on a logarithmic axis."""
    lengths = [each.gradient for each in layers]
    return _bars("Gradient by layer", layers, lengths, "‖dW‖ (nats)", log=True, digits=".2g")


def update_figure(layers: Sequence[LayerStatistics]) -> Figure:
    """The ratio of the last update's norm to the weights' norm, with a line at the usual ratio."""
    sizes = [each.update for each in layers]
    figure = _bars(
        "Update by layer",
        layers,
        sizes,
        "‖ΔW‖ / ‖W‖",
        log=True,
        digits=".2g",
    )
    line = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": HEALTHY, "y1": HEALTHY}
    figure["layout"]["shapes"] = [line | {"line": {"color": PREVIOUS, "width": 1, "dash": "dash"}}]
    return figure


def dead_figure(layers: Sequence[LayerStatistics]) -> Figure:
    """The share of dead units in each hidden layer: those that are 0 for every example."""
    hidden = layers[:-1]
    shares = [100 * len(each.dead) / each.units for each in hidden]
    figure = _bars("Dead units", hidden, shares, "share of units (%)", log=False, digits=".0f")
    figure["layout"]["yaxis"]["range"] = [0, 105]
    return figure


def activation_figure(layers: Sequence[LayerStatistics]) -> Figure:
    """A histogram of each layer's activations, the first layer at the left, all on one scale."""
    n = len(layers)
    layout: dict[str, Any] = _layout("Activations by layer")
    traces = []
    for l, each in enumerate(layers, start=1):
        axis = "" if l == 1 else str(l)
        middles = (each.edges[1:] + each.edges[:-1]) / 2
        shares = 100 * each.counts / max(each.counts.sum(), 1)
        traces.append(
            {
                "type": "bar",
                "x": middles,
                "y": shares,
                "xaxis": f"x{axis}",
                "yaxis": f"y{axis}",
                "marker": {"color": THIS_RUN},
                "hovertemplate": "about %{x:.2g}: %{y:.1f} %<extra></extra>",
            }
        )
        gap = 0.25 / n
        layout[f"xaxis{axis}"] = {
            "domain": [(l - 1) / n + (gap / 2 if l > 1 else 0), l / n - gap / 2],
            "title": {"text": f"layer {l}" if n <= MAX_NAMED else f"{l}"},
            "anchor": f"y{axis}",
            "nticks": max(1, min(3, TICKS // n)),
            "tickangle": 0,
        }
        layout[f"yaxis{axis}"] = {
            "anchor": f"x{axis}",
            "rangemode": "tozero",
            "showticklabels": l == 1,
            "matches": "y",
        }
    layout["yaxis"] |= {"title": {"text": "share (%)"}}
    del layout["yaxis"]["matches"]
    layout["bargap"] = 0
    return {"data": traces, "layout": layout}


def _bars(
    title: str,
    layers: Sequence[LayerStatistics],
    values: Sequence[float | None],
    unit: str,
    *,
    log: bool,
    digits: str,
) -> Figure:
    shown = [value if value and value > 0 else (None if log else 0.0) for value in values]
    bars = {
        "type": "bar",
        "x": [each.name.removeprefix("layer ") for each in layers],
        "y": shown,
        "marker": {"color": THIS_RUN},
        "hovertemplate": f"layer %{{x}}: %{{y:{digits}}}<extra></extra>",
    }
    layout = _layout(title)
    layout["xaxis"] = {"title": {"text": "layer"}, "type": "category"}
    layout["yaxis"] = {"title": {"text": unit}, "type": "log" if log else "linear"}
    if log:
        layout["yaxis"] |= {"exponentformat": "power", "dtick": 1}
    return {"data": [bars], "layout": layout}


def _layout(title: str) -> dict[str, Any]:
    return {
        "title": {
            "text": title, "x": 0, "xref": "container", "y": 1, "yanchor": "top",
            "pad": {"t": 6, "l": 8},
        },
        "margin": {"l": 56, "r": 8, "t": 34, "b": 40},
        "showlegend": False,
        "bargap": 0.4,
        "uirevision": title,
    }  # fmt: skip
