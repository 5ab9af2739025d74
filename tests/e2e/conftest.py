"""A server, a browser, and pages that fail the test if anything goes wrong in them."""

import re
from collections.abc import Callable, Generator, Iterator
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser import ARGUMENTS, PICTURES, find_browser
from tests.e2e.watching import Watch
from tests.server import APP, serving

# Milliseconds to wait for an action or an expectation, because machines can be busy.
PATIENCE = 40_000
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 3,
    "is_mobile": True,
    "has_touch": True,
}
NO_BROWSER = (
    "No Chrome or Chromium starts here. Install one (Debian: apt-get install chromium), name one "
    "in the variable CHROME, or leave these tests out on purpose: python -m tests --no-browser"
)
PASSED = pytest.StashKey[bool]()

ColorScheme = Literal["light", "dark"]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the app, served once for all tests; a traceback in its log fails the last."""
    with serving(APP, tmp_path_factory.mktemp("server") / "log.txt") as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium. Where there is none, tests fail: what nobody ran is not known to work."""
    path = find_browser()
    if path is None:
        pytest.fail(NO_BROWSER)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def color_scheme() -> ColorScheme:
    """Light, unless a test asks: @pytest.mark.parametrize("color_scheme", ["light", "dark"])."""
    return "light"


@pytest.fixture
def open_page(
    request: pytest.FixtureRequest, browser: Browser, server: str, color_scheme: ColorScheme
) -> Iterator[Callable[..., Page]]:
    """Opens pages, each with a browser profile of its own and these options of new_context, or in
    the profile of the page that it is to be beside.

    `page.goto("/")` is then the front page. In the end every page is asked what went wrong in
    it, which fails the test; pictures of a failed test's pages go to test-results/.
    """
    watches: list[Watch] = []

    def open_one(beside: Page | None = None, **options: Any) -> Page:
        if beside is not None:
            context = beside.context
        else:
            context = browser.new_context(base_url=server, color_scheme=color_scheme, **options)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        watches.append(Watch(page))
        return page

    yield open_one
    problems = [problem for watch in watches for problem in watch.problems()]
    for number, watch in enumerate(watches):
        if problems or not request.node.stash.get(PASSED, False):
            name = re.sub(r"\W+", "-", f"{request.path.stem} {request.node.name} {number}")
            watch.page.screenshot(path=PICTURES / f"{name}.png")
        watch.page.context.close()
    assert not problems, "\n".join(problems)


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A new page on a wide screen."""
    return open_page(viewport={"width": 1400, "height": 900})


@pytest.fixture
def phone(open_page: Callable[..., Page]) -> Page:
    """A new page on a phone."""
    return open_page(**PHONE)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note whether the test itself passed, for fixtures that clean up after it."""
    report = yield
    if report.when == "call":
        item.stash[PASSED] = not report.failed
    return report
