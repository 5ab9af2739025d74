"""How a page is shown: always through app.py."""

import runpy
from collections.abc import Callable
from pathlib import Path

from ui import session

APP = Path(__file__).parent.parent / "app.py"
_ENTERED = "came through app.py"


def enter() -> None:
    """app.py says that the page it shows next has everything around it."""
    session.put(_ENTERED, True)


def show(main: Callable[[], None]) -> None:
    """Draw a page; run app.py first where Streamlit came without it.

    Streamlit takes any folder named "pages" for its older kind of navigation until st.navigation
    was called once: the first visitor of a fresh server, on an address such as /draw, comes
    straight to the page's file.
    """
    if session.take(_ENTERED, False):
        main()
    else:
        runpy.run_path(str(APP), run_name="__main__")
