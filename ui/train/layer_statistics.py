"""Layer statistics on the page Train, refreshed live while they are open."""

import streamlit as st

from playground.formatting import formatted
from playground.layer_figures import (
    HEALTHY,
    activation_figure,
    dead_figure,
    gradient_figure,
    update_figure,
)
from playground.layer_statistics import LayerStatistics, layer_statistics
from playground.run import Snapshot
from ui import runs
from ui.live_plot import live_plot

HEIGHT = 210


def layer_statistics_part(shown: Snapshot) -> None:
    """The layer statistics. Nothing is computed while they are closed."""
    part = st.expander("Layer statistics", key="layer statistics", on_change="rerun")
    if not part.open:
        return
    with part:
        runs.look_at_updates(shown.token)
        layers = layer_statistics(shown.network, shown.data.train.X, shown.gradient, shown.update)
        first, second = st.columns(2)
        with first:
            _plot(gradient_figure(layers), "gradients", _values_by_layer(layers, "gradient"))
            _plot(dead_figure(layers), "dead", _dead(layers))
        with second:
            _plot(update_figure(layers), "updates", _values_by_layer(layers, "update"))
            _plot(activation_figure(layers), "activations", "Histograms of each layer's outputs")
        st.caption(
            f"{_dead(layers)}{_lacking(shown)} Layers: "
            + ", ".join(f"{l} {each.activation}" for l, each in enumerate(layers, start=1))
            + f". The dashed line is {HEALTHY:g}, a healthy ratio of an update to its weights."
        )


def _plot(figure: dict, key: str, alt: str) -> None:
    live_plot(figure, key=key, height=HEIGHT, alt=alt)


def _values_by_layer(layers: list[LayerStatistics], name: str) -> str:
    values = [getattr(each, name) for each in layers]
    texts = ", ".join("none" if value is None else formatted(value, ".2g") for value in values)
    return f"{name.capitalize()} by layer: {texts}"


def _dead(layers: list[LayerStatistics]) -> str:
    parts = [
        f"layer {l}: {len(each.dead)} of {each.units}"
        for l, each in enumerate(layers[:-1], start=1)
        if len(each.dead)
    ]
    return f"Dead units, 0 for every measured example: {', '.join(parts) or 'none'}."


def _lacking(shown: Snapshot) -> str:
    """A sentence about parts of the last step that are missing, and when they come."""
    if shown.update is not None:
        return ""
    what, verb = "update", ("comes", "was")
    if shown.gradient is None:
        what, verb = "gradient and the update", ("come", "were")
    if shown.over:
        return f" The {what} of the last step {verb[1]} not stored."
    return f" The {what} {verb[0]} with the next step."
