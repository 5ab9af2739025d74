"""Weights as images are the weights, pixel for pixel; charts and images are fed, not built anew."""

import re
from collections.abc import Callable

import numpy as np
from playwright.sync_api import Page, expect

from playground.colors import DIVERGING
from playground.config import read_address
from playground.run_data import load_data
from playground.trainer import Trainer
from tests.e2e.steps import (
    SMALL,
    chart,
    expect_drawn,
    expect_status,
    mounts,
    press,
    type_into,
    updates,
)
from tests.playground.examples import wait_until
from ui.image_grid import quantize
from ui.train.weights import limit_of

GRID = '[class*="st-key-weights-1"] .grid'


def pixels_of_tile(page: Page, tile: int, side: int) -> np.ndarray:
    """RGB (side, side, 3) in the middle of each image pixel of a tile, from the grid's canvas."""
    values = page.locator(GRID).evaluate(
        """(grid, [tile, side]) => {
            const canvas = document.createElement("canvas") // a copy: one that may be read often
            const shown = grid.querySelector("canvas")
            canvas.width = shown.width
            canvas.height = shown.height
            const context = canvas.getContext("2d", { willReadFrequently: true })
            context.drawImage(shown, 0, 0)
            const picture = grid.querySelectorAll(".picture")[tile]
            const box = picture.getBoundingClientRect(), origin = shown.getBoundingClientRect()
            const scale = canvas.width / origin.width, colors = []
            for (let row = 0; row < side; row++) for (let column = 0; column < side; column++) {
                const x = (box.x - origin.x + (column + 0.5) / side * box.width) * scale
                const y = (box.y - origin.y + (row + 0.5) / side * box.height) * scale
                colors.push(...context.getImageData(x, y, 1, 1).data.slice(0, 3))
            }
            return colors
        }""",
        [tile, side],
    )
    return np.array(values).reshape(side, side, 3)


def colors_of(levels: np.ndarray) -> np.ndarray:
    """RGB of the diverging scale's bytes 1 … 255, worked out apart from the page's script."""
    stops = np.array([[int(stop[i : i + 2], 16) for i in (1, 3, 5)] for stop in DIVERGING], float)
    at = (levels.astype(float) - 1) / 254 * (len(stops) - 1)
    places = np.arange(len(stops))
    return np.stack([np.interp(at, places, stops[:, i]) for i in range(3)], axis=-1)


def test_a_neurons_pixels_are_its_weights_fed_while_it_trains_and_shown_large(page: Page) -> None:
    query = f"{SMALL}&seed=5&epochs=100000"
    page.goto(f"/?{query}")
    expect_status(page, "ready")
    expect(page.locator(f"{GRID} .tile")).to_have_count(28)
    config, _ = read_address(dict(part.split("=") for part in query.split("&")))
    trainer = Trainer(config, load_data(config))
    expect_pixels(page, trainer)
    expect(page.get_by_text("an epoch here")).to_be_visible()  # all is drawn, and at rest
    page.locator(GRID).evaluate("grid => { grid.marked = true }")
    seen = grid_updates(page)
    press(page, "Epoch")
    expect_status(page, "paused")
    expect(page.locator(GRID)).not_to_have_attribute("data-updates", str(seen))
    while trainer.state.epoch < 1:
        trainer.step()
    expect_pixels(page, trainer)

    page.get_by_role("button", name=re.compile("^neuron 3,")).click()
    large = page.get_by_text("Neuron 3 · bias", exact=False)
    expect(large).to_be_visible()
    for caption in ("W", "dW", "change"):
        expect(page.get_by_text(re.compile(f"^{caption}, ±")).first).to_be_visible()
    press(page, "Play")
    for _ in range(5):
        seen = grid_updates(page)
        expect(page.locator(GRID)).not_to_have_attribute("data-updates", str(seen))
        assert grid_updates(page) > seen
    press(page, "Pause")
    expect_status(page, "paused")
    expect(large).to_be_visible()
    assert page.locator(GRID).evaluate("grid => grid.marked === true")  # the very same element


