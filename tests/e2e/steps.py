"""Actions and observations of a person, for the browser tests. They wait for states, not for
times.
"""

import itertools
import math
import re
from contextlib import suppress

from playwright.sync_api import FloatRect, Locator, Page, expect

SMALL = "layers=784,32,10&activations=relu&augmentation=0"
"""Settings of a network that trains in a moment."""


def status_line(page: Page, status: str = "") -> Locator:
    return page.locator(f'.status-line[data-status="{status}"]' if status else ".status-line")


def expect_status(page: Page, status: str) -> None:
    expect(status_line(page, status)).to_be_visible()


def iteration(page: Page) -> int:
    return int(status_line(page).get_attribute("data-iteration") or -1)


def button(page: Page, name: str) -> Locator:
    """The first whose name begins so: "Step" is not "One step later"."""
    return page.get_by_role("button", name=re.compile(rf"^{name}\b")).first


def press(page: Page, name: str) -> None:
    button(page, name).click()


def chart(page: Page, key: str) -> Locator:
    return page.locator(f'.live-plot[data-key="{key}"]')


def updates(page: Page, key: str) -> int:
    return int(chart(page, key).get_attribute("data-updates") or 0)


def mounts(page: Page) -> dict[str, int]:
    """How often each chart on the page was built."""
    counted = dict(page.evaluate("window.livePlotMounts ?? {}"))
    assert counted, "no chart was built yet, so none could be seen to be built anew"
    return counted


def expect_page_drawn(page: Page) -> None:
    """Its script has ended, and nothing of what was there before is left."""
    expect(page.locator("[data-test-script-state=notRunning]")).to_be_visible()


def expect_drawn(page: Page, key: str) -> None:
    expect(chart(page, key).locator(".main-svg").first).to_be_visible()


def setting(page: Page, label: str) -> Locator:
    """The input of the sidebar's widget with this label."""
    return (
        page.get_by_test_id("stSidebar")
        .get_by_role("spinbutton", name=label)
        .or_(page.get_by_test_id("stSidebar").get_by_role("textbox", name=label))
    )


def type_into(page: Page, label: str, text: str) -> None:
    field = setting(page, label)
    field.fill(text)
    field.press("Enter")


def open_list(box: Locator) -> None:
    """Open the list of a selectbox. It closes when its place moves, as it does when the page was
    just scrolled to it; a person then opens it once more.
    """
    options = box.page.get_by_role("option")
    box.scroll_into_view_if_needed()
    box_of(box)
    box.click()
    with suppress(AssertionError):
        expect(options.first).to_be_visible(timeout=5_000)
        return
    box.click()
    expect(options.first).to_be_visible()


def choose(box: Locator, title: str) -> None:
    """Choose an option of a selectbox."""
    open_list(box)
    box.page.get_by_role("option", name=title, exact=True).click()


AT_REST = """element => new Promise(resolve => {
  const box = () => JSON.stringify(element.getBoundingClientRect());
  const look = before => requestAnimationFrame(() => {
    const now = box();
    now === before ? resolve() : look(now);
  });
  look(box());
})"""


def box_of(element: Locator) -> FloatRect:
    """Where an element comes to rest on the screen. One that slides in, or that is just being drawn
    anew, is waited for.
    """
    while True:
        element.evaluate(AT_REST)
        if (box := element.bounding_box()) is not None:
            return box
        expect(element).to_be_visible()


PAPER = "canvas.paper"
Stroke = list[tuple[float, float]]
"""x to the right, y down, both 0 … 1."""


def paper(page: Page, selector: str = PAPER) -> Locator:
    """The canvas to draw on, scrolled to."""
    canvas = page.locator(selector)
    expect(canvas).to_be_visible()
    # Playwright's own waits for an element to hold still, and fails where the page draws it anew.
    canvas.evaluate("canvas => canvas.scrollIntoView({ block: 'nearest' })")
    return canvas


def on_paper(canvas: Locator, stroke: Stroke) -> list[tuple[float, float]]:
    """Where a stroke's points are on the screen."""
    box = box_of(canvas)
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]


def loops(n: int) -> Stroke:
    """A stroke of so many points that goes on and on, all over the canvas."""
    return [(0.5 + 0.3 * math.sin(i / 9), 0.5 + 0.35 * math.cos(i / 7)) for i in range(n)]


def expect_known(page: Page, strokes: int) -> None:
    """So many strokes have reached Python."""
    expect(page.locator(PAPER)).to_have_attribute("data-known", str(strokes))


def draw(page: Page, *strokes: Stroke, steps: int = 8, selector: str = PAPER) -> None:
    """Draw strokes on the canvas with the mouse, in so many moves from point to point."""
    canvas = paper(page, selector)
    for stroke in strokes:
        places = on_paper(canvas, stroke)
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place, steps=steps)
        page.mouse.up()


class Finger:
    """Touches a page, as a person's does on a phone."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._session = page.context.new_cdp_session(page)

    def draw(self, *strokes: Stroke, steps: int = 8, selector: str = PAPER) -> None:
        canvas = paper(self._page, selector)
        for stroke in strokes:
            places = on_paper(canvas, stroke)
            self._touch("touchStart", places[0])
            for (x0, y0), (x1, y1) in itertools.pairwise(places):
                for i in range(1, steps + 1):
                    at = i / steps
                    self._touch("touchMove", (x0 + (x1 - x0) * at, y0 + (y1 - y0) * at))
            self._touch("touchEnd")

    def _touch(self, kind: str, *points: tuple[float, float]) -> None:
        where = [{"x": x, "y": y} for x, y in points]
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": where})


def to_draw(page: Page) -> None:
    """The page Draw, from any other."""
    page.get_by_role("link", name="Draw", exact=True).click()
    paper(page)


SEVEN = [(0.28, 0.24), (0.72, 0.24), (0.45, 0.82)]
ONE = [(0.5, 0.2), (0.5, 0.8)]


SEE = """() => {
    window.seen = 0
    let before = ""
    new MutationObserver(() => {
        const now = document.querySelector(".reading")?.textContent ?? before
        if (now !== before) window.seen += 1
        before = now
    }).observe(document.body, { childList: true, subtree: true, characterData: true })
}"""
"""Counts how often what the answer says has changed."""


def expect_answer(page: Page, answer: str) -> None:
    expect(page.locator(f'.answer[data-answer="{answer}"]')).to_be_visible()
