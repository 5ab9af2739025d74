"""How fast the page Inspect responds, in a real browser: `python -m benchmarks.inspect_page`.

Milliseconds from a click on a view to the view on the screen, for the default network after a step,
so that nothing of that network is cached: for the 1,000 validation digits that come with the app,
and for MNIST's 10,000 if they are on this computer. Then t-SNE of the 1,000, and the speed of a run
with the page open, relative to that without it, for each view that refreshes while a run trains.
"""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks.page import missed, ready, say, speed_beside, timed
from data import catalog
from tests.browser import ARGUMENTS, find_browser
from tests.e2e.steps import expect_drawn, expect_status, iteration, press
from tests.server import APP, serving
from ui.inspect.views import VIEWS

# What each view draws last: a chart, or a grid of images, by its key.
LAST = {
    "confusion": "chart confusion curve",
    "errors": "grid errors",
    "trace": "grid neighbors",
    "unit": "grid unit-least",
    "ablation": "chart ablation per class",
    "attribution": "chart deletion",
    "maximization": "grid nearest-examples",
    "adversarial": "chart accuracy under attack",
    "map": "chart map",
    "calibration": "chart reliability",
}
REPEATS, PAIRS = 5, 9
# Validation digits, the bar in ms, and iterations after which there are two measurements.
SETS = {"mnist-5k": (1_000, 300, 100), "mnist": (10_000, 1_000, 1_000)}
TSNE, SPEED = 5_000, 90  # ms; % of the speed without the page
LONG = "epochs=5000&seed=10"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.inspect_page")
    parser.add_argument("--repeats", type=int, default=REPEATS, help="clicks on each view")
    parser.add_argument("--pairs", type=int, default=PAIRS, help="speeds with the page and without")
    parser.add_argument("--sets", nargs="*", default=SETS, choices=SETS, help="data sets to click")
    parser.add_argument("--views", nargs="*", default=VIEWS, choices=VIEWS, help="views to measure")
    given = parser.parse_args()
    expect.set_options(timeout=60_000)  # machines can be busy
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        with serving(APP, Path(folder) / "log.txt") as address:
            for dataset in given.sets:
                digits, bar, iterations = SETS[dataset]
                if catalog.entry(dataset).available() is not None:
                    print(f"{dataset} is not on this computer: {digits:,} digits are not measured")
                    continue
                with trained(browser, address, f"dataset={dataset}", iterations) as page:
                    for name in given.views:
                        latency(page, name, digits, bar, given.repeats)
                    if dataset == "mnist-5k" and "map" in given.views:
                        tsne(page)
            for name in given.views:
                if given.pairs and VIEWS[name].every is not None:
                    with opened(browser, address, LONG) as page:
                        beside_training(page, name, given.pairs)
        browser.close()


@contextmanager
def opened(browser: Browser, address: str, query: str) -> Iterator[Page]:
    """The page Train in a window of its own. It is closed afterwards: a run left open would train
    beside the next.
    """
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    ready(page, address, f"?{query}")
    yield page
    context.close()


@contextmanager
def trained(browser: Browser, address: str, query: str, iterations: int) -> Iterator[Page]:
    """The page Inspect of the default network, after so many iterations."""
    with opened(browser, address, query) as page:
        press(page, "Play")
        page.wait_for_function(f"() => {iteration_is_above(iterations)}")
        press(page, "Pause")
        expect_status(page, "paused")
        to_inspect(page)
        yield page


def to_inspect(page: Page) -> None:
    page.get_by_role("link", name="Inspect", exact=True).first.click()
    expect_drawn(page, "confusion")


def latency(page: Page, name: str, digits: int, bar: float, repeats: int) -> None:
    """From the click to the view. The first click of all counts, too: nobody warms it up."""
    elsewhere = "calibration" if name == "confusion" else "confusion"
    times = []
    for _ in range(repeats):
        page.evaluate(choose(elsewhere))
        page.wait_for_function(f"() => {seen(elsewhere)} && {AT_REST}")
        step(page)
        times.append(timed(page, choose(name), seen(name)))
    say(f"{VIEWS[name].title}, {digits:,} digits: first click", times[0], "ms", bar)
    say(f"{VIEWS[name].title}, {digits:,} digits: median of {repeats}",
        statistics.median(times), "ms", bar)  # fmt: skip


def step(page: Page) -> None:
    """Another network, of which nothing is cached; then the page has nothing left to draw."""
    before = iteration(page)
    page.locator(".st-key-step button").first.click()
    page.wait_for_function(f"() => {iteration_is_above(before)} && {AT_REST}")
    page.wait_for_timeout(500)  # the library saves the run


def iteration_is_above(n: int) -> str:
    return f"Number(document.querySelector('.status-line')?.dataset.iteration) > {n}"


def choose(name: str) -> str:
    """JavaScript that clicks the view in the switch."""
    return press_in("inspect-view", VIEWS[name].title)


def press_in(key: str, title: str) -> str:
    """JavaScript that clicks the button with this title in the segmented control of this key."""
    return (
        f"[...document.querySelectorAll('[class*=\"st-key-{key}\"] button')]"
        f".find(each => each.innerText.trim() === {title!r}).click()"
    )


def seen(name: str) -> str:
    """A condition in JavaScript: what the view draws last is on the screen."""
    kind, key = LAST[name].split(" ", 1)
    if kind == "grid":  # in a shadow tree
        return (
            f"[...document.querySelectorAll('[class*=\"st-key-{key}\"] *')]"
            ".some(each => each.shadowRoot?.querySelector('.grid .tile'))"
        )
    return f"document.querySelector('.live-plot[data-key=\"{key}\"] .main-svg') !== null"


# Streamlit has drawn the whole page.
AT_REST = (
    "document.querySelector('[data-testid=\"stApp\"]')?.dataset.testScriptState === 'notRunning'"
)


def tsne(page: Page) -> None:
    """From the click to the complete map."""
    page.evaluate(choose("map"))
    page.wait_for_function(f"() => {seen('map')} && {AT_REST}")
    cancel = "document.querySelector('[class*=\"st-key-cancel-map\"]')"
    done = f"document.body.innerText.includes('keep neighbors together') && !{cancel}"
    took = timed(page, press_in("map-method", "t-SNE"), done)
    say("t-SNE of the last hidden layer of 1,000 digits", took, "ms", TSNE)
    page.evaluate(press_in("map-method", "PCA"))
    page.wait_for_function(f"() => document.body.innerText.includes('variance') && {AT_REST}")
    page.locator('[class*="st-key-map-of-"] input').first.click()
    page.get_by_role("option").first.click()  # the pixels: another map
    page.wait_for_function(f"() => {AT_REST}")
    took = timed(page, press_in("map-method", "t-SNE"), done)
    say("t-SNE of the pixels of 1,000 digits", took, "ms", TSNE)


def beside_training(page: Page, name: str, pairs: int) -> None:
    """The speed of the default run with this view open, relative to that without a page."""
    to_inspect(page)
    page.evaluate(choose(name))
    page.wait_for_function(f"() => {AT_REST}")
    speed_beside(page, f"{VIEWS[name].title}: training speed beside it", pairs, SPEED)


if __name__ == "__main__":
    main()
    sys.exit(1 if missed else 0)
