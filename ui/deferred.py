"""Deferred actions: what takes a moment runs at the next draw of the page, because a callback
cannot show a spinner.

A click meanwhile interrupts the draw, and the next draw starts again. So an action has two parts:
`read` takes long, changes nothing, and may be repeated; `finish` is short and is called only once,
whatever is clicked.
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
    """At the next draw of the page: call read, while the sentence is shown beside a spinner; then
    call finish with its result.
    """
    session.put(_DEFERRED, _Action(sentence, read, finish))


def catch_up() -> None:
    """Run the deferred actions, including those that they defer."""
    while (action := session.get(_DEFERRED)) is not None:
        try:
            if not action.is_read:
                with st.spinner(action.sentence):
                    action.result = action.read()
                    action.is_read = True
        except Exception:  # a click is no Exception: Streamlit raises it as a BaseException
            session.take(_DEFERRED)  # or it would fail at every draw
            raise
        if session.get(_DEFERRED) is action:
            session.take(_DEFERRED)  # removed before the call, so that it runs only once
            action.finish(action.result)
