"""Under the hood in a real browser: arrow keys change slides, clicks select entries, a phone shows
all.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import ColorScheme
from tests.e2e.steps import SMALL, box_of, expect_drawn, expect_status, mounts, press
from tests.e2e.test_plane import click_on_curve, until
from tests.playground.examples import wait_until


def open_hood(page: Page, address: str = f"/?{SMALL}") -> None:
    page.goto(address)
    expect_status(page, "ready")
    page.get_by_role("link", name="Under the hood").first.click()
    expect(slide(page, "The batch")).to_be_visible()


def slide(page: Page, title: str) -> Locator:
    return page.get_by_role("heading", name=title, exact=True)


def matrix(page: Page, key: str) -> Locator:
    return page.locator(f'.matrix[data-key="{key}"]')


def followed(page: Page, label: str) -> Locator:
    return page.get_by_role("spinbutton", name=label, exact=True)


def test_arrow_keys_turn_the_slides(page: Page) -> None:
    open_hood(page)
    page.keyboard.press("ArrowRight")
    expect(slide(page, "Forward, layer 1 of 2")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(slide(page, "Forward, layer 2 of 2")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(slide(page, "Forward, layer 1 of 2")).to_be_visible()


def test_a_click_picks_an_entry_and_arrow_keys_move_it_without_turning_the_slide(
    page: Page,
) -> None:
    open_hood(page)
    page.keyboard.press("ArrowRight")
    expect(slide(page, "Forward, layer 1 of 2")).to_be_visible()
    picture = matrix(page, "Z1")
    box = box_of(picture)
    # The middle of the entry of unit 3 for example 64, of 32 units and 128 examples.
    at = {"x": 64.5 / 128 * box["width"], "y": 3.5 / 32 * box["height"]}
    picture.click(position=at)  # type: ignore[arg-type]
    expect(followed(page, "Unit of layer 1")).to_have_value("3")
    expect(followed(page, "Example")).to_have_value("64")
    picture.focus()
    page.keyboard.press("ArrowDown")
    expect(followed(page, "Unit of layer 1")).to_have_value("4")
    matrix(page, "Z1").focus()
    page.keyboard.press("ArrowRight")
    expect(followed(page, "Example")).to_have_value("65")
    expect(slide(page, "Forward, layer 1 of 2")).to_be_visible()


def test_why_a_weight_changed_takes_three_clicks(page: Page) -> None:
    open_hood(page)  # the first
    page.get_by_text("Update", exact=True).click()
    expect(slide(page, "Update, layer 1 of 2")).to_be_visible()
    expect(page.get_by_text("exactly:").first).to_be_visible()
    matrix(page, "change W1").click()
    expect(page.locator(".katex").first).to_be_visible()


def test_do_it_moves_the_run_by_the_step_that_was_shown(page: Page) -> None:
    open_hood(page)
    press(page, "Apply this step")
    expect(page.get_by_text(re.compile(r"its cost was [\d.]+, as shown here"))).to_be_visible()
    expect(page.locator('.status-line[data-iteration="1"]')).to_be_visible()


def slides(page: Page) -> Iterator[str]:
    """Turn from the first slide to the last; the title of each, once its board stands."""
    next_one = page.get_by_role("button", name="Next")
    title = page.locator(".st-key-hood-head h2")
    while True:
        expect(page.locator(".board .matrix").first).to_be_visible()
        expect(page.locator(".st-key-hood-worked")).to_be_visible()
        yield (seen := title.inner_text())
        if next_one.is_disabled():
            return
        next_one.click()
        expect(title).not_to_have_text(seen)


def test_a_phone_has_room_for_every_slide_and_keeps_next_in_reach(phone: Page) -> None:
    open_hood(phone)
    for title in slides(phone):
        wait_until(lambda: phone.evaluate("document.documentElement.scrollWidth <= innerWidth"))
        wider = phone.evaluate(
            """() => [...document.querySelectorAll(".st-key-hood-slide *")].filter(element => {
                const { left, right } = element.getBoundingClientRect()
                const scrolls = element.closest("table, .katex-display, pre, [role=tablist]")
                return !scrolls && right > left && right > innerWidth + 1
            }).map(element => element.className.toString())"""
        )
        assert wider == [], title
        phone.wait_for_function(  # until fonts are there: every table is whole
            """() => [...document.querySelectorAll(".st-key-hood-worked table")]
                .every(table => table.scrollWidth <= table.clientWidth)"""
        )
        board = phone.locator(".board")
        wide = board.evaluate("b => b.scrollWidth > b.clientWidth")
        assert wide == (title in ("The batch", "The cost", "After the step")), title
        until(board, "(board, wide) => board.matches('.more-right') === wide", wide)  # its edge
        bar = box_of(phone.locator(".st-key-hood-turn"))
        below = box_of(phone.locator(".st-key-status"))["y"]
        assert bar["y"] + bar["height"] == pytest.approx(below, abs=2), title
    schemes: tuple[ColorScheme, ...] = ("light", "dark")
    for scheme in schemes:
        phone.emulate_media(color_scheme=scheme)
        until(
            phone.locator(".st-key-hood-turn"),
            """(bar, dark) => {
                const of = element => getComputedStyle(element).backgroundColor
                const page = of(document.querySelector(".stAppViewContainer"))
                return of(bar) === page && (page !== "rgb(255, 255, 255)") === dark
            }""",
            scheme == "dark",
        )


def test_each_slide_of_the_default_network_is_on_one_screen(page: Page) -> None:
    open_hood(page, "/")
    seen = 0
    for title in slides(page):
        code = page.locator(".st-key-hood-slide :is(.stExpander, .stCode:not(.stExpander *))")
        for part in (page.locator(".board"), page.locator(".st-key-hood-worked"), *code.all()):
            box = box_of(part)
            assert box["y"] + box["height"] <= 900, (title, part)
        seen += 1
    assert seen == 1 + 3 + 1 + 8 + 3 + 1


def test_xor_by_hand_is_built_taken_apart_and_checked_on_two_pages(page: Page) -> None:
    """Nine numbers that solve it, the surface, a step, its gradients."""
    page.goto("/?dataset=xor&layers=2,2,1&activations=tanh&points=40&batch_size=8")
    surface = page.locator(".plane .surface").first
    expect(surface).to_be_visible()
    before = surface.evaluate("canvas => canvas.toDataURL()")
    numbers = {"1 0": (3, 3, -3), "1 1": (3, 3, 3), "2 0": (-4, 4, -4)}
    for unit, (first, second, bias) in numbers.items():
        name = "output 0" if unit == "2 0" else f"layer 1, neuron {unit[-1]}"
        set_by_hand(page, page.locator(f'[data-weight="{unit} 0"]'), first)
        set_by_hand(page, page.locator(f'[data-weight="{unit} 1"]'), second)
        set_by_hand(page, page.get_by_role("button", name=name, exact=True), bias)
    assert surface.evaluate("canvas => canvas.toDataURL()") != before
    page.get_by_text("Take a step of this network apart").click()
    expect(slide(page, "The batch")).to_be_visible()
    press(page, "Next")
    expect(slide(page, "Forward, layer 1 of 2")).to_be_visible()
    expect(matrix(page, "W1").locator("span")).to_have_text(["3", "3", "3", "3"])
    expect(matrix(page, "b1").locator("span")).to_have_text(["-3", "3"])
    press(page, "Next")
    expect(matrix(page, "W2").locator("span")).to_have_text(["-4", "4"])
    expect(matrix(page, "b2").locator("span")).to_have_text(["-4"])
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_text("Backward", exact=True).click()
    page.get_by_text("dW", exact=True).click()
    entry = box_of(matrix(page, "dW2").locator(".outline"))  # beside wide operands, it is seen
    assert 0 <= entry["x"] < entry["x"] + entry["width"] <= 390
    page.get_by_text("Gradient check", exact=True).click()
    expect(page.get_by_text("All agree")).to_be_visible()


def set_by_hand(page: Page, what: Locator, value: float) -> None:
    """Click a weight's curve or a neuron, and type its number; wait until the network has it."""
    if what.evaluate("element => element.matches('[data-weight]')"):
        click_on_curve(page, what)
    else:
        what.click()
    field = page.locator(".ask input")
    drawn = page.locator(".plane").evaluate("plane => Number(plane.dataset.updates)")
    field.fill(str(value))
    field.press("Enter")
    until(page.locator(".plane"), "(plane, drawn) => Number(plane.dataset.updates) > drawn", drawn)


def test_layer_statistics_open_and_refresh(page: Page) -> None:
    page.goto(f"/?{SMALL}")
    expect_status(page, "ready")
    expect(page.locator('[data-key="gradients"]')).to_have_count(0)
    page.get_by_text("Layer statistics").click()
    chart = page.locator('[data-key="gradients"]')
    for key in ("gradients", "dead", "updates", "activations"):
        expect_drawn(page, key)
    built = mounts(page)
    start = int(chart.get_attribute("data-updates") or 0)
    press(page, "Play")
    page.wait_for_function(
        "n => Number(document.querySelector('[data-key=gradients]')?.dataset.updates) > n",
        arg=start,
    )
    assert mounts(page) == built


def test_a_script_is_downloaded(page: Page) -> None:
    open_hood(page)
    page.get_by_text("Export", exact=True).click()
    with page.expect_download() as download:
        press(page, "Download run.py")
    assert download.value.suggested_filename == "run.py"
    assert "def gradient_descent" in download.value.path().read_text(encoding="utf-8")
