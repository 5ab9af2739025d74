"""A phone: what a stranger does with it, upright and on its side."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.e2e.steps import (
    PAPER,
    SEVEN,
    SMALL,
    Finger,
    box_of,
    chart,
    expect_answer,
    expect_drawn,
    expect_status,
    paper,
    press,
)
from tests.e2e.test_accessibility import (
    FINGERTIP,
    ON_SCREEN,
    TOO_SMALL,
    expect_in_sight,
    link,
)
from tests.playground.examples import wait_until
from ui.head import PAGES

ON_ITS_SIDE = {"viewport": {"width": 844, "height": 390}, "is_mobile": True, "has_touch": True}


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


def test_a_phone_on_its_side_has_what_stays_in_one_row_below_the_page(
    open_page: Callable[..., Page],
) -> None:
    page = open_page(**ON_ITS_SIDE)
    page.goto(f"/?{SMALL}&epochs=8")
    expect_status(page, "ready")
    play = page.get_by_role("button", name="Play")
    for title in ("Train", "Draw"):
        for stays in (
            *(link(page, each).first for _, each, _ in PAGES),
            play,
            page.locator(".status-progress"),
        ):
            expect_in_sight(stays)
            assert box_of(stays)["y"] > 390 - 60, title
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), title
        if title == "Train":  # the settings are beside it, and close
            page.get_by_role("button", name="Collapse sidebar").tap()
            expect(page.get_by_role("button", name="Expand sidebar")).to_be_visible()
            play.tap()
            expect_status(page, "done")
            link(page, "Draw").tap()
            play = page.get_by_role("button", name="more epochs")
    expect_in_sight(paper(page))
    canvas, bar = box_of(page.locator(PAPER)), box_of(page.locator(".st-key-status"))
    assert canvas["y"] + canvas["height"] <= bar["y"]


def test_settings_open_under_the_thumb_curve_and_play_are_on_one_screen_without_tools(
    phone: Page,
) -> None:
    phone.goto(f"/?{SMALL}&epochs=8")
    expect_status(phone, "ready")
    expect_drawn(phone, "cost")
    tools = chart(phone, "cost").locator(".modebar").first
    expect(tools).to_have_css("opacity", "0")
    chart(phone, "cost").tap(position={"x": 150, "y": 100})
    expect(tools).to_have_css("opacity", "1")
    chart(phone, "accuracy").tap(position={"x": 150, "y": 100})
    expect(tools).to_have_css("opacity", "0")

    settings = phone.get_by_test_id("stExpandSidebarButton")
    assert settings.evaluate(ON_SCREEN)
    settings.tap()
    field = phone.get_by_test_id("stSidebar").get_by_role("textbox", name="Network")
    expect(field).to_be_visible()
    wait_until(lambda: phone.evaluate(TOO_SMALL, FINGERTIP) == [])  # it slides in
    # The mark of a question is small; a finger may miss it by 14 pixels.
    question = phone.get_by_role("button", name="Help for Network")
    box = box_of(question)  # when it has come to rest
    for x, y in ((-12, 8), (28, 8), (8, -12), (8, 28)):
        hit = "([x, y]) => document.elementFromPoint(x, y)?.getAttribute('aria-label')"
        assert phone.evaluate(hit, [box["x"] + x, box["y"] + y]) == "Help for Network"
    phone.touchscreen.tap(370, 400)  # beside it
    expect(field).to_be_hidden()

    samples = phone.locator(".st-key-samples")
    expect(phone.get_by_text("an epoch here")).to_be_visible()  # all is drawn, and at rest
    place = box_of(samples)["y"]
    press(phone, "Play")
    expect_status(phone, "done")
    expect(phone.get_by_text("validation digits correct")).to_be_visible()
    assert box_of(samples)["y"] == place
    curve, bar = box_of(chart(phone, "cost")), box_of(phone.locator(".st-key-status"))
    assert curve["y"] + curve["height"] <= bar["y"]
    assert curve["x"] >= 0
    assert curve["x"] + curve["width"] <= 390
