"""The page Draw in a real browser: a stroke ends, and the digit is classified."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.steps import (
    ONE,
    SEVEN,
    SMALL,
    Finger,
    box_of,
    draw,
    expect_answer,
    expect_drawn,
    expect_status,
    iteration,
    paper,
    press,
    status_line,
)


def train(page: Page, settings: str = f"{SMALL}&epochs=8") -> None:
    """A network that has learned, then the page to draw on."""
    page.goto(f"/?{settings}")
    expect_status(page, "ready")
    press(page, "Play")
    expect_status(page, "done")
    to_canvas(page)


def to_canvas(page: Page) -> None:
    page.get_by_role("link", name="Draw").first.click()
    expect(page.locator("canvas.paper")).to_be_visible()


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_a_seven_is_read_and_every_stage_shown(page: Page, color_scheme: str) -> None:
    train(page)
    expect_answer(page, "?")
    draw(page, SEVEN)
    expect_answer(page, "7")
    for title in ("As drawn", "Cropped", "Pen evened", "Scaled", "Centered"):
        expect(
            page.get_by_role("img", name=title).or_(page.get_by_label(title)).first
        ).to_be_visible()


def test_clear_and_undo(page: Page) -> None:
    train(page)
    draw(page, ONE)
    expect_answer(page, "1")
    press(page, "Clear")
    expect_answer(page, "?")
    draw(page, ONE)
    expect_answer(page, "1")
    one = page.get_by_text("to the ink,").inner_text()
    for stroke in ([(0.15, 0.8), (0.85, 0.8)], [(0.5, 0.05), (0.2, 0.45)]):
        before = page.get_by_text("to the ink,").inner_text()
        draw(page, stroke)
        expect(page.get_by_text("to the ink,")).not_to_have_text(before)  # it has arrived
    press(page, "Undo")
    press(page, "Undo")
    expect(page.get_by_text("to the ink,")).to_have_text(one)
    expect_answer(page, "1")


def test_examples_and_unusual_drawings(page: Page) -> None:
    train(page)
    page.get_by_role("button", name="Draw an example").click()
    page.get_by_role("menuitem", name="7").click()
    expect_answer(page, "7")
    press(page, "Clear")
    expect_answer(page, "?")
    draw(page, [(0.5, 0.5), (0.501, 0.501)])
    expect(page.get_by_text("only a dot")).to_be_visible()
    press(page, "Clear")
    draw(page, [(0.5, 0.5), (1.3, 0.6), (0.4, 0.9)])  # over the edge
    expect(page.get_by_text("Preprocessing")).to_be_visible()


def test_the_answer_changes_while_it_trains(page: Page) -> None:
    page.goto(f"/?{SMALL}&epochs=5000")
    expect_status(page, "ready")
    to_canvas(page)
    expect(page.get_by_text("is untrained: it only guesses")).to_be_visible()
    draw(page, SEVEN)
    expect(page.get_by_text("Preprocessing")).to_be_visible()
    press(page, "Train it now")
    expect_status(page, "training")
    expect_answer(page, "7")
    reached = iteration(page)
    page.wait_for_function(
        "n => Number(document.querySelector('.status-line').dataset.iteration) > n", arg=reached
    )
    expect(page.get_by_text("is untrained: it only guesses")).not_to_be_visible()
    press(page, "Clear")
    expect_answer(page, "?")
    draw(page, ONE)
    expect_answer(page, "1")
    expect(status_line(page, "training")).to_be_visible()


def test_the_drawing_outlives_a_look_at_another_page(page: Page) -> None:
    train(page)
    draw(page, SEVEN)
    expect_answer(page, "7")
    page.get_by_role("link", name="Train").first.click()
    expect_drawn(page, "cost")
    to_canvas(page)
    expect_answer(page, "7")


def test_a_finger_draws_on_a_phone(open_page: Callable[..., Page], phone: Page) -> None:
    phone.goto(f"/?{SMALL}&epochs=8")
    expect_status(phone, "ready")
    press(phone, "Play")
    expect_status(phone, "done")
    phone.get_by_role("link", name="Draw one yourself").click()
    box = box_of(paper(phone))
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    Finger(phone).draw(SEVEN)
    expect_answer(phone, "7")
