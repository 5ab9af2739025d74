"""View 5: ablation, the accuracy without some units or weights."""

from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from data.dataset import Dataset
from netcore.array import Array
from playground.colors import PREVIOUS, THIS_RUN, VALIDATION
from playground.inspect.ablation import (
    Order,
    accuracy_of,
    accuracy_per_class,
    accuracy_without_each,
    cut_curve,
    least_important,
    logits_without,
    prune_curve,
    without_smallest,
)
from playground.inspect.figures import bars, figure, line, per_unit_figure
from playground.inspect.kept import kept
from playground.inspect.layers import layers_of
from playground.inspect.logits import class_logits
from playground.inspect.outcome import outcome
from playground.inspect.selection import Selection
from playground.run import Snapshot
from ui import session
from ui.inspect.chosen import Example, examples
from ui.inspect.reading import how_to_read
from ui.inspect.which_unit import NO_HIDDEN, choose_unit, layer_widget
from ui.live_plot import Point, live_plot

MEASURED_ON = 1_000  # examples: leaving out each unit in turn takes a forward pass for each
SHARES = (*(round(0.1 * i, 1) for i in range(10)), 0.95)
UNITS, WEIGHTS = "Units", "Smallest weights"
LITTLE = 1.0  # points of accuracy that hardly matter
_OUT = "units left out"


def ablation(shown: Snapshot, chosen: Selection) -> None:
    """The accuracy on the selection's part, and on the selected examples."""
    dataset = examples(shown, chosen.part)
    few = dataset.first(MEASURED_ON)
    # One container: a second one inside would be squeezed beside the first choice on a phone.
    controls = st.container(horizontal=True, vertical_alignment="bottom")
    with controls:
        what = st.segmented_control(
            "Leave out", [UNITS, WEIGHTS], default=UNITS, key="ablation kind", required=True,
        )  # fmt: skip
    if what == UNITS and len(shown.network.layers) == 1:
        st.info(NO_HIDDEN)
        return
    before = outcome(shown.network, dataset).Z[:, : few.m]
    left, right = st.columns([3, 2], gap="medium")
    if what == UNITS:
        layers = layers_of(shown.network, dataset, most=MEASURED_ON)
        with controls:
            l, out, order = _choose_units(shown, dataset)
        Z = logits_without(shown.network, layers, l, out)
        with left:
            found = importance(shown, dataset, l, order)
            lost = 100 * (accuracy_of(before, few.labels) - found.alone)
            _unit_charts(found, l, out, lost)
        reading = of_units(float(np.median(lost)))
    else:
        with controls:
            share = st.slider("Share of all weights set to 0 (%)", 0, 95, 50, 5,
                              key="ablation share", width=260) / 100  # fmt: skip
        Z = class_logits(without_smallest(shown.network, share), few.X)
        with left:
            _weight_chart(shown, dataset, share)
        reading = OF_WEIGHTS
    with right:
        _effect(shown, chosen, before, Z, few.labels)
        how_to_read(*reading)


OF_WEIGHTS = (
    "Many of the smallest weights can be 0 before the accuracy falls.",
    '"A weight is useless because it is small." Its input may be large, and many small weights '
    "together matter much.",
)


def of_units(median: float) -> tuple[str, str]:
    """What to see and what not to conclude, by the median loss of one unit alone, in points."""
    if median < LITTLE:
        return (
            "One unit matters little, many units together matter much: they share their "
            "information.",
            '"A unit is useless because the accuracy stays the same without it." Other units have '
            "the same information.",
        )
    return (
        "Half of the units, or more, matter alone. In a layer with many more units, one unit "
        "matters little: they share their information.",
        '"The accuracy that is lost is what the unit knows." The other units were trained with it, '
        "and could be trained without it.",
    )


