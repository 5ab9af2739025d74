"""The whole app without a browser: app.py and the current page, by AppTest."""

import re
import secrets
from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from playground.registry import RUNS
from playground.run import Run
from tests.playground.examples import wait_until
from tests.server import ROOT
from ui.browser_key import KEY

Open = Callable[..., AppTest]


@pytest.fixture
def open_app() -> Iterator[Open]:
    """Opens the app with this query in its address, as a tab of the same browser, or of the browser
    with this key."""
    same = secrets.token_urlsafe(24)

    def open_it(browser: str = same, **query: str) -> AppTest:
        at = tab_of(browser)
        for name, text in query.items():
            at.query_params[name] = text
        return at.run()

    yield open_it
    for token in list(RUNS._runs):
        RUNS.drop(token)


def tab_of(browser: str) -> AppTest:
    """The app, not drawn yet, in a tab of the browser with this key."""
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=40)
    at.session_state[KEY] = browser
    return at


def another_tab(at: AppTest) -> AppTest:
    """Not drawn yet, of the same browser."""
    return tab_of(at.session_state[KEY])


def run_of(at: AppTest) -> Run:
    """The run that this tab shows: the one its address names."""
    (token,) = query_of(at, "run")
    run = RUNS.get(token)
    assert run is not None
    return run


def query_of(at: AppTest, name: str) -> list[str]:
    """What the address says of this setting: nothing, or one text."""
    value = at.query_params.get(name, [])
    return [value] if isinstance(value, str) else value


def at_rest(at: AppTest) -> AppTest:
    """Wait for the end of what was started, and draw the page once more, as it does by itself."""
    run = run_of(at)
    wait_until(lambda: not run.busy)
    return at.run()


def shown(at: AppTest) -> set[str]:
    """The keys of the app's own elements that are seen on the page: charts, images, drawings."""
    return {str(each.key) for each in at.get("bidi_component")} - {"browser-key"}


def said(at: AppTest) -> str:
    """All sentences that the page says aside from its usual text."""
    text = "\n".join(each.value for each in (*at.warning, *at.error))
    return re.sub(r"\\(.)", r"\1", text)  # as a person reads it, without Markdown's escapes


def status_line(at: AppTest) -> str:
    """The line on top, as HTML."""
    (line,) = (
        each.proto.body for each in at.get("html") if 'class="status-line"' in each.proto.body
    )
    return str(line)
