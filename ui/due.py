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
    """Do what is due, and what becomes due by it."""
    while (due := session.get(_DUE)) is not None:
        sentence, action = due
        try:
            with st.spinner(sentence):
                action()
        except Exception:  # not a click meanwhile, which Streamlit raises as another kind
            session.take(_DUE)  # else it would fail each time the page is drawn
            raise
        if session.get(_DUE) is due:
            session.take(_DUE)