def _choose_units(shown: Snapshot, dataset: Dataset) -> tuple[int, list[int], Order]:
    """The layer, the units that are left out, and the order of importance."""
    l = layer_widget(shown, key="ablation layer")
    n = shown.config.layers[l]
    order: Order = st.segmented_control(
        "Least important by", ["measured", "magnitude"], default="measured", key="ablation order",
        required=True, help="Measured: the loss of accuracy without this unit alone. Magnitude: "
        "its mean activation times the norm of its outgoing weights.",
    ) or "measured"  # fmt: skip
    count = st.slider("Leave out the least important", 0, n, min(n // 4, n), key=f"cut {n}",
                      width=240)  # fmt: skip
    more = st.multiselect("Leave out these as well", range(n), key=f"{_OUT} {l} {n}", width=260,
                          placeholder="none: click a bar")  # fmt: skip
    ranked = importance(shown, dataset, l, order).ranked
    return l, sorted({*(int(unit) for unit in ranked[:count]), *more}), order


@dataclass(frozen=True, eq=False)
class Importance:
    """Of the units of a hidden layer.

    alone   (n_l,) the accuracy without each unit
    ranked  (n_l,) the units, the least important first
    cut     how many of them are left out, and the accuracy for each number
    """

    alone: Array
    ranked: NDArray[np.intp]
    cut: tuple[NDArray[np.integer], Array]


def importance(shown: Snapshot, dataset: Dataset, l: int, order: Order) -> Importance:
    """On the first examples of a data set, computed once."""
    network = shown.network

    def find() -> Importance:
        layers = layers_of(network, dataset, most=MEASURED_ON)
        alone = accuracy_without_each(network, layers, l)
        ranked = least_important(network, layers, l, order, alone)
        return Importance(alone, ranked, cut_curve(network, layers, l, ranked))

    return kept(network, ("importance", dataset, l, order), find)


def ablation_ahead(shown: Snapshot, dataset: Dataset, example: Example) -> None:
    """Compute what the view shows at first."""
    if len(shown.network.layers) > 1:
        importance(shown, dataset, len(shown.network.layers) - 1, "measured")


def _unit_charts(found: Importance, l: int, out: list[int], lost: Array) -> None:
    """lost  (n_l,) the loss of accuracy without each unit, in points"""
    live_plot(
        per_unit_figure(lost, out),
        key="without each",
        height=210,
        alt="The loss of accuracy without each unit; a click leaves the unit out",
        on_pick=partial(_toggle, l, len(found.alone)),
    )
    live_plot(
        figure(
            "Least important units together",
            [line("accuracy", *found.cut, VALIDATION, markers=True)],
            x="units left out", y="accuracy", percent=True, top=1.05, uirevision=f"cut {l}",
        ),
        key="cut",
        height=230,
        alt="Accuracy against the number of least important units left out",
    )  # fmt: skip
    st.caption(
        f"Median loss of one unit alone: {float(np.median(lost)):.1f} points; the largest: "
        f"{float(lost.max()):.1f}. Units left out are violet."
    )


def _toggle(l: int, n: int, points: list[Point]) -> None:
    unit = points[0][1]
    if unit >= n:
        return
    key = f"{_OUT} {l} {n}"
    out: list[int] = list(session.get(key, []))
    session.put(key, [each for each in out if each != unit] if unit in out else [*out, unit])
    choose_unit(l, unit)


def _weight_chart(shown: Snapshot, dataset: Dataset, share: float) -> None:
    few = dataset.first(MEASURED_ON)
    curve = kept(
        shown.network,
        ("pruned", dataset),
        lambda: prune_curve(shown.network, few.X, few.labels, SHARES),
    )
    live_plot(
        figure(
            "Without the smallest weights",
            [line("accuracy", 100 * np.array(SHARES), curve, VALIDATION, markers=True)],
            x="weights set to 0 (%)", y="accuracy", percent=True, top=1.05,
            shapes=[{"type": "line", "x0": 100 * share, "x1": 100 * share, "yref": "paper",
                     "y0": 0, "y1": 1, "line": {"color": PREVIOUS, "width": 1, "dash": "dash"}}],
        ),
        key="pruned",
        height=320,
        alt="Accuracy against the share of smallest weights set to 0",
    )  # fmt: skip


def _effect(
    shown: Snapshot, chosen: Selection, before: Array, Z: Array, labels: np.ndarray
) -> None:
    """The accuracy with and without them: on all examples, the selected ones, and each class."""
    names = shown.data.train.class_names
    dataset = examples(shown, chosen.part)
    members = chosen.members(shown.network, dataset)
    inside = members[members < len(labels)]
    with st.container(horizontal=True):
        was, now = accuracy_of(before, labels), accuracy_of(Z, labels)
        _metric(f"Accuracy on {len(labels):,}", was, now)
        if not chosen.is_all and len(inside):
            was, now = (accuracy_of(each[:, inside], labels[inside]) for each in (before, Z))
            _metric(f"On the {len(inside):,} selected", was, now)
    live_plot(
        figure(
            "Accuracy per class",
            [
                bars("whole network", names, accuracy_per_class(before, labels), PREVIOUS),
                bars("with ablation", names, accuracy_per_class(Z, labels), THIS_RUN),
            ],
            x="true class", y="accuracy", percent=True, top=1.05, barmode="group",
            xaxis={"type": "category"}, dragmode=False,
        ),
        key="ablation per class",
        height=270,
        alt="Accuracy of each class with and without what is left out",
    )  # fmt: skip


def _metric(label: str, was: float, now: float) -> None:
    """An accuracy and its change, without an arrow if there is none."""
    points = round(100 * (now - was), 1) + 0.0  # no -0.0
    same: Literal["off"] | None = None if points else "off"
    st.metric(label, f"{100 * now:.1f} %", f"{points:+.1f} points",
              delta_color=same or "normal", delta_arrow=same or "auto")  # fmt: skip
