"""How fast pages respond while a sweep trains: `python -m benchmarks.sweep_pages`.

In a real browser the same actions are timed without a sweep and beside one that keeps all workers
busy: an opened page, a click on Step, a change of pages, a stroke on Draw. Each median may be at
most half longer. Other work on the machine affects these figures.
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks.page import click, missed, ready, say, stroke_times, timed
from tests.browser import ARGUMENTS, find_browser
from tests.e2e.steps import expect_drawn, expect_status, press
from tests.server import APP, serving

TIMES = 15
BAR = 1.5  # times as long as without a sweep
ITERATION = "document.querySelector('.status-line')?.dataset.iteration"
STEP = f"window.was = {ITERATION}; {click('Step')}"
CHART = "document.querySelector('.live-plot[data-key=\"cost\"] .main-svg')"
# The canvas of Draw, which is in a shadow tree. Train has one, too, beside its chart.
CANVAS = (
    f"!{CHART} && [...document.querySelectorAll('*')].some(each => "
    "each.shadowRoot?.querySelector('canvas.paper')?.getBoundingClientRect().width > 0)"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.sweep_pages")
    parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        with serving(APP, Path(folder) / "log.txt") as address:
            without = latencies(browser, address)
            sweep = begin_sweep(browser, address)
            beside = latencies(browser, address)
            expect(sweep.get_by_role("button", name="Pause")).to_be_visible()  # it still trains
            press(sweep, "Cancel")
            expect(sweep.get_by_text("cancelled")).to_be_visible()
        browser.close()
    for what, times in without.items():
        before, now = statistics.median(times), statistics.median(beside[what])
        print(f"{what}: median {before:.0f} ms without a sweep, {now:.0f} ms beside one")
        say(f"{what}: times as long beside a sweep", now / before, "", BAR)
    sys.exit(f"missed: {', '.join(missed)}" if missed else 0)


def begin_sweep(browser: Browser, address: str) -> Page:
    """25 long runs, as many at once as there are cores. Its page stays open, and streams curves."""
    page = browser.new_context(viewport={"width": 1400, "height": 900}).new_page()
    page.goto(f"{address}/sweep?augmentation=0&digit_forms=mnist&layers=784,16,10&activations=relu")
    field = page.get_by_role("spinbutton", name="Epochs of each run", exact=True)
    field.fill("1000")
    field.press("Enter")
    expect(page.get_by_text("25 runs")).to_be_visible(timeout=30_000)
    press(page, "Start")
    expect_drawn(page, "sweep curves")
    return page


def latencies(browser: Browser, address: str) -> dict[str, list[float]]:
    """Milliseconds of each kind of action, in a window of its own."""
    page = browser.new_context(viewport={"width": 1400, "height": 900}).new_page()
    ready(page, address, "?epochs=500&digit_forms=mnist")
    press(page, "Play")
    page.wait_for_function(f"Number({ITERATION}) > 300")
    press(page, "Pause")
    expect_status(page, "paused")
    draw, train = list[float](), list[float]()
    found = {
        "a page, from its address to its use": [opening(page) for _ in range(TIMES)],
        "a click on Step": [timed(page, STEP, f"{ITERATION} !== window.was") for _ in range(TIMES)],
        "a change to Draw": draw,
        "a change to Train": train,
    }
    for _ in range(TIMES):
        draw.append(timed(page, link("Draw"), CANVAS))
        page.wait_for_timeout(300)
        train.append(timed(page, link("Train"), CHART))
        page.wait_for_timeout(300)
    page.get_by_role("link", name="Draw").first.click()
    page.locator("canvas.paper").wait_for()
    page.wait_for_timeout(1000)
    found["a stroke, from its end to the answer"] = stroke_times(page)
    page.context.close()
    return found


def opening(page: Page) -> float:
    began = time.monotonic()
    page.reload(wait_until="commit")
    page.wait_for_function(CHART, timeout=60_000)  # looks at each frame
    took = 1000 * (time.monotonic() - began)
    page.wait_for_function("document.querySelector('.st-key-step button')")
    return took


def link(name: str) -> str:
    return (
        "[...document.querySelectorAll('[data-testid=stPageLink-NavLink]')]"
        f".find(each => each.textContent.includes('{name}')).click()"
    )


if __name__ == "__main__":
    main()
