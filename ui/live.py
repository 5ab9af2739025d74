"""A part of a page that refreshes itself while its run computes, and stands still otherwise."""

from collections.abc import Callable

import streamlit as st

from playground.run import Run
from ui import session, state

POLL = 0.28  # seconds: curves
CALM = 0.75  # what is looked at rather than watched; every poll costs the training a little
_ALONG = "drawn along with the next live part"


def along(draw: Callable[[], None]) -> None:
    """Draw now, and again with each refreshing of the live part that comes next on the page.

    A poll of its own costs much more than what a few words cost in another's: Streamlit sends a
    dozen messages for each, and the browser goes over the whole page. Such a part needs a place
    of its own, as st.empty gives one, and may hold no widgets.
    """
    draw()
    session.put(_ALONG, draw)


def live(run: Run, draw: Callable[[], None], *, key: str, every: float = POLL) -> None:
    """Draw now, and again and again while the run is busy.

    The timer is set when the whole page is drawn, so when the run ends by itself the page is
    drawn once more: buttons change, and the timer is gone.
    """
    polling = run.busy
    draw_along = session.take(_ALONG)

    def part() -> None:
        run.watch(state.viewer())
        draw()
        if draw_along:
            draw_along()
        if polling and not run.busy:
            st.rerun()

    st.fragment(part, run_every=every if polling else None, key=key)()


def live_at_last(run: Run) -> None:
    """A live part for what was to be drawn along with one, where the page has none."""
    if session.get(_ALONG):
        live(run, lambda: None, key="along")
