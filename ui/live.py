"""A part of a page that refreshes itself while its run computes, and stands still otherwise."""

from collections.abc import Callable

import streamlit as st

from playground.run import Run
from ui import state

POLL = 0.28  # seconds: curves
LINE = 0.4  # the line on top
CALM = 0.6  # what is looked at rather than watched; every poll costs the training a little


def live(run: Run, draw: Callable[[], None], *, key: str, every: float = POLL) -> None:
    """Draw now, and again and again while the run is busy.

    The timer is set when the whole page is drawn, so when the run ends by itself the page is
    drawn once more: buttons change, and the timer is gone.
    """
    polling = run.busy

    def part() -> None:
        run.watch(state.viewer())
        draw()
        if polling and not run.busy:
            st.rerun()

    st.fragment(part, run_every=every if polling else None, key=key)()
