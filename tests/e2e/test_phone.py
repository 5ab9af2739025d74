"""The head of every page on phone and tablet: what stays in sight, what a finger reaches."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import PHONE
from tests.e2e.steps import (
    PAPER,
    SEVEN,
    SMALL,
    Finger,
    box_of,
    expect_answer,
    expect_drawn,
    expect_status,
    press,
)
from tests.playground.examples import wait_until
from ui.head import PAGES

TABLET = {"viewport": {"width": 1024, "height": 768}, "is_mobile": True, "has_touch": True}
FINGERTIP = 44  # pixels
ON_SCREEN = """element => {
    const { left, right, top, bottom } = element.getBoundingClientRect()
    const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2)
    return left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight &&
        hit !== null && (element.contains(hit) || hit.contains(element))
}"""
"""Whether all of an element is on the screen, and nothing over its middle."""

END_ABOVE = """bar => {
    const main = document.querySelector(".stMain")
    main.scrollTop = main.scrollHeight
    return main.firstElementChild.lastElementChild.getBoundingClientRect().bottom <= bar
}"""
"""Whether the end of the page, scrolled to, is above what stays at the bottom."""

TOO_SMALL = """fingertip => {
    const targets = "button, a[href], summary, label:has(> input), " +
        ":is(.stSelectbox, .stSlider) [role=group], " +
        "[data-testid=stTextInputRootElement], [data-testid=stNumberInputContainer]"
    const inside = ":is(.stSelectbox, .stMultiSelect) button" // what is beside it opens, too
    const seen = [...document.querySelectorAll(targets)].filter(target =>
        target.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
        !target.matches(inside) && !target.closest("[data-testid=stSkipToContent]") &&
        !target.closest(".stTooltipIcon:has(button[aria-label^=Help])"))
    if (seen.length < 8) return ["the page was not there yet"]
    return seen.filter(target => {
        const { width, height } = target.getBoundingClientRect()
        return height < fingertip || width < (target.matches("label") ? 0 : fingertip)
    }).map(target => target.outerHTML.slice(0, 200))
}"""
"""What is smaller than a fingertip. The question marks are, to look at: see the test of them."""


class Taps:
    """Counts what a person does with a finger."""

    def __init__(self, page: Page) -> None:
        self._finger = Finger(page)
        self.n = 0

    def tap(self, target: Locator) -> None:
        expect_in_sight(target)  # one need not scroll first
        target.tap()
        self.n += 1

    def draw(self, stroke: list[tuple[float, float]]) -> None:
        self._finger.draw(stroke)
        self.n += 1


def expect_in_sight(target: Locator) -> None:
    """Sooner or later: the page may just be drawn anew."""
    expect(target).to_be_visible()
    wait_until(lambda: bool(target.evaluate(ON_SCREEN)))


def link(page: Page, title: str) -> Locator:
    return page.get_by_role("link", name=title, exact=True)


def test_a_stranger_reads_a_digit_of_their_own_with_six_taps(phone: Page) -> None:
    """The app's own start, no address but its own, nothing scrolled."""
    phone.goto("/")
    expect_status(phone, "ready")
    finger = Taps(phone)
    finger.tap(phone.get_by_role("button", name="Play"))
    finger.tap(link(phone, "Draw"))
    expect(phone.locator(PAPER)).to_be_visible()
    finger.draw(SEVEN)
    expect_answer(phone, "7")
    expect_in_sight(phone.locator(".answer"))
    assert finger.n <= 6


@pytest.mark.parametrize("options", [PHONE, TABLET], ids=["phone", "tablet"])
def test_links_play_and_progress_stay_in_sight_and_cover_nothing(
    open_page: Callable[..., Page], options: dict[str, object]
) -> None:
    page = open_page(**options)
    page.goto(f"/?{SMALL}&epochs=8")
    expect_status(page, "ready")
    expect(page.get_by_role("heading", name="Netcore Playground")).to_be_visible()
    expect(page.locator(".stApp kbd:visible")).to_have_count(0)  # there are no keys to press
    wide = page.evaluate("innerWidth > 768")
    for _, title, _ in PAGES:
        link(page, title).tap()
        expect(page.locator(".st-key-pages strong")).to_have_text(title)
        expect_status(page, "ready")
        main = page.get_by_test_id("stMain")
        for to in ("0", "main.scrollHeight"):
            main.evaluate(f"main => {{ main.scrollTop = {to} }}")
            for stays in (
                *(link(page, each).first for _, each, _ in PAGES),
                page.get_by_role("button", name="Play"),
                page.locator(".status-progress"),
            ):
                expect_in_sight(stays)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), title
        if not wide:  # at the end of the page, where it is scrolled to
            bar = box_of(page.locator(".st-key-status"))["y"]
            page.wait_for_function(END_ABOVE, arg=bar)
        assert page.evaluate(TOO_SMALL, FINGERTIP) == [], title


def test_the_settings_open_under_the_thumb_and_close(phone: Page) -> None:
    phone.goto(f"/?{SMALL}&epochs=8")
    expect_status(phone, "ready")
    settings = phone.get_by_test_id("stExpandSidebarButton")
    assert settings.evaluate(ON_SCREEN)
    settings.tap()
    field = phone.get_by_test_id("stSidebar").get_by_role("textbox", name="Network")
    expect(field).to_be_visible()
    assert phone.evaluate(TOO_SMALL, FINGERTIP) == []
    # The mark of a question is small; a finger may miss it by 14 pixels.
    question = phone.get_by_role("button", name="Help for Network")
    box = box_of(question)
    for x, y in ((-12, 8), (28, 8), (8, -12), (8, 28)):
        hit = "([x, y]) => document.elementFromPoint(x, y).getAttribute('aria-label')"
        assert phone.evaluate(hit, [box["x"] + x, box["y"] + y]) == "Help for Network"
    phone.touchscreen.tap(370, 400)  # beside it
    expect(field).to_be_hidden()
    press(phone, "Play")
    expect_status(phone, "done")


def test_a_charts_tools_come_with_a_tap(phone: Page) -> None:
    phone.goto(f"/?{SMALL}&epochs=8")
    expect_status(phone, "ready")
    expect_drawn(phone, "cost")
    tools = phone.locator('.live-plot[data-key="cost"] .modebar').first
    expect(tools).to_have_css("opacity", "0")
    phone.locator('.live-plot[data-key="cost"]').tap(position={"x": 150, "y": 100})
    expect(tools).to_have_css("opacity", "1")
    phone.locator('.live-plot[data-key="accuracy"]').tap(position={"x": 150, "y": 100})
    expect(tools).to_have_css("opacity", "0")
