"""Several windows on one run: if one starts it, the others are redrawn at once.

A page whose run rests has no timer, so that many open windows cost nothing. So the server tells
them. It requests the same rerun that Streamlit requests when a source file has changed.
"""

from streamlit import runtime
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import get_script_run_ctx

from playground.run import Run
from ui import tab

_SESSIONS: dict[str, str] = {}  # name of a tab -> Streamlit's session, while it shows a run


def enter() -> None:
    """Called by app.py at each draw: register this tab."""
    if (context := get_script_run_ctx()) is not None:
        _SESSIONS[tab.viewer()] = context.session_id


def tell_the_others(run: Run) -> None:
    """Redraw the other windows on this run. Windows that were closed are forgotten."""
    if not runtime.exists():
        return  # in a test without a server
    for viewer in run.viewers:
        if viewer == tab.viewer() or viewer not in _SESSIONS:
            continue
        session = runtime.get_instance().get_app_session(_SESSIONS[viewer])
        if session is None:
            del _SESSIONS[viewer]
        else:
            _draw_anew(session)


def _draw_anew(session: AppSession) -> None:
    def rerun() -> None:
        # A page that is being drawn checks the run's status itself at its end.
        if session._scriptrunner is None:
            session.request_rerun(session._client_state)

    session._call_soon_on_event_loop(rerun)  # a session may be used only in the server's thread
