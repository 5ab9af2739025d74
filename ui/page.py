"""How a page is shown: always through app.py, and from the snapshot that app.py has taken."""

import runpy
from collections.abc import Callable
from pathlib import Path

from playground.run import Snapshot
from ui import session

APP = Path(__file__).parent.parent / "app.py"
_SHOWN = "what the page shows"


def enter(shown: Snapshot) -> None:
    """app.py says what the page that it shows next is drawn from."""
    session.put(_SHOWN, shown)


def show(main: Callable[[Snapshot], None]) -> None:
    """Draw a page; run app.py first where Streamlit came without it.

    Streamlit takes any folder named "pages" for its older kind of navigation until st.navigation
    was called once: the first visitor of a fresh server, on an address such as /draw, comes
    straight to the page's file.
    """
    shown: Snapshot | None = session.take(_SHOWN)
    if shown is not None:
        main(shown)
    else:
        runpy.run_path(str(APP), run_name="__main__")
