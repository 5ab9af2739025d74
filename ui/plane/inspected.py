"""Inspect on the plane: only the selected points, and the network without some of its units. The
selection is that of the page Inspect.
"""

from dataclasses import replace

import numpy as np
import streamlit as st

from data.dataset import Dataset
from data.points import Plane
from netcore.network import Network
from playground.inspect.ablation import without_units
from playground.inspect.kept import kept
from playground.inspect.outcome import outcome
from playground.inspect.selection import Part, Selection
from playground.output import is_regression
from playground.run import Snapshot
from ui import session
from ui.inspect.chosen import select, selection
from ui.text import as_is

_OUT, _ONLY = "units left out of the plane", "only selected points"


def network_and_points(shown: Snapshot) -> tuple[Network, Plane]:
    """What the view shows: without the units left out, and of the points those selected."""
    assert isinstance(shown.data, Plane)
    data, network = shown.data, _without(shown, _left_out(shown))
    if is_regression(shown.config) or not session.get(_ONLY) or not shown.is_finite:
        return network, data
    chosen = selection()
    parts: dict[Part, Dataset] = {"training": data.train, "validation": data.validation}
    few = {
        part: np.sort(replace(chosen, part=part).members(shown.network, dataset))
        for part, dataset in parts.items()
        if chosen.points is None or part == chosen.part  # a lasso is of one part's points
    }
    none = np.empty(0, dtype=np.intp)
    train, validation = few.get("training", none), few.get("validation", none)
    points = Plane(
        data.train.take(train), data.validation.take(validation),
        data.train_points[:, train], data.validation_points[:, validation],
    )  # fmt: skip
    return network, points


def inspected(shown: Snapshot) -> None:
    """The widgets, and what accuracy is without the units."""
    hidden = shown.config.layers[1:-1]
    units = [(l, unit) for l, n in enumerate(hidden, start=1) for unit in range(n)]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if units:
            session.show(_OUT, list(_left_out(shown)))
            st.multiselect(
                "Leave out units", units, key=_OUT, width=330, placeholder="none",
                format_func=lambda each: f"layer {each[0]}, neuron {each[1]}",
                help="A unit that is left out gives 0 to the next layer. The network itself stays.",
            )  # fmt: skip
        if not is_regression(shown.config):
            _selected(shown)
    if is_regression(shown.config) or not shown.is_finite:
        return
    if out := _left_out(shown):
        _effect(shown, out)
    st.page_link("pages/inspect.py", label="Inspect: which points it gets wrong, and why")


def _selected(shown: Snapshot) -> None:
    chosen = selection()
    reason = chosen.reason(shown.data.train.class_names) or "all"
    st.button("Select the wrong ones", key="select wrong", on_click=_select_wrong,
              disabled=chosen == Selection(wrong=True))  # fmt: skip
    st.toggle(f"Only selected points: {as_is(reason)}", key=_ONLY, disabled=chosen.is_all)


def _select_wrong() -> None:
    select(Selection(wrong=True))
    session.put(_ONLY, True)


def _effect(shown: Snapshot, out: tuple[tuple[int, int], ...]) -> None:
    validation = shown.data.validation
    was = outcome(shown.network, validation).accuracy
    now = outcome(_without(shown, out), validation).accuracy
    st.markdown(
        f"Without {len(out)} of its units, accuracy on the test points is **{100 * now:.1f} %**; "
        f"with them it is {100 * was:.1f} %."
    )


def _without(shown: Snapshot, out: tuple[tuple[int, int], ...]) -> Network:
    """The network without these units."""
    network = shown.network
    return kept(network, ("without", out), lambda: without_units(network, out)) if out else network


def _left_out(shown: Snapshot) -> tuple[tuple[int, int], ...]:
    """The units that are left out, as far as this network has them."""
    hidden = shown.config.layers[1:-1]
    return tuple(
        (l, unit) for l, unit in session.get(_OUT, ()) if l <= len(hidden) and unit < hidden[l - 1]
    )
