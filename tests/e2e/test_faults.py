"""Faults around a page: a broken connection, a closed browser, a second window."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.e2e.steps import SMALL, expect_drawn, expect_status, iteration, press, status_line
from tests.e2e.test_train import open_small, token, until_iteration
from tests.faults.proxy import Line
from ui.browser_key import NAME

WIDE = ViewportSize(width=1400, height=900)


@pytest.fixture
def line(server: str) -> Iterator[Line]:
    line = Line(server)
    yield line
    line.close()


def test_a_tab_whose_line_is_cut_goes_on_by_itself(browser: Browser, line: Line) -> None:
    # A context of its own, whose console nobody watches: it tells of the cut, as it should.
    with browser.new_context(viewport=WIDE) as context:
        page = context.new_page()
        page.goto(f"{line.address}/?{SMALL}&epochs=2000")
        expect_drawn(page, "cost")
        press(page, "Play")
        until_iteration(page, 20)
        name = token(page)
        assert line.cut() > 0
        until_iteration(page, iteration(page) + 200)
        expect_status(page, "training")
        assert token(page) == name
        press(page, "Pause")
        expect_status(page, "paused")


def test_a_closed_browsers_address_goes_on_with_the_run(
    browser: Browser, server: str, page: Page
) -> None:
    with browser.new_context(base_url=server, viewport=WIDE) as context:
        first = context.new_page()
        open_small(first, "epochs=5000")
        press(first, "Play")
        until_iteration(first, 50)
        address, name, seen = first.url, token(first), iteration(first)
        (key,) = (each["value"] for each in context.cookies() if each["name"] == NAME)
    page.context.add_cookies([{"name": NAME, "value": key, "url": server}])
    page.goto(address)
    until_iteration(page, seen + 50)
    expect_status(page, "training")
    assert token(page) == name
    press(page, "Pause")
    expect_status(page, "paused")


def test_two_windows_of_a_browser_steer_one_run_and_another_browser_does_not(
    open_page: Callable[..., Page],
) -> None:
    one = open_page(viewport=WIDE)
    open_small(one, "epochs=5000")
    two, of_another = open_page(beside=one), open_page(viewport=WIDE)
    two.goto(one.url)
    expect_status(two, "ready")
    press(two, "Play")
    until_iteration(two, 20)
    expect_status(one, "training")  # it was told: nobody has touched it
    press(one, "Step")
    expect_status(one, "paused")
    expect_status(two, "paused")
    expect(status_line(one)).to_have_attribute("data-iteration", str(iteration(two)))
    expect(one.get_by_text("open in 2 windows")).to_be_visible()
    of_another.goto(one.url)
    expect(of_another.get_by_text("belongs to another browser")).to_be_visible()
    assert token(of_another) != token(one)
    press(of_another, "Step")
    expect_status(of_another, "paused")
    expect(status_line(of_another)).to_have_attribute("data-iteration", "1")
    press(two, "Reset")
    expect_status(one, "ready")
    press(one, "Play")
    expect_status(one, "training")
    press(two, "Step")
    expect_status(two, "paused")
    expect_status(one, "paused")
    two.goto("about:blank")
    press(one, "Play")
    until_iteration(one, iteration(one) + 20)
