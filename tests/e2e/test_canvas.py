"""The canvas in a real browser: its size, its pixels, and how soon the prediction follows the
pen.
"""

import math
from collections.abc import Callable

import pytest
from playwright.sync_api import FloatRect, Page, expect

from tests.e2e.steps import (
    ONE,
    PAPER,
    SEVEN,
    SMALL,
    Finger,
    box_of,
    draw,
    expect_answer,
    expect_known,
    expect_status,
    on_paper,
    paper,
    press,
    to_draw,
)
from tests.playground.examples import wait_until

GRID = [[(x, 0.1), (x, 0.9)] for x in (0.2, 0.4, 0.6, 0.8)] + [
    [(0.1, y), (0.9, y)] for y in (0.2, 0.4, 0.6, 0.8)
]
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


@pytest.mark.parametrize(
    ("width", "height", "least", "density", "color_scheme"),
    [(1400, 900, 500, 1, "light"), (1024, 768, 350, 2, "dark"), (390, 844, 350, 3, "dark")],
)
def test_it_is_square_crisp_and_as_large_as_the_screen_allows(
    open_page: Callable[..., Page], width: int, height: int, least: int, density: int
) -> None:
    page = open_page(viewport={"width": width, "height": height}, device_scale_factor=density)
    page.goto(f"/?{SMALL}")
    expect_status(page, "ready")
    to_draw(page)
    wait_until(lambda: pixels(page)[0] >= least)  # the side bar goes away, the canvas comes anew
    box = box_of(page.locator(PAPER))
    assert box["width"] == pytest.approx(box["height"], abs=1)
    assert box["width"] >= least
    assert box["y"] + box["height"] <= height
    shown, own = pixels(page)
    assert own == shown * density


def test_another_size_keeps_the_drawing_and_its_pen(page: Page) -> None:
    learned(page)
    draw(page, ONE)
    expect_answer(page, "1")
    wide = ink(page)
    page.set_viewport_size({"width": 1024, "height": 768})
    expect(page.locator(PAPER)).not_to_have_js_property("width", pixels(page)[1] + 1)
    page.wait_for_function(
        "canvas => canvas.width === Math.round(canvas.clientWidth * devicePixelRatio)",
        arg=page.locator(PAPER).element_handle(),
    )
    assert ink(page) == pytest.approx(wide, rel=0.03)


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


def test_canvas_and_answer_are_on_one_screen_of_a_phone(phone: Page) -> None:
    learned(phone)
    Finger(phone).draw(SEVEN)
    expect_answer(phone, "7")
    canvas, answer = box_of(phone.locator(PAPER)), box_of(phone.locator(".reading"))
    assert canvas["y"] >= 0
    assert answer["y"] + answer["height"] <= box_of(phone.locator(".st-key-status"))["y"]
    assert canvas["width"] >= 350


def test_the_answer_moves_while_the_pen_does(page: Page) -> None:
    """Several times within one stroke, and no point of the stroke is lost for it."""
    learned(page)
    canvas = paper(page)
    page.evaluate(SEE)
    path = [(0.5 + 0.3 * math.sin(i / 9), 0.5 + 0.35 * math.cos(i / 7)) for i in range(240)]
    places = on_paper(canvas, path)
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
    assert int(canvas.get_attribute("data-known") or 0) == 1
    page.mouse.up()
    expect_known(page, 1)


def test_nothing_moves_whatever_is_drawn(page: Page) -> None:
    learned(page)
    places: list[list[FloatRect]] = []
    for strokes in ([], [SEVEN], GRID, [[(0.5, 0.5), (0.501, 0.501)]]):
        if len(places) > 1:
            press(page, "Clear")
        draw(page, *strokes)
        expect_known(page, len(strokes))
        if len(strokes) > 1:
            expect(page.locator(".reading-ood")).to_be_visible()
        places.append(
            [box_of(page.locator(each).first) for each in (PAPER, ".bars", ".answer-words", ".bar")]
        )
    assert all(each == places[0] for each in places[1:])


def test_a_rejected_drawing_has_gray_bars(page: Page) -> None:
    learned(page)
    draw(page, SEVEN)
    expect_answer(page, "7")
    bar = page.locator(".bar-most b")
    expect(bar).to_have_css("background-color", "rgb(0, 158, 115)")
    draw(page, *GRID)
    expect(page.locator(".reading-ood")).to_be_visible()
    expect(bar).to_have_css("background-color", "rgba(128, 128, 128, 0.6)")


def test_one_row_of_digits_is_left(page: Page) -> None:
    """Which one labels: examples are in a menu that closes by itself."""
    learned(page)
    page.get_by_role("button", name="Draw an example").click()
    page.get_by_role("menuitem", name="7").click()
    expect_answer(page, "7")
    expect(page.get_by_role("menuitem")).to_have_count(0)
    expect(page.get_by_test_id("stMain").get_by_role("button", name="7", exact=True)).to_have_count(
        0
    )
    expect(page.get_by_role("radio", name="7", exact=True)).to_have_count(1)


def test_the_prediction_for_a_drawing_follows_training(page: Page) -> None:
    page.goto(f"/?{SMALL}&epochs=5000&learning_rate=0.0002")  # slowly, to be watched
    expect_status(page, "ready")
    expect_answer(page, "?")
    draw(page, SEVEN)
    expect_known(page, 1)
    expect(page.locator(".bar-most")).to_have_count(1)
    page.evaluate(SEE)
    press(page, "Play")
    expect_answer(page, "7")
    page.wait_for_function("window.seen >= 6")  # it is read again and again
    draw(page, ONE)
    expect_known(page, 2)
    press(page, "Pause")
    expect_status(page, "paused")
    to_draw(page)
    expect_known(page, 2)  # the same drawing on both pages


def test_a_finger_draws_a_digit_beside_the_curves(phone: Page) -> None:
    phone.goto(f"/?{SMALL}&epochs=8")
    expect_status(phone, "ready")
    press(phone, "Play")
    expect_status(phone, "done")
    Finger(phone).draw(SEVEN)
    expect_answer(phone, "7")


def test_the_drawings_way_through_the_layers_and_a_units_weights(page: Page) -> None:
    learned(page)
    draw(page, SEVEN)
    expect_answer(page, "7")
    way = page.locator(".st-key-way .way")
    expect(way).to_be_visible()
    way.focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_text("Layer 1, unit 0")).to_be_visible()
    expect(page.get_by_role("group", name="The unit's weights")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Layer 2, output 0")).to_be_visible()
    expect(page.get_by_role("columnheader", name="w·a")).to_be_visible()
    box = box_of(way.locator("canvas"))
    page.mouse.click(box["x"] + 5, box["y"] + box["height"] / 2)  # the input has no weights
    expect(page.get_by_text("Layer 2, output 0")).to_be_visible()


def test_the_diagram_beside_the_curves_lives_and_is_built_once(page: Page) -> None:
    page.goto(f"/?{SMALL}&epochs=5000")
    expect_status(page, "ready")
    way = page.locator(".st-key-network .way")
    expect(way).to_be_visible()
    way.evaluate("element => { element.mine = true }")
    before = str(way.locator("canvas").evaluate("canvas => canvas.toDataURL()"))
    press(page, "Play")
    page.wait_for_function("way => Number(way.dataset.updates) >= 6", arg=way.element_handle())
    assert way.evaluate("element => element.mine")
    assert way.locator("canvas").evaluate("canvas => canvas.toDataURL()") != before
