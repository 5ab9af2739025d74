"""The page Draw in a real browser: strokes come and go, every stage and unit is shown, and the
answer changes while the network trains.
"""

from playwright.sync_api import Page, expect

from tests.e2e.steps import (
    ONE,
    SEVEN,
    SMALL,
    box_of,
    draw,
    expect_answer,
    expect_drawn,
    expect_status,
    iteration,
    press,
    status_line,
    to_draw,
)


def train(page: Page) -> None:
    """A network that has learned, then the page to draw on."""
    page.goto(f"/?{SMALL}&epochs=8")
    expect_status(page, "ready")
    press(page, "Play")
    expect_status(page, "done")
    to_draw(page)


def test_strokes_are_cleared_undone_and_kept_and_an_example_is_shown_to_the_outputs(
    page: Page,
) -> None:
    train(page)
    expect_answer(page, "?")
    draw(page, ONE)
    expect_answer(page, "1")
    press(page, "Clear")
    expect_answer(page, "?")
    draw(page, ONE)
    expect_answer(page, "1")
    size = page.get_by_text("to the ink,")
    one = size.inner_text()
    for stroke in ([(0.15, 0.8), (0.85, 0.8)], [(0.5, 0.05), (0.2, 0.45)]):
        before = size.inner_text()
        draw(page, stroke)
        expect(size).not_to_have_text(before)  # it has arrived
    press(page, "Undo")
    press(page, "Undo")
    expect(size).to_have_text(one)
    expect_answer(page, "1")

    # Which of the digits labels: examples are in a menu that closes by itself.
    press(page, "Clear")
    page.get_by_role("button", name="Draw an example").click()
    page.get_by_role("menuitem", name="7").click()
    expect_answer(page, "7")
    expect(page.get_by_role("menuitem")).to_have_count(0)
    main = page.get_by_test_id("stMain")
    expect(main.get_by_role("button", name="7", exact=True)).to_have_count(0)
    expect(page.get_by_role("radio", name="7", exact=True)).to_have_count(1)
    for title in ("As drawn", "Cropped", "Pen evened", "Scaled", "Centered"):
        expect(
            page.get_by_role("img", name=title).or_(page.get_by_label(title)).first
        ).to_be_visible()

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

    page.get_by_role("link", name="Train").first.click()
    expect_drawn(page, "cost")
    to_draw(page)
    expect_answer(page, "7")
    press(page, "Clear")
    expect_answer(page, "?")
    draw(page, [(0.5, 0.5), (1.3, 0.6), (0.4, 0.9)])  # over the edge
    expect(page.get_by_text("Preprocessing")).to_be_visible()


def test_the_answer_changes_while_it_trains(page: Page) -> None:
    page.goto(f"/?{SMALL}&epochs=5000")
    expect_status(page, "ready")
    to_draw(page)
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
