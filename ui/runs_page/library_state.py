"""The state of the library: errors, deleted runs, and its size."""

from datetime import datetime

import streamlit as st

from playground.library.opened import library
from ui.browser_key import owner
from ui.text import as_is


def library_state() -> None:
    """Draw a box for each problem, if there is one."""
    kept = library()
    if kept.trouble:
        st.error(as_is(kept.trouble), icon=":material/error:")
    if kept.notice:
        st.warning(as_is(kept.notice), icon=":material/info:")
    if (made := kept.made_room(owner())) is not None:
        n, last = made
        st.caption(
            f"The library was full: {n:,} of your oldest runs that were not pinned "
            f"{'was' if n == 1 else 'were'} deleted, the last on "
            f"{datetime.fromtimestamp(last):%Y-%m-%d %H:%M}. Pin or export the runs that you need."
        )


def size_line() -> str:
    """The size of the library, which everybody on this server shares, and its limit."""
    kept = library()
    return f"{kept.size / 1e6:,.0f} of {kept.limit / 1e6:,.0f} MB used"
