"""Counts lost strokes, on our canvas and on streamlit-drawable-canvas: `python -m
benchmarks.canvas`.

Each stroke starts anywhere on the canvas, immediately after the pointer enters it, with a mouse and
with a finger. It counts as lost if it does not reach Python within PATIENCE. Needs
requirements-bench.txt.
"""

import random
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, TimeoutError, sync_playwright

from tests.browser import ARGUMENTS, find_browser
from tests.e2e.conftest import PHONE
from tests.e2e.steps import PAPER, SMALL, Finger, draw, expect_status, to_draw
from tests.server import APP, serving

STROKES = 200
STROKES_PER_PAGE = 10  # the page is reopened after so many strokes
PATIENCE = 3_000  # milliseconds


@dataclass(frozen=True)
class Canvas:
    """app: the app to serve; open: shows its canvas; known: the element with the number of strokes
    that have reached Python.
    """

    name: str
    app: Path
    selector: str
    known: str
    open: Callable[[Page], None]


def _open_ours(page: Page) -> None:
    page.goto(f"/?{SMALL}")
    expect_status(page, "ready")
    to_draw(page)


def _open_theirs(page: Page) -> None:
    page.goto("/")


CANVASES = (
    Canvas(
        "streamlit-drawable-canvas",
        Path(__file__).with_name("drawable_canvas_page.py"),
        "canvas.upper-canvas",
        ".known",
        _open_theirs,
    ),
    Canvas("ours", APP, PAPER, PAPER, _open_ours),
)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        for canvas in CANVASES:
            with serving(canvas.app, Path(folder) / f"{canvas.name}.txt") as address:
                for what in ("mouse", "finger"):
                    lost = count_lost(browser, address, canvas, finger=what == "finger")
                    print(f"{canvas.name}, {what}: {lost} of {STROKES} strokes lost", flush=True)
        browser.close()


def count_lost(browser: Browser, address: str, canvas: Canvas, *, finger: bool) -> int:
    rng, lost = random.Random(12), 0
    for _ in range(STROKES // STROKES_PER_PAGE):
        options = PHONE if finger else {"viewport": {"width": 1400, "height": 900}}
        page = browser.new_page(base_url=address, **options)
        page.set_default_timeout(60_000)
        canvas.open(page)
        page.locator(canvas.selector).wait_for()
        page.wait_for_timeout(500)  # wait until the page is complete
        known = 0
        for _ in range(STROKES_PER_PAGE):
            stroke = [(rng.uniform(0.005, 0.995), rng.uniform(0.005, 0.995)) for _ in range(3)]
            if finger:
                Finger(page).draw(stroke, selector=canvas.selector)
            else:
                page.mouse.move(1, 1)
                draw(page, stroke, selector=canvas.selector)
            arrived = hears(page, canvas.known, known)
            lost += arrived <= known
            known = arrived
        page.close()
    return lost


def hears(page: Page, known: str, before: int) -> int:
    """The number of strokes that have reached Python, once it is above `before`, or after
    PATIENCE.
    """
    element = page.locator(known)
    with suppress(TimeoutError):
        page.wait_for_function(
            "([element, before]) => Number(element.dataset.known) > before",
            arg=[element.element_handle(), before],
            timeout=PATIENCE,
        )
    return int(element.get_attribute("data-known") or 0)


if __name__ == "__main__":
    main()
