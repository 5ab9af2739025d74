"""A sweep in a browser: started, watched, brushed, left for a new one."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.steps import box_of, chart, expect_drawn, press


def test_a_sweep_is_started_and_a_part_of_an_axis_is_chosen(page: Page) -> None:
    page.goto("/runs?layers=784,8,10&activations=relu&augmentation=0&digit_forms=mnist")
    page.get_by_role("link", name="Sweep over settings …").click()
    for label, text in (
        ("Units in each hidden layer", "2,3,4"),
        ("Learning rate α", "0.01"),
        ("Epochs of each run", "1"),
    ):
        field = page.get_by_role("textbox", name=label, exact=True).or_(
            page.get_by_role("spinbutton", name=label, exact=True)
        )
        field.fill(text)
        field.press("Enter")
    expect(page.get_by_text("3 runs")).to_be_visible()
    press(page, "Start")
    expect(page.get_by_text(re.compile(r"3 of 3 runs ended"))).to_be_visible(timeout=60_000)
    expect_drawn(page, "sweep curves")
    expect_drawn(page, "sweep coordinates")
    axis = chart(page, "sweep coordinates").locator(".axis-brush").first
    axis.evaluate("axis => axis.scrollIntoView({ block: 'center' })")
    box = box_of(axis)
    x, top = box["x"] + box["width"] / 2, box["y"]
    page.mouse.move(x, top + 0.02 * box["height"])
    page.mouse.down()
    page.mouse.move(x, top + 0.3 * box["height"], steps=6)
    page.mouse.up()
    expect(page.get_by_text(re.compile(r"runs inside, 1 of 3"))).to_be_visible()
    press(page, "New sweep")
    expect(page.get_by_text(re.compile(r"3 runs, "))).to_be_visible()
