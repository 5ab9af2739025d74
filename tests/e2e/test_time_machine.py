"""The time slider in a browser: earlier steps while training goes on, and a branch from one."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.steps import SMALL, expect_drawn, expect_status, iteration, mounts, press


def expect_step(page: Page, step: int) -> None:
    expect(page.locator(".st-key-time-line strong")).to_have_text(f"Step {step:,}")


def expect_marked_step(page: Page, step: int | None) -> None:
    """The chart of the cost marks this step as the one that the page shows."""
    page.wait_for_function(
        """step => {
            const chart = document.querySelector('.live-plot[data-key="cost"]')
            const drawn = chart.querySelectorAll(".shapelayer path").length
            const { shapes } = chart.layout
            const at = shapes.filter(each => each.line.width === 2).map(each => each.x0)
            return drawn === shapes.length && at.join() === String(step ?? "")
        }""",
        arg=step,
    )


def test_earlier_steps_are_shown_while_training_goes_on(page: Page) -> None:
    page.goto(f"/?{SMALL}&epochs=100000")
    press(page, "Play")
    expect_status(page, "training")
    expect_drawn(page, "accuracy")
    page.wait_for_function(
        "() => Number(document.querySelector('.status-line').dataset.iteration) > 300"
    )
    built = mounts(page)
    slider = page.get_by_role("slider", name="Step of the run that the page shows")
    slider.fill("250")
    expect_step(page, 250)
    expect(page).to_have_url(re.compile("step=250"))
    slider.press("Home")
    expect_step(page, 0)
    expect(page.get_by_text("untrained:")).to_be_visible()
    for step in (1, 2, 3):
        slider.press("ArrowRight")
        expect_step(page, step)
    page.get_by_role("button", name="One iteration earlier").click()
    expect_step(page, 2)
    expect_status(page, "training")
    reached = iteration(page)
    page.wait_for_function(
        "past => Number(document.querySelector('.status-line').dataset.iteration) > past",
        arg=reached,
    )
    expect_step(page, 2)
    assert mounts(page) == built
    press(page, "Branch here")
    expect_status(page, "paused")
    assert iteration(page) == 2
    expect(page.locator(".st-key-time-line strong")).to_have_count(0)
    press(page, "Step")
    page.locator('.status-line[data-iteration="3"]').wait_for()
    for step in (1, 2):  # the lines stay as they are, the mark moves
        slider.fill(str(step))
        expect_marked_step(page, step)
    page.get_by_role("button", name="Now", exact=True).click()
    expect_marked_step(page, None)
