"""How a page is shown: always through app.py, from the snapshot that app.py has taken."""

import runpy
from collections.abc import Callable
from pathlib import Path

from playground.run import Snapshot
from ui import session

APP = Path(__file__).parent.parent / "app.py"
_SHOWN = "what the page shows"


def enter(shown: Snapshot) -> None:
    """Called by app.py: the snapshot from which the next page is drawn."""
    session.put(_SHOWN, shown)


def show(main: Callable[[Snapshot], None]) -> None:
    """Draw a page. Run app.py first if Streamlit has not.

    Streamlit uses a folder named "pages" for its older navigation until st.navigation was called
    once. So the first visitor of a new server, at an address such as /draw, directly runs the
    page's file.
    """
    shown: Snapshot | None = session.take(_SHOWN)
    if shown is not None:
        main(shown)
    else:
        runpy.run_path(str(APP), run_name="__main__")
