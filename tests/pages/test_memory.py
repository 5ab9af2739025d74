"""What a tab keeps in memory between two draws. Streamlit holds it for two minutes after the tab
was closed, so it must be little.
"""

import gc
import weakref

import pytest

from tests.pages.conftest import Open, run_of
from tests.playground.examples import wait_until

PAGES = ["app.py", "pages/draw.py", "pages/hood.py", "pages/inspect.py"]


@pytest.mark.parametrize("page", PAGES)
def test_the_page_keeps_no_snapshot(open_app: Open, page: str) -> None:
    """Neither the callbacks of its widgets nor its fragments hold the snapshot that they were drawn
    from, which has all weights.
    """
    at = open_app(layers="784,8,10", augmentation="0")
    if page != "app.py":
        at.switch_page(page).run()
    assert not at.exception
    run = run_of(at)
    drawn = weakref.ref(run.snapshot)
    run.step()
    wait_until(lambda: not run.busy)

    def is_freed() -> bool:
        gc.collect()
        return drawn() is None

    wait_until(is_freed)  # what is computed beside a page holds it until it is done
