"""No stroke is lost, wherever it starts and however soon: with a mouse and with a finger.

Twenty strokes each, as a person makes them who enters the canvas and draws at once; two hundred
where PLAYGROUND_THOROUGH is set.
"""

import os
import random
from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.steps import (
    ONE,
    PAPER,
    SEVEN,
    SMALL,
    Finger,
    Stroke,
    box_of,
    draw,
    expect_known,
    expect_status,
    on_paper,
    paper,
    press,
    to_draw,
)
from tests.server import ROOT

N = 200 if os.environ.get("PLAYGROUND_THOROUGH") else 20
A_SHEET = 10  # strokes, then it is cleared


def open_canvas(page: Page) -> None:
    page.goto(f"/?{SMALL}")
    expect_status(page, "ready")
    to_draw(page)


def anywhere(rng: random.Random) -> Stroke:
    """Three points: every start is as likely, edges and corners as the middle."""
    return [(rng.uniform(0.005, 0.995), rng.uniform(0.005, 0.995)) for _ in range(3)]


def is_inked(page: Page, x: float, y: float) -> bool:
    """Whether the browser shows the pen's white there."""
    return bool(
        page.locator(PAPER).evaluate(
            """(canvas, [x, y]) => {
                const one = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })
                one.drawImage(canvas, -Math.floor(x * canvas.width), -Math.floor(y * canvas.height))
                return one.getImageData(0, 0, 1, 1).data[0] === 255
            }""",
            [x, y],
        )
    )


def all_arrive(page: Page, draw_one: Callable[[Stroke], None]) -> None:
    rng = random.Random(12)
    arrived = 0
    for i in range(N):
        if i % A_SHEET == 0 and i:
            press(page, "Clear")  # at once, with no wait: what follows must not go with it
        stroke = anywhere(rng)
        draw_one(stroke)
        expect_known(page, i % A_SHEET + 1)
        arrived += is_inked(page, *stroke[0])
    assert arrived == N


@pytest.mark.timeout(300)
def test_all_strokes_of_a_mouse_arrive(page: Page) -> None:
    open_canvas(page)

    def enter_and_draw(stroke: Stroke) -> None:
        page.mouse.move(1, 1)  # outside: each stroke comes in anew
        draw(page, stroke, steps=2)

    all_arrive(page, enter_and_draw)

    # One right after an example stays: Python's strokes come late, and take none away. The menu is
    # over the page until it has closed.
    press(page, "Clear")
    page.get_by_role("button", name="Draw an example").click()
    page.get_by_role("menuitem", name="4").click()  # of two strokes
    expect(page.get_by_role("menuitem")).to_have_count(0)
    draw(page, ONE)
    expect_known(page, 3)
    press(page, "Undo")
    expect_known(page, 2)

    # A press of another button draws nothing.
    (x, y), _ = on_paper(paper(page), ONE)
    page.mouse.click(x, y, button="right")
    draw(page, SEVEN)
    expect_known(page, 3)
    expect(page.locator(PAPER)).to_have_attribute("data-strokes", "3")


ALONE = """async source => {
    document.body.innerHTML = "<button>Example</button><div style='width: 300px'></div>"
    const { default: show } = await import(`data:text/javascript,${encodeURIComponent(source)}`)
    const parentElement = document.querySelector("div"), setStateValue = (_, it) => { sent = it }
    window.sent = null
    window.reply = data => show({ data: { pen: 70, ...data }, parentElement, setStateValue })
    reply({ heard: 7, revision: 0, strokes: [] })
}"""
"""The canvas on an empty page. `reply` is Python's answer; `sent` is what the canvas sent last."""
EXAMPLE = [[70, 200, 200, 800, 800], [70, 800, 200, 200, 800]]


def test_a_stroke_after_a_click_outlives_what_the_click_puts_in_its_place(page: Page) -> None:
    """A busy Python gets the click and the stroke's message together, and answers both at once."""
    page.goto("about:blank")
    for draws_first, left in ((False, 3), (True, 2)):
        page.evaluate(ALONE, (ROOT / "ui/draw/canvas.js").read_text(encoding="utf-8"))
        canvas = page.locator("canvas")
        for draws in (draws_first, not draws_first):
            if draws:
                draw(page, ONE, selector="canvas")
            else:
                page.get_by_text("Example").click()
        heard = page.evaluate("sent.n")
        page.evaluate(
            "([heard, strokes]) => reply({ heard, revision: 1, strokes })", [heard, EXAMPLE]
        )
        expect(canvas).to_have_attribute("data-strokes", str(left))


@pytest.mark.timeout(300)
def test_all_strokes_of_a_finger_arrive_and_nothing_scrolls(phone: Page) -> None:
    open_canvas(phone)
    finger = Finger(phone)
    before = box_of(phone.locator(PAPER))
    all_arrive(phone, partial(finger.draw, steps=2))
    assert box_of(phone.locator(PAPER)) == before

    # A second finger draws nothing.
    press(phone, "Clear")
    expect_known(phone, 0)
    session = phone.context.new_cdp_session(phone)
    (first, second) = ({"x": x, "y": y, "id": i} for i, (x, y) in
                       enumerate(on_paper(paper(phone), ONE)))  # fmt: skip
    for kind, points in (
        ("touchStart", [first]),
        ("touchStart", [first, second]),
        ("touchEnd", []),
    ):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    expect_known(phone, 1)
