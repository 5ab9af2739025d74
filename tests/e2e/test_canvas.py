"""The canvas in a real browser: its size, its pixels, and how soon the prediction follows the
pen.
"""

import pytest
from playwright.sync_api import FloatRect, Page, expect

from tests.e2e.steps import (
    ONE,
    PAPER,
    SEE,
    SEVEN,
    SMALL,
    Finger,
    box_of,
    draw,
    expect_answer,
    expect_known,
    expect_status,
    loops,
    on_paper,
    paper,
    press,
    to_draw,
)
from tests.playground.examples import wait_until

GRID = [[(x, 0.1), (x, 0.9)] for x in (0.2, 0.4, 0.6, 0.8)] + [
    [(0.1, y), (0.9, y)] for y in (0.2, 0.4, 0.6, 0.8)
]


def learned(page: Page) -> None:
    """The page Draw of a network that has learned."""
    page.goto(f"/?{SMALL}&epochs=8")
    expect_status(page, "ready")
    press(page, "Play")
    expect_status(page, "done")
    to_draw(page)


def pixels(page: Page) -> tuple[int, int]:
    """How wide the canvas is on the page, and how many pixels it has for that."""
    shown, own = page.locator(PAPER).evaluate("canvas => [canvas.clientWidth, canvas.width]")
    return int(shown), int(own)


SCREENS = ((1400, 900, 500, 1), (1024, 768, 350, 2), (390, 844, 350, 3))
"""Width, height, the least side of the canvas there, and how many pixels a CSS pixel has."""


def test_it_is_square_crisp_as_large_as_the_screen_allows_and_keeps_its_drawing(
    page: Page,
) -> None:
    page.goto(f"/?{SMALL}")
    expect_status(page, "ready")
    to_draw(page)
    draw(page, ONE)
    expect_known(page, 1)
    screen = page.context.new_cdp_session(page)
    inks = []
    for width, height, least, density in SCREENS:
        screen.send(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": density, "mobile": False},
        )
        wait_until(lambda: pixels(page)[0] >= least)  # noqa: B023  the canvas comes anew
        wait_until(lambda: pixels(page)[1] == pixels(page)[0] * density)  # noqa: B023
        box = box_of(page.locator(PAPER))
        assert box["width"] == pytest.approx(box["height"], abs=1)
        assert box["y"] + box["height"] <= height
        inks.append(ink(page))
    assert inks == pytest.approx([inks[0]] * len(SCREENS), rel=0.03)


def ink(page: Page) -> float:
    """The share of the canvas that is white."""
    return float(
        page.locator(PAPER).evaluate(
            """canvas => {
                const copy = new OffscreenCanvas(canvas.width, canvas.height)
                    .getContext("2d", { willReadFrequently: true })
                copy.drawImage(canvas, 0, 0)
                const bytes = copy.getImageData(0, 0, canvas.width, canvas.height).data
                let sum = 0
                for (let i = 3; i < bytes.length; i += 4) sum += bytes[i]
                return sum / 255 / canvas.width / canvas.height
            }"""
        )
    )


def test_a_finger_draws_beside_the_curves_then_canvas_and_answer_fill_one_screen(
    phone: Page,
) -> None:
    phone.goto(f"/?{SMALL}&epochs=8")
    expect_status(phone, "ready")
    press(phone, "Play")
    expect_status(phone, "done")
    finger = Finger(phone)
    finger.draw(SEVEN)
    expect_answer(phone, "7")
    phone.get_by_role("link", name="Draw one yourself").click()
    paper(phone)
    press(phone, "Clear")
    expect_answer(phone, "?")
    finger.draw(SEVEN)
    expect_answer(phone, "7")
    canvas, answer = box_of(phone.locator(PAPER)), box_of(phone.locator(".reading"))
    assert canvas["y"] >= 0
    assert answer["y"] + answer["height"] <= box_of(phone.locator(".st-key-status"))["y"]
    assert canvas["width"] >= 350
    assert canvas["x"] >= 0
    assert canvas["x"] + canvas["width"] <= 390


def test_the_answer_follows_the_pen_and_nothing_moves_whatever_is_drawn(page: Page) -> None:
    learned(page)
    canvas = paper(page)
    page.evaluate(SEE)
    places = on_paper(canvas, loops(240))
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place)
        if page.evaluate("window.seen") >= 4:
            break
    else:
        pytest.fail(
            "the pen was moved all along its path, and the answer changed less than 4 times"
        )
    assert int(canvas.get_attribute("data-known") or 0) == 1  # no point is lost for it
    page.mouse.up()
    expect_known(page, 1)

    stand: list[list[FloatRect]] = []
    bar = page.locator(".bar-most b")
    for strokes, words in (
        ([], "Draw a digit on the black square"),
        ([SEVEN], " %"),
        (GRID, "This does not look like a digit."),
        ([[(0.5, 0.5), (0.501, 0.501)]], "only a dot"),
    ):
        press(page, "Clear")
        expect_answer(page, "?")
        draw(page, *strokes)
        expect_known(page, len(strokes))
        expect(page.locator(".answer-words")).to_contain_text(words)
        if strokes == [SEVEN]:
            expect_answer(page, "7")
            expect(page.locator(".answer[data-ood]")).to_have_count(0)
            expect(bar).to_have_css("background-color", "rgb(0, 158, 115)")
        if strokes == GRID:
            expect(page.locator(".answer[data-ood]")).to_be_visible()
            expect(bar).to_have_css("background-color", "rgba(128, 128, 128, 0.6)")
        stand.append(
            [box_of(page.locator(each).first) for each in (PAPER, ".bars", ".answer-words", ".bar")]
        )
        if not strokes:
            draw(page, SEVEN)  # for Clear to clear
    assert all(each == stand[0] for each in stand[1:])


def test_beside_the_curves_prediction_and_diagram_follow_training(page: Page) -> None:
    page.goto(f"/?{SMALL}&epochs=5000&learning_rate=0.0002")  # slowly, to be watched
    expect_status(page, "ready")
    expect_answer(page, "?")
    draw(page, SEVEN)
    expect_known(page, 1)
    expect(page.locator(".bar-most")).to_have_count(1)
    way = page.locator(".st-key-network .way")
    expect(way).to_be_visible()
    way.evaluate("element => { element.mine = true }")
    updates = int(way.get_attribute("data-updates") or 0)
    before = str(way.locator("canvas").evaluate("canvas => canvas.toDataURL()"))
    page.evaluate(SEE)
    press(page, "Play")
    expect_answer(page, "7")
    page.wait_for_function("window.seen >= 6")  # it is read again and again
    page.wait_for_function(
        "([way, n]) => Number(way.dataset.updates) >= n", arg=[way.element_handle(), updates + 6]
    )
    assert way.evaluate("element => element.mine")
    assert way.locator("canvas").evaluate("canvas => canvas.toDataURL()") != before
    draw(page, ONE)
    expect_known(page, 2)
    press(page, "Pause")
    expect_status(page, "paused")
    to_draw(page)
    expect_known(page, 2)  # the same drawing on both pages
