"""The training page in a real browser: everything moves, everything can be stopped, nothing is
lost."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from tests.e2e.steps import (
    SMALL,
    box_of,
    chart,
    expect_drawn,
    expect_status,
    iteration,
    mounts,
    press,
    setting,
    type_into,
    updates,
)


def open_small(page: Page, more: str = "epochs=2000") -> None:
    page.goto(f"/?{SMALL}&{more}")
    expect_status(page, "ready")
    expect_drawn(page, "cost")


def until(page: Page, condition: str, argument: object = None) -> None:
    """Wait until a JavaScript function of the argument is true."""
    page.wait_for_function(condition, arg=argument)


def until_iteration(page: Page, least: int) -> None:
    until(
        page,
        "least => Number(document.querySelector('.status-line')?.dataset.iteration) >= least",
        least,
    )


def until_updates(page: Page, key: str, least: int) -> None:
    until(
        page,
        "([key, n]) => Number(document.querySelector(`[data-key=${key}]`)?.dataset.updates) >= n",
        [key, least],
    )


def token(page: Page) -> str:
    return parse_qs(urlsplit(page.url).query)["run"][0]


def test_the_curves_move_keep_their_zoom_mark_a_change_and_are_never_built_anew(
    page: Page,
) -> None:
    open_small(page, "epochs=5000")
    expect_drawn(page, "accuracy")
    built, name = mounts(page), token(page)
    press(page, "Play")
    expect_status(page, "training")
    until_updates(page, "cost", updates(page, "cost") + 20)
    points = "document.querySelector('[data-key=accuracy]')._fullData.at(-1).x.length"
    seen = page.evaluate(points)
    until(page, f"seen => {points} > seen", seen)

    zoom = "document.querySelector('[data-key=cost]').layout.xaxis.range"
    box = box_of(chart(page, "cost").locator(".nsewdrag"))
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 80, steps=5)
    page.mouse.up()
    until(page, f"() => {zoom}[1] < 100000")  # of 160,000 iterations in all
    zoomed = page.evaluate(zoom)
    until_updates(page, "cost", updates(page, "cost") + 4)
    assert page.evaluate(zoom) == zoomed

    type_into(page, "Learning rate α", "0.0005")
    expect_status(page, "training")
    marks = "document.querySelector('[data-key=cost]').layout.annotations.map(a => a.text)"
    until(page, f"() => {marks}.some(text => text.includes('0.0005'))")
    assert token(page) == name
    expect(page).to_have_url(re.compile("learning_rate=0.0005"))
    assert mounts(page) == built

    expect(chart(page, "gradients")).to_have_count(0)
    page.get_by_text("Layer statistics").click()
    for key in ("gradients", "dead", "updates", "activations"):
        expect_drawn(page, key)
    built = mounts(page)
    until_updates(page, "gradients", updates(page, "gradients") + 1)
    assert mounts(page) == built


def test_a_run_pauses_steps_outlives_reload_and_another_page_and_stops(page: Page) -> None:
    open_small(page)
    press(page, "Play")
    until_iteration(page, 50)
    name, reached = token(page), iteration(page)
    page.reload()
    expect_status(page, "training")
    assert token(page) == name
    until_iteration(page, reached + 1)
    page.get_by_role("link", name="Draw").first.click()
    expect(page.locator("canvas.paper")).to_be_visible()
    reached = iteration(page)
    until_iteration(page, reached + 50)
    page.get_by_role("link", name="Train").first.click()
    expect_drawn(page, "cost")
    expect_status(page, "training")
    assert token(page) == name

    press(page, "Pause")
    expect_status(page, "paused")
    held = iteration(page)
    press(page, "Step")
    until_iteration(page, held + 1)
    expect_status(page, "paused")
    assert iteration(page) == held + 1
    press(page, "Epoch")
    until_iteration(page, held + 2)
    expect_status(page, "paused")
    reached = iteration(page)
    assert reached % 32 == 0
    page.reload()
    expect_status(page, "paused")
    assert (token(page), iteration(page)) == (name, reached)
    expect_drawn(page, "cost")
    press(page, "Play")
    until_iteration(page, reached + 100)

    press(page, "Stop")
    expect_status(page, "stopped")
    press(page, "Reset")
    expect_status(page, "ready")
    until(page, "() => document.querySelector('[data-key=cost]').data[0].name.includes('previous')")


def test_nonsense_gets_a_sentence_and_keeps_text_and_network(page: Page) -> None:
    """In the address, then in the sidebar."""
    page.goto("/?optimizer=magic&epochs=3")
    expect_status(page, "ready")
    expect(page.get_by_text("unknown optimizer 'magic'")).to_be_visible()
    expect(setting(page, "Epochs")).to_have_value("3")
    type_into(page, "Network", "784 32 10")
    expect(setting(page, "Units of hidden layer 1")).to_have_value("32")
    type_into(page, "Network", "[784, many, 10]")
    expect(page.get_by_text("'many' is not a whole number")).to_be_visible()
    expect(setting(page, "Network")).to_have_value("[784, many, 10]")  # kept for correction
    expect(setting(page, "Units of hidden layer 1")).to_have_value("32")
    type_into(page, "Network", "784 20 12 10")
    expect(setting(page, "Network")).to_have_value("[784, 20, 12, 10]")
    expect(setting(page, "Units of hidden layer 2")).to_have_value("12")
    expect(page.get_by_text("'many' is not a whole number")).not_to_be_visible()


def test_a_run_ends_by_itself_and_its_shared_address_gives_the_same_curve(
    page: Page, open_page: Callable[..., Page]
) -> None:
    open_small(page, "epochs=3&seed=7&dropout=0.2")
    press(page, "Play")
    expect_status(page, "done")
    expect(page.get_by_role("button", name=re.compile("more epochs"))).to_be_enabled()
    expect(page.get_by_text("validation digits correct")).to_be_visible()
    press(page, "Share")
    address = page.get_by_test_id("stCode").inner_text()
    assert "run=" not in address
    other = open_page(viewport={"width": 1400, "height": 900})
    other.goto(address)
    expect_status(other, "ready")
    press(other, "Play")
    expect_status(other, "done")
    expect_drawn(page, "cost")
    expect_drawn(other, "cost")
    curve = "Array.from(document.querySelector('[data-key=cost]')._fullData.at(-1).y)"
    label = chart(page, "cost").get_attribute("aria-label")
    expect(chart(other, "cost")).to_have_attribute("aria-label", str(label))
    assert len(page.evaluate(curve)) > 3
    assert other.evaluate(curve) == page.evaluate(curve)
    assert token(other) != token(page)
    other.get_by_role("link", name="Draw one yourself").click()
    expect(other.locator("canvas.paper")).to_be_visible()
    expect_status(other, "done")
