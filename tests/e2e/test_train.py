"""The training page in a real browser: everything moves, everything can be stopped, nothing is
lost."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
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
    status_line,
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


def token(page: Page) -> str:
    return parse_qs(urlsplit(page.url).query)["run"][0]


def test_the_curves_move_and_are_never_built_anew(page: Page) -> None:
    open_small(page)
    expect_drawn(page, "accuracy")
    built = mounts(page)
    press(page, "Play")
    expect_status(page, "training")
    start = updates(page, "cost")
    until(
        page,
        "n => Number(document.querySelector('[data-key=cost]').dataset.updates) >= n",
        start + 20,
    )
    points = "document.querySelector('[data-key=accuracy]')._fullData.at(-1).x.length"
    seen = page.evaluate(points)
    until(page, f"seen => {points} > seen", seen)
    assert mounts(page) == built


def test_zoom_survives_the_next_updates(page: Page) -> None:
    open_small(page)
    press(page, "Play")
    expect_status(page, "training")
    zoom = "document.querySelector('[data-key=cost]').layout.xaxis.range"
    box = box_of(chart(page, "cost").locator(".nsewdrag"))
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 80, steps=5)
    page.mouse.up()
    until(page, f"() => {zoom}[1] < 40000")  # 64,000 iterations in all
    zoomed = page.evaluate(zoom)
    start = updates(page, "cost")
    until(
        page,
        "n => Number(document.querySelector('[data-key=cost]').dataset.updates) > n",
        start + 3,
    )
    assert page.evaluate(zoom) == zoomed


def test_pause_holds_and_play_goes_on(page: Page) -> None:
    open_small(page)
    press(page, "Play")
    until_iteration(page, 50)
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
    assert iteration(page) % 32 == 0
    press(page, "Play")
    until_iteration(page, held + 100)


def test_a_run_ends_by_itself_and_invites_to_draw(page: Page) -> None:
    open_small(page, "epochs=5")
    press(page, "Play")
    expect_status(page, "done")
    expect(page.get_by_role("button", name=re.compile("more epochs"))).to_be_enabled()
    expect(page.get_by_text("validation digits correct")).to_be_visible()
    page.get_by_role("link", name="Draw one yourself").click()
    expect(page.locator("canvas.paper")).to_be_visible()
    expect_status(page, "done")


def test_stop_ends_the_run_and_reset_starts_it_again(page: Page) -> None:
    open_small(page)
    press(page, "Play")
    until_iteration(page, 50)
    press(page, "Stop")
    expect_status(page, "stopped")
    press(page, "Reset")
    expect_status(page, "ready")
    until(page, "() => document.querySelector('[data-key=cost]').data[0].name.includes('previous')")


@pytest.mark.parametrize("training", [True, False])
def test_a_reload_finds_the_run_again(page: Page, training: bool) -> None:
    open_small(page)
    press(page, "Play")
    until_iteration(page, 50)
    if not training:
        press(page, "Pause")
        expect_status(page, "paused")
    name, reached = token(page), iteration(page)
    page.reload()
    expect_status(page, "training" if training else "paused")
    assert token(page) == name
    until_iteration(page, reached + training)
    expect_drawn(page, "cost")


def test_another_page_does_not_stop_the_run(page: Page) -> None:
    open_small(page)
    press(page, "Play")
    until_iteration(page, 50)
    name = token(page)
    page.get_by_role("link", name="Draw").first.click()
    expect(page.locator("canvas.paper")).to_be_visible()
    reached = iteration(page)
    until_iteration(page, reached + 50)
    page.get_by_role("link", name="Train").first.click()
    expect_drawn(page, "cost")
    expect_status(page, "training")
    assert token(page) == name


def test_the_learning_rate_changes_while_it_trains_and_the_curve_is_marked(page: Page) -> None:
    open_small(page)
    press(page, "Play")
    until_iteration(page, 20)
    name = token(page)
    type_into(page, "Learning rate α", "0.0005")
    expect_status(page, "training")
    marks = "document.querySelector('[data-key=cost]').layout.annotations.map(a => a.text)"
    until(page, f"() => {marks}.some(text => text.includes('0.0005'))")
    assert token(page) == name
    assert "learning_rate=0.0005" in page.url


def test_nonsense_gets_a_sentence_and_keeps_text_and_network(page: Page) -> None:
    open_small(page)
    type_into(page, "Network", "[784, many, 10]")
    expect(page.get_by_text("'many' is not a whole number")).to_be_visible()
    expect(setting(page, "Network")).to_have_value("[784, many, 10]")  # kept for correction
    expect(setting(page, "Units of hidden layer 1")).to_have_value("32")
    type_into(page, "Network", "784 20 12 10")
    expect(setting(page, "Network")).to_have_value("[784, 20, 12, 10]")
    expect(setting(page, "Units of hidden layer 2")).to_have_value("12")
    expect(page.get_by_text("'many' is not a whole number")).not_to_be_visible()


def test_a_cost_that_is_not_finite_stops_with_a_sentence(page: Page) -> None:
    open_small(page, "learning_rate=100&optimizer=gradient_descent&activations=identity")
    press(page, "Play")
    expect_status(page, "failed")
    expect(page.get_by_text("The run diverged at iteration")).to_be_visible()


def test_bad_values_in_the_address_get_a_sentence_and_the_default(page: Page) -> None:
    page.goto("/?optimizer=magic&epochs=3")
    expect_status(page, "ready")
    expect(page.get_by_text("unknown optimizer 'magic'")).to_be_visible()
    expect(setting(page, "Epochs")).to_have_value("3")


def test_the_shared_address_gives_the_same_curve(
    page: Page, open_page: Callable[..., Page]
) -> None:
    open_small(page, "epochs=3&seed=7&dropout=0.2")
    press(page, "Play")
    expect_status(page, "done")
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


def test_a_neuron_is_picked_and_seen_large(page: Page) -> None:
    open_small(page)
    press(page, "Epoch")
    until_iteration(page, 32)
    page.get_by_role("button", name=re.compile("^neuron 3,")).click()
    expect(page.get_by_text("Neuron 3 · bias", exact=False)).to_be_visible()
    for caption in (re.compile("^W, ±"), re.compile("^dW, ±"), re.compile("^change, ±")):
        expect(page.get_by_text(caption).first).to_be_visible()
    press(page, "Play")
    until_iteration(page, 200)
    expect(page.get_by_text("Neuron 3 · bias", exact=False)).to_be_visible()


def test_a_phone_shows_the_curve_and_play_on_one_screen(phone: Page) -> None:
    phone.goto(f"/?{SMALL}&epochs=2000")
    expect_status(phone, "ready")
    press(phone, "Play")
    until_iteration(phone, 20)
    expect_drawn(phone, "cost")
    press(phone, "Pause")
    expect_status(phone, "paused")
    line = box_of(status_line(phone))
    button = box_of(phone.get_by_role("button", name=re.compile("^Play")))
    curve = box_of(chart(phone, "cost"))
    assert curve["y"] + curve["height"] <= min(line["y"], button["y"])
    assert max(each["y"] + each["height"] for each in (line, button)) <= 844
    assert curve["x"] >= 0
    assert curve["x"] + curve["width"] <= 390
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
