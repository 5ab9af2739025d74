"""View 4: one hidden unit: its weights, the examples that activate it most and least, and the
accuracy without it.
"""

from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from data.dataset import Dataset
from data.points import INPUTS
from netcore.array import Array
from playground.colors import THIS_RUN
from playground.formatting import formatted
from playground.inspect.ablation import accuracy_of, logits_without
from playground.inspect.figures import bars, figure
from playground.inspect.layers import Layers, Unit, layers_of, unit_of
from playground.inspect.outcome import outcome
from playground.inspect.selection import Selection
from playground.run import Snapshot
from ui.image_grid import image_grid
from ui.inspect.chosen import Example, examples, select, trace_example
from ui.inspect.reading import how_to_read
from ui.inspect.trace import scaled
from ui.inspect.which_unit import NO_HIDDEN, WhichUnit, layer_widget, unit_widget
from ui.live_plot import Point, live_plot

SHOWN, TILE, LISTED = 14, 56, 8


def unit(shown: Snapshot, chosen: Selection) -> None:
    """The unit's activations on the selection's part, and their mean on the selected examples."""
    if len(shown.network.layers) == 1:
        st.info(NO_HIDDEN)
        return
    dataset = examples(shown, chosen.part)
    layers = layers_of(shown.network, dataset)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        which = unit_widget(shown, layer_widget(shown, key="unit layer"), key="unit unit")
        facts = st.container(width="stretch")
    activation = shown.network.layers[which.l - 1].activation
    found = unit_of(layers, activation, which.l, which.unit, dataset.n_classes)
    with facts:
        st.markdown(_facts(shown, layers, which, found, chosen, dataset))
    left, right = st.columns([2, 3], gap="medium")
    with left:
        _weights(shown, which)
        live_plot(
            figure(
                "Mean activation per class",
                [bars("mean a", dataset.class_names, found.per_class, THIS_RUN)],
                x="true class", y="mean a", xaxis={"type": "category"}, dragmode=False,
            ),
            key="unit per class",
            height=240,
            alt="The unit's mean activation for each class",
            on_pick=partial(_take_class, chosen),
        )  # fmt: skip
    with right:
        if dataset.image_shape is None:
            st.caption("The page The plane shows the activation of the unit all over the plane.")
        elif found.dead != 1:  # else they are 0 for all
            _extremes("Highest activations", "unit most", dataset, found.a, found.most)
            _extremes("Lowest activations", "unit least", dataset, found.a, found.least)
        how_to_read(*reading(found.dead, images=dataset.image_shape is not None))


def reading(dead: float | None, *, images: bool) -> tuple[str, str]:
    """What to see and what not to conclude.

    dead  as in Unit
    """
    if dead == 1:
        return (
            "The unit is dead: its activation is 0 for every example here, and it gets no gradient "
            "from them.",
            '"It was useless from the start." Units also die during training, often by steps that '
            "are too long.",
        )
    if images:
        see = (
            "What do the examples of the highest activations have in common? Do the weights show "
            "it?"
        )
        conclude = "The unit detects that"
    else:
        see = "If its mean differs from class to class, the unit helps to separate them."
        conclude = "The unit separates them"
    return (
        see,
        f'"{conclude}." It takes part in many predictions, and other units take part in the same '
        "ones.",
    )


def unit_ahead(shown: Snapshot, dataset: Dataset, example: Example) -> None:
    """Compute what the view needs."""
    layers_of(shown.network, dataset)


def _take_class(chosen: Selection, points: list[Point]) -> None:
    select(Selection(chosen.part, true=points[0][1]))


def _facts(
    shown: Snapshot,
    layers: Layers,
    which: WhichUnit,
    found: Unit,
    chosen: Selection,
    dataset: Dataset,
) -> str:
    whole = accuracy_of(outcome(shown.network, dataset).Z[:, : layers.m], layers.labels)
    without = accuracy_of(
        logits_without(shown.network, layers, which.l, [which.unit]), layers.labels
    )
    facts = [f"accuracy **{100 * without:.1f} %** without it, {100 * whole:.1f} % with it"]
    if found.dead is not None:
        facts.append(f"off (gradient 0) for {100 * found.dead:.0f} % of {layers.m:,} examples")
    if found.saturated is not None:
        facts.append(f"saturated for {100 * found.saturated:.0f} %")
    members = chosen.members(shown.network, dataset)
    inside = members[members < layers.m]
    if not chosen.is_all and len(inside):
        mean, all_mean = float(found.a[inside].mean()), float(found.a.mean())
        facts.append(
            f"mean a of the {len(inside):,} selected {formatted(mean, '.3f')}, of all "
            f"{formatted(all_mean, '.3f')}"
        )
    return f"**Unit {which.unit} of layer {which.l}**: " + " · ".join(facts)


def _weights(shown: Snapshot, which: WhichUnit) -> None:
    """An image for a unit of the first layer; for others, a table of the largest weights."""
    layer, shape = shown.network.layers[which.l - 1], shown.data.train.image_shape
    w, b = layer.W[which.unit], float(layer.b[which.unit, 0])
    if which.l == 1 and shape is not None:
        limit = float(np.abs(w).max()) or 1.0
        image_grid(
            scaled(w[np.newaxis]).reshape(1, *shape),
            key="unit weights",
            alt="The unit's weights as an image",
            tile=168,
            scale="diverging",
            labels=[f"w, ±{limit:.2g}"],
            captions=[f"w, ±{limit:.2g}, b = {formatted(b, '+.2f')}"],
        )
        return
    order = np.argsort(-np.abs(w), kind="stable")[:LISTED]
    source = f"layer {which.l - 1}"
    of = [f"unit {k} of {source}" for k in range(len(w))]
    if which.l == 1:
        source, of = "the inputs", [INPUTS[name][0] for name in shown.config.inputs]
    rows = [f"| {of[k]} | {formatted(float(w[k]), '+.3f')} |" for k in order]
    st.markdown("\n".join([f"| largest weights from {source} | w |", "| --- | ---: |", *rows]))


def _extremes(title: str, key: str, dataset: Dataset, a: Array, order: NDArray[np.intp]) -> None:
    at = [int(number) for number in order[:SHOWN]]
    names = dataset.class_names
    st.markdown(f"**{title}**")
    image_grid(
        dataset.take(at).images,
        key=key,
        alt=f"{title}: examples; a click traces an example",
        tile=TILE,
        columns=7,
        labels=[f"number {i:,}, true {names[dataset.labels[i]]}. Click to trace it." for i in at],
        captions=[formatted(float(a[i]), ".2f") for i in at],
        on_pick=lambda tile: trace_example(at[tile]),
    )
