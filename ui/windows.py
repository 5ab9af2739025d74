"""Several windows on one run: where one sets it going, the others are drawn anew at once.

A page whose run rests has no timer: that it need not ask, however many windows stand open, is why
the server tells it. The rerun asked for is the one that Streamlit itself asks for when a source
file has changed.
"""

from streamlit import runtime
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import get_script_run_ctx

from playground.run import Run
from ui import tab

_SESSIONS: dict[str, str] = {}  # name of a tab -> Streamlit's session, while it looks at a run


def enter() -> None:
    """This tab can be told from now on; app.py says so with each draw."""
    if (context := get_script_run_ctx()) is not None:
        _SESSIONS[tab.viewer()] = context.session_id


def tell_the_others(run: Run) -> None:
    """Have the other windows on this run drawn anew. Those that are gone are forgotten."""
    if not runtime.exists():
        return  # a test without a server
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
        # A page that is being drawn looks for itself, at its end, whether its run has moved on.
        if session._scriptrunner is None:
            session.request_rerun(session._client_state)

    session._call_soon_on_event_loop(rerun)  # most of a session belongs to that thread
