"""The choice of a hidden unit, which all views share."""

from dataclasses import dataclass

import streamlit as st

from playground.run import Snapshot
from ui import session

_LAYER, _UNIT = "inspect layer", "inspect unit"
NO_HIDDEN = (
    "This network has no hidden layer, so it has no hidden units: its outputs depend on the pixels "
    "directly. The view Trace shows their weights."
)


@dataclass(frozen=True)
class WhichUnit:
    """l counts hidden layers from 1, unit from 0."""

    l: int
    unit: int


def layer_widget(shown: Snapshot, *, key: str) -> int:
    """A choice of hidden layer. It starts at the last one."""
    hidden = shown.config.layers[1:-1]
    l = min(session.get(_LAYER, len(hidden)), len(hidden))
    session.show(key, l)
    st.selectbox(
        "Hidden layer",
        range(1, len(hidden) + 1),
        key=key,
        format_func=lambda each: f"{each} · {hidden[each - 1]} units",
        on_change=lambda: session.put(_LAYER, session.get(key)),
        width=180,
    )
    return l


def unit_widget(shown: Snapshot, l: int, *, key: str) -> WhichUnit:
    """A choice of unit in this layer."""
    n = shown.config.layers[l]
    unit = min(session.get(_UNIT, 0), n - 1)
    session.show(key, unit)
    st.number_input(
        "Unit",
        0,
        n - 1,
        key=key,
        on_change=lambda: session.put(_UNIT, session.get(key)),
        width=130,
    )
    return WhichUnit(l, unit)


def choose_unit(l: int, unit: int) -> None:
    """Choose this unit in all views. For callbacks."""
    session.put(_LAYER, l)
    session.put(_UNIT, unit)
