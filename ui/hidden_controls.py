"""Controls that a teacher has hidden: `hide=noise,inputs` in the address removes them from the
page.

The address decides; other pages of the tab remember it.
"""

import streamlit as st

from playground import renamed
from playground.settings import SETTINGS
from ui import session

KEY = "hide"
OTHERS = {"preset": "Try", "weights": "Weights set by hand"}
LABELS = {name: setting.label for name, setting in SETTINGS.items()} | OTHERS
"""The controls that can be hidden: every setting, the presets, and the editing of weights."""


def hidden() -> frozenset[str]:
    """The names of the hidden controls."""
    text = st.query_params.get(KEY)
    if text is None:
        names: frozenset[str] = session.get(KEY, frozenset())
        return names
    named = (renamed.SETTINGS.get(name, name) for name in text.split(","))
    names = frozenset(named) & LABELS.keys()
    session.put(KEY, names)
    return names


def hides(name: str) -> bool:
    return name in hidden()


def in_address() -> dict[str, str]:
    """The value of `hide` in the address."""
    names = hidden()
    return {KEY: as_text(names)} if names else {}


def as_text(names: frozenset[str]) -> str:
    """The names in the order of the table.

    >>> as_text(frozenset({"noise", "dataset"}))
    'dataset,noise'
    """
    return ",".join(name for name in LABELS if name in names)


def choose(label: str, key: str) -> None:
    """A field for a teacher: the controls that an address hides. chosen(key) has them."""
    st.multiselect(
        label,
        list(LABELS),
        key=key,
        format_func=lambda name: LABELS[name],
        placeholder="None",
    )


def chosen(key: str) -> dict[str, str]:
    """The value of `hide` in an address, from the field with this key."""
    names = frozenset(session.get(key, ()))
    return {KEY: as_text(names)} if names else {}


def show_all() -> None:
    """For on_click: show all controls again."""
    session.put(KEY, frozenset())
    session.set_query(KEY, None)
