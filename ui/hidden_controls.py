"""Controls that a teacher has hidden: `hide=noise,inputs` in the address takes them off the page.

The address is asked first; pages passed on the way remember it.
"""

import streamlit as st

from playground import renamed
from playground.settings import SETTINGS
from ui import session

KEY = "hide"
OTHERS = {"preset": "Try", "weights": "Weights set by hand"}
LABELS = {name: setting.label for name, setting in SETTINGS.items()} | OTHERS
"""What can be hidden: every setting, the presets, and the editing of weights."""


def hidden() -> frozenset[str]:
    """The names of what is hidden here."""
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
    """What the address says of it."""
    names = hidden()
    return {KEY: as_text(names)} if names else {}


def as_text(names: frozenset[str]) -> str:
    """In the order of the table.

    >>> as_text(frozenset({"noise", "dataset"}))
    'dataset,noise'
    """
    return ",".join(name for name in LABELS if name in names)


def show_all() -> None:
    """For on_click: nothing is hidden any more."""
    session.put(KEY, frozenset())
    st.query_params.pop(KEY, None)
