"""Two mends of Streamlit 1.67: a request that follows at once neither loses a click nor undoes what
the click did.

The browser sends a click once. Streamlit's default is to stop the script of one request when the
next one comes (`fastReruns`, off in .streamlit/config.toml), even if its callbacks have not been
called. Without that default, it still looks for the next request before it calls callbacks, and
starts again with that one. With this module it looks only after them; ui/session.py keeps a request
from ending a callback half-way (tests/faults/test_clicks.py).

A timer of a live part sends what all widgets of the page show. Where the server has just replaced
the run, and the browser does not show that yet, these are the settings of the run before, and they
would be taken for changes by a person. A person's own change is always sent at once and by itself,
so a timer's request needs no widgets.
"""

from dataclasses import replace
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests, ScriptRequestType
from streamlit.runtime.state.safe_session_state import SafeSessionState

from ui import turns

_TAKE_REQUEST = ScriptRequests._request_rerun_locked


def handle_every_click() -> None:
    """Called by app.py. From now on, every request's callbacks are called, and no timer's are."""
    SafeSessionState.on_script_will_rerun = _on_script_will_rerun  # type: ignore[method-assign]
    ScriptRequests._request_rerun_locked = _take_request  # type: ignore[assignment, method-assign]


def _on_script_will_rerun(self: SafeSessionState, *args: Any, **kwargs: Any) -> None:
    context = get_script_run_ctx()
    if context is not None and not context.fragment_ids_this_run:
        turns.begin_page()
    with self._lock:
        self._state.on_script_will_rerun(*args, **kwargs)


def _take_request(self: ScriptRequests, request: RerunData) -> bool:
    if request.is_auto_rerun:
        # With None, the widgets of a click that waits already are those of both together.
        waits = self._state is ScriptRequestType.RERUN
        request = replace(request, widget_states=None if waits else WidgetStates())
    return _TAKE_REQUEST(self, request)
