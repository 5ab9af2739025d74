"""Deferred actions: what takes a moment is done when the page is drawn next, since a callback has
no place for a spinner.

A click in the meantime ends the draw half way, and the next one begins anew. So an action has two
halves: `read` takes long, changes nothing, and may be begun again; `finish` is short and is called
once, whatever is clicked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import streamlit as st

from ui import session

_DEFERRED = "deferred action"
T = TypeVar("T")


@dataclass(eq=False)
class _Action:
    sentence: str
    read: Callable[[], Any]
    finish: Callable[[Any], None]
    result: Any = None
    is_read: bool = False


def soon(sentence: str, read: Callable[[], T], finish: Callable[[T], None]) -> None:
    """When the page is drawn next: read, with the sentence beside a spinner; then finish with
    what it returned."""
    session.put(_DEFERRED, _Action(sentence, read, finish))


def catch_up() -> None:
    """Do what was deferred, and what is deferred by it."""
    while (action := session.get(_DEFERRED)) is not None:
        try:
            if not action.is_read:
                with st.spinner(action.sentence):
                    action.result = action.read()
                    action.is_read = True
        except Exception:  # not a click meanwhile, which Streamlit raises as another kind
            session.take(_DEFERRED)  # else it would fail each time the page is drawn
            raise
        if session.get(_DEFERRED) is action:
            session.take(_DEFERRED)  # before it is called: it happens once
            action.finish(action.result)
