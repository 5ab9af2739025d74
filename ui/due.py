"""What takes a moment: done when the page is drawn next, since a callback has no place for a
spinner."""

from collections.abc import Callable

import streamlit as st

from ui import session

_DUE = "due"


def soon(sentence: str, action: Callable[[], None]) -> None:
    """Do this when the page is drawn next, with the sentence beside a spinner. It may be begun
    again: a click meanwhile draws the page anew."""
    session.put(_DUE, (sentence, action))


def catch_up() -> None:
    """Do what is due."""
    due = session.get(_DUE)
    if due is None:
        return
    sentence, action = due
    try:
        with st.spinner(sentence):
            action()
    except Exception:
        session.take(_DUE)  # else it would fail each time the page is drawn
        raise
    session.take(_DUE)
