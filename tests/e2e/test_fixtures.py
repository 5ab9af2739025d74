"""The checks of the browser tests find planted faults."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.watching import Watch
from tests.server import serving


@pytest.fixture
def bare_page(browser: Browser) -> Page:
    """A page that nothing watches yet."""
    return browser.new_page()


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("<script>console.error('planted')</script>", "the console has an error: planted"),
        ("<script>console.warn('planted')</script>", "the console has a warning: planted"),
        ("<script>throw new Error('planted')</script>", "a script failed: planted"),
        ("<p data-testid=stException>planted</p>", "the page shows an exception: planted"),
        ("<img src=http://a.invalid/planted>", "the page asks another machine: http://a.invalid"),
    ],
    ids=["console", "warning", "script", "exception", "request"],
)
def test_a_problem_in_a_page_is_seen(bare_page: Page, body: str, problem: str) -> None:
    watch = Watch(bare_page)
    bare_page.set_content(f"<p>fine</p><script>console.log('fine')</script>{body}")
    assert watch.problems()[0].startswith(problem)


def test_a_traceback_in_the_servers_log_is_seen(bare_page: Page, tmp_path: Path) -> None:
    app = tmp_path / "app.py"
    app.write_text("raise RuntimeError('planted')")

    def visit() -> None:
        with serving(app, tmp_path / "log.txt") as address:
            bare_page.goto(address)
            expect(bare_page.get_by_test_id("stException")).to_be_visible()

    with pytest.raises(RuntimeError, match=r"(?s)the log has a traceback.*planted"):
        visit()


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    missing = serving(tmp_path / "no-such-app.py", tmp_path / "log.txt")
    with pytest.raises(RuntimeError, match=r"(?s)did not start.*does not exist"):
        missing.__enter__()