def expect_pixels(page: Page, trainer: Trainer) -> None:
    """The page gets there: what is fed last is painted a moment after the status has changed."""
    images = trainer.network.layers[0].W.reshape(-1, 28, 28)
    levels = quantize(images, "diverging", limit_of(images))

    def farthest() -> float:
        shown = [pixels_of_tile(page, neuron, 28) - colors_of(levels[neuron]) for neuron in (0, 27)]
        return float(np.abs(shown).max())

    wait_until(lambda: farthest() <= 1)  # of 255: rounding


def grid_updates(page: Page) -> int:
    return int(page.locator(GRID).get_attribute("data-updates") or 0)


PLACES = """() => [".st-key-samples", ".st-key-weights-1", ".st-key-layer-statistics",
  "[data-key=cost]"].map(each => Math.round(document.querySelector(each).getBoundingClientRect().y
  + document.querySelector(".stMain").scrollTop))"""


CUT = """() => [...document.querySelectorAll(".live-plot")].filter(plot =>
    plot.querySelector(".gtitle").getBoundingClientRect().right >
    plot.getBoundingClientRect().right).map(plot => plot.dataset.key)"""
"""Charts whose titles are wider than they are."""

OVERLAPPING = """() => {
    const chart = document.querySelector("[data-key=activations]")
    const numbers = [...chart.querySelectorAll("[class^=xaxislayer] [class$=tick] text")]
        .map(each => each.getBoundingClientRect()).sort((a, b) => a.left - b.left)
    return [numbers.length, numbers.slice(1).filter((box, i) => box.left < numbers[i].right).length]
}"""
"""How many numbers are below the histograms of layers, and how many of them lie over another."""


WATCH_PAUSE = """() => {
    window.places = new Set()
    const look = () => {
        const button = document.querySelector(".st-key-pause button")
        if (button?.checkVisibility()) places.add(button.getBoundingClientRect().left)
        requestAnimationFrame(look)
    }
    look()
}"""
"""Where Pause is, in every frame from now on."""


def test_nothing_moves_or_is_built_anew_by_pause_findings_warnings_or_the_end(
    open_page: Callable[..., Page],
) -> None:
    """From weights with which a finding appears under way, with what the page has then to show:
    beside the settings on a tablet, where words have the least room."""
    page = open_page(viewport={"width": 1024, "height": 900})
    query = "layers=784,32,10&activations=relu&augmentation=0&initializer=zeros&epochs=160"
    page.goto(f"/?{query}")
    expect_status(page, "ready")
    for key in ("cost", "accuracy"):
        expect_drawn(page, key)
    expect(page.locator(".way canvas").first).to_be_visible()
    expect(page.get_by_text("an epoch here")).to_be_visible()  # all is drawn, and at rest
    built = mounts(page)
    parts = [chart(page, "cost"), chart(page, "accuracy"), page.locator(GRID)]
    for part in parts:
        part.evaluate("part => { part.marked = true }")
    stand = page.evaluate(PLACES)
    press(page, "Epoch")
    expect_status(page, "paused")
    page.evaluate(WATCH_PAUSE)
    press(page, "Play")
    press(page, "Pause")  # at once: it has not moved away under the pointer
    expect_status(page, "paused")
    expect(page.locator(".st-key-fix")).to_be_visible()
    assert len(page.evaluate("[...places]")) == 1
    type_into(page, "Network", "[784, many, 10]")
    expect(page.get_by_text("'many' is not a whole number")).to_be_visible()
    assert page.evaluate(PLACES) == stand  # nothing has moved
    press(page, "Play")
    expect_status(page, "done")
    expect(page.get_by_text("validation digits correct")).to_be_visible()
    assert page.evaluate(PLACES) == stand
    assert page.locator(".st-key-outcome").evaluate("box => box.scrollHeight <= box.clientHeight")
    assert mounts(page) == built
    for part in parts:
        assert part.evaluate("part => part.marked === true")
    for key in ("cost", "accuracy"):
        assert updates(page, key) > 2
    page.get_by_text("Layer statistics").click()
    for key in ("gradients", "dead", "updates", "activations"):
        expect_drawn(page, key)
    assert page.evaluate(CUT) == []
    type_into(page, "Network", "[784, 16, 12, 12, 12, 10]")
    expect(chart(page, "activations").locator(".subplot")).to_have_count(5)
    numbers, overlapping = page.evaluate(OVERLAPPING)
    assert numbers >= 5
    assert overlapping == 0
