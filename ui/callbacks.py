"""A mend of Streamlit 1.67: no click is lost because the browser sends another request at once.

The browser sends a click once. Streamlit's default is to stop the script of one request when the
next one comes (`fastReruns`, off in .streamlit/config.toml), even if its callbacks have not been
called. Without that default, it still looks for the next request before it calls callbacks, and
starts again with that one. With this module it looks only after them; ui/session.py keeps a request
from ending a callback half-way (tests/faults/test_clicks.py).
"""

from typing import Any

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state.safe_session_state import SafeSessionState

from ui import turns


def handle_every_click() -> None:
    """Called by app.py. From now on, every request's callbacks are called."""
    SafeSessionState.on_script_will_rerun = _on_script_will_rerun  # type: ignore[method-assign]


def _on_script_will_rerun(self: SafeSessionState, *args: Any, **kwargs: Any) -> None:
    context = get_script_run_ctx()
    if context is not None and not context.fragment_ids_this_run:
        turns.begin_page()
    with self._lock:
        self._state.on_script_will_rerun(*args, **kwargs)
