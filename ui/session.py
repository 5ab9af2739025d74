"""The session state of a browser tab: the only module that uses st.session_state.

Streamlit ends a script at any use of the session state if the browser has sent another request
meanwhile. While a page is drawn, that is right. In a callback it would leave an action half done,
and nobody would know. So a callback is not interrupted here; the request is handled after it.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import RerunData, RerunException, get_script_run_ctx

T = TypeVar("T")


def whole(use: Callable[[], T]) -> T:
    """The result of this use of the session state, or of a change of the address, which does not
    end a callback.
    """
    later: list[RerunData] = []
    while True:
        try:
            result = use()
            break
        except RerunException as request:  # Streamlit raises each request once
            context = get_script_run_ctx()
            if context is None or context.has_script_started:
                raise
            later.append(request.rerun_data)
    if later and (context := get_script_run_ctx()) and context.script_requests:
        context.script_requests.request_rerun_batch(later)
    return result


def get(key: str, default: Any = None) -> Any:
    """The value under this key, or the value of the widget with this key."""
    return whole(lambda: st.session_state.get(key, default))


def put(key: str, value: Any) -> None:
    """Store a value. A widget's value is set by `show`."""
    whole(lambda: st.session_state.__setitem__(key, value))


def show(key: str, value: Any, *, in_live_part: bool = False) -> None:
    """Let a widget show this value; for code that draws. A refresh of a live part sets it only if
    it shows something else: set anew, it would take back a click that the server has not heard of
    yet. A draw of the whole page always sets it, because the browser may have lost what a draw
    that was interrupted had set.

    in_live_part  whether people click the widget while it trains: then a draw of the whole page,
                  too, sets it only if it shows something else
    """
    context = get_script_run_ctx()
    is_refresh = context is not None and bool(context.fragment_ids_this_run)
    if get(key) != value or not (in_live_part or is_refresh):
        put(key, value)


def take(key: str, default: Any = None) -> Any:
    """Remove and return the value under this key."""
    return whole(lambda: st.session_state.pop(key, default))


def keep(key: str, make: Callable[[], T]) -> T:
    """The value under this key, made by `make` the first time."""
    missing = object()
    kept: Any = get(key, missing)
    if kept is missing:
        kept = make()
        put(key, kept)
    value: T = kept
    return value


def set_query(key: str, text: str | None) -> None:
    """Set this key of the address; None removes it. For callbacks, too."""
    if text is None:
        whole(lambda: st.query_params.pop(key, None))
    else:
        whole(lambda: st.query_params.__setitem__(key, text))
