"""How fast the page responds, in a real browser: `python -m benchmarks.page`.

Every figure is what a person experiences: from the click to the visible effect, from the end of a
stroke to the prediction. Medians and 95th percentiles; other work on the machine affects them.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from benchmarks.memory import resident, server_process
from playground.config import RunConfig
from playground.run import Run
from playground.run_data import load_data
from tests.browser import ARGUMENTS, find_browser
from tests.e2e.steps import (
    ONE,
    SEE,
    SEVEN,
    button,
    expect_drawn,
    expect_status,
    loops,
    on_paper,
    paper,
    press,
    status_line,
    updates,
)
from tests.server import APP, serving

CLICKS = 20
PEN_DOWN = 4.0  # seconds of one stroke whose answers are counted
LONG = "digit_forms=world&epochs=5000"
PAIRS = 25  # of speeds with a page and without, alternating, because the machine's own speed varies
SETTLE, WINDOW = 0.5, 2.0  # seconds before a speed is measured, and seconds of measurement


def main() -> None:
    parts = {"clicks": clicks, "strokes": strokes, "watched": watched}
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.page")
    parser.add_argument(
        "--only", choices=parts, help="a part, without the start and the default run"
    )
    only = parser.parse_args().only
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)

        @contextmanager
        def alone() -> Iterator[Page]:
            """A separate window that is closed afterwards: a run left open would train beside the
            next.
            """
            context = browser.new_context(viewport={"width": 1400, "height": 900})
            yield context.new_page()
            context.close()

        with (
            serving(APP, Path(folder) / "warm.txt") as address,
            alone() as page,
        ):  # so that files are in the system's cache
            ready(page, address)
        began = time.monotonic()
        with serving(APP, Path(folder) / "log.txt") as address:
            if only is None:
                with alone() as page:
                    ready(page, address)
                    took = time.monotonic() - began
                    idle = resident(server_process())
                    say("streamlit run to the first page ready to use", took, "s", 4)
                    say("memory of the server, one idle session", idle, "MB", 400)
                    training(page)
            for name, measure in parts.items():
                if only in (None, name):
                    with alone() as page:
                        measure(page, address)
        browser.close()


missed: list[str] = []  # what did not reach its target: the program then fails


def say(what: str, value: float, unit: str, bar: float, *, at_least: bool = False) -> None:
    met = value >= bar if at_least else value <= bar
    if not met:
        missed.append(what)
    sign = "≥" if at_least else "≤"
    print(f"{what:<62} {value:8.2f} {unit:<4} {sign} {bar:g} {'' if met else 'MISSED'}", flush=True)


def ready(page: Page, address: str, query: str = "") -> None:
    page.goto(f"{address}/{query}")
    expect(page.get_by_role("button", name="Play")).to_be_enabled(timeout=60_000)


def training(page: Page) -> None:
    """The default run, from Play to the end, with the page open; and how often its charts
    update.
    """
    expect_drawn(page, "cost")
    built = page.evaluate("({...window.livePlotMounts})")
    before, began = updates(page, "cost"), time.monotonic()
    press(page, "Play")
    status_line(page, "done").wait_for(timeout=120_000)
    took = time.monotonic() - began
    say("default run, Play to its end, page open", took, "s", 15)
    fed = (updates(page, "cost") - before) / took
    say("updates of the cost chart while training", fed, "/s", 3, at_least=True)
    anew = sum(page.evaluate("window.livePlotMounts").values()) - sum(built.values())
    say("charts built anew meanwhile", anew, "", 0)


def timed(page: Page, act: str, seen: str) -> float:
    """Milliseconds from an action to a condition, both in JavaScript, measured in the browser."""
    return float(
        page.evaluate(
            f"""() => new Promise(done => {{
                const start = performance.now()
                const look = () => {{ if ({seen}) done(performance.now() - start)
                                      else requestAnimationFrame(look) }}
                {act}
                look()
            }})"""
        )
    )


def click(name: str) -> str:
    return f"document.querySelector('.st-key-{name.lower()} button').click()"


def status_is(status: str) -> str:
    return f"document.querySelector('.status-line')?.dataset.status === '{status}'"


def clicks(page: Page, address: str) -> None:
    """Pause and Step while the default network trains."""
    ready(page, address, f"?{LONG}")
    expect_drawn(page, "cost")
    for name in ("Pause", "Step"):
        times = []
        for _ in range(CLICKS):
            press(page, "Play")
            expect_status(page, "training")
            page.wait_for_timeout(400)  # at a random time between polls, like a person
            times.append(timed(page, click(name), status_is("paused")))
        report(f"click on {name}, to its effect seen, while training", times, 400)


def report(what: str, times: list[float], bar: float) -> None:
    p95 = sorted(times)[int(0.95 * len(times)) - 1]
    say(f"{what}: median", statistics.median(times), "ms", bar)
    say(f"{what}: p95 of {len(times)}", p95, "ms", bar)


def strokes(page: Page, address: str) -> None:
    """From lifting the pen to the prediction, idle and while the default network trains."""
    ready(page, address, "?digit_forms=world&epochs=10")
    press(page, "Play")
    status_line(page, "done").wait_for(timeout=120_000)
    page.get_by_role("link", name="Draw").first.click()
    page.locator("canvas.paper").wait_for()
    report("end of a stroke to the answer seen, idle", stroke_times(page), 300)
    say("answers while the pen moves, idle", answers_per_second(page), "/s", 4, at_least=True)
    ready(page, address, f"?{LONG}&seed=2")
    press(page, "Play")
    page.wait_for_function(
        "() => Number(document.querySelector('.status-line').dataset.iteration) > 300"
    )
    page.get_by_role("link", name="Draw").first.click()
    page.locator("canvas.paper").wait_for()
    report("end of a stroke to the answer seen, while training", stroke_times(page), 700)
    say("answers while the pen moves, while training", answers_per_second(page), "/s", 4,
        at_least=True)  # fmt: skip


def stroke_times(page: Page) -> list[float]:
    """A 7 and a 1 in turn, each drawn on an empty canvas: milliseconds from lifting the pen until
    Python's reply to the whole drawing is on the page, not to a part of it.
    """
    times = []
    for i in range(CLICKS):
        clear(page)
        canvas = paper(page)
        places = on_paper(canvas, (SEVEN, ONE)[i % 2])
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place, steps=8)
        canvas.evaluate(
            """canvas => {
                window.seen = new Promise(done => canvas.addEventListener("pointerup", () => {
                    const lifted = performance.now()
                    const look = () => {
                        const { sent, heard } = canvas.dataset
                        const answer = document.querySelector(".answer")?.dataset.answer ?? "?"
                        if (sent === heard && answer !== "?") done(performance.now() - lifted)
                        else requestAnimationFrame(look)
                    }
                    requestAnimationFrame(look)
                }, { once: true }))
            }"""
        )
        page.mouse.up()
        times.append(float(page.evaluate("window.seen")))
    return times


def clear(page: Page) -> None:
    """Empty the canvas, if it is not empty yet."""
    if button(page, "Clear").is_enabled():
        press(page, "Clear")
    page.locator('.answer[data-answer="?"]').wait_for()


def answers_per_second(page: Page) -> float:
    """How often the answer changes while the pen moves without a pause."""
    clear(page)
    canvas = paper(page)
    page.evaluate(SEE)
    places = on_paper(canvas, loops(4000))
    page.mouse.move(*places[0])
    page.mouse.down()
    began, moves = time.monotonic(), iter(places[1:])
    while time.monotonic() < began + PEN_DOWN:
        page.mouse.move(*next(moves))
    answers, took = page.evaluate("window.seen"), time.monotonic() - began
    page.mouse.up()
    return float(answers / took)


def watched(page: Page, address: str) -> None:
    """The default network trains with and without a page that watches, alternating: the ratio of
    iterations per second.
    """
    ready(page, address, f"?{LONG}&seed=10")
    expect_drawn(page, "cost")
    speed_beside(page, "training speed with the page watched", PAIRS, 85)


def speed_beside(page: Page, what: str, pairs: int, bar: float) -> None:
    """Print how fast the run of this open page trains (LONG with seed 10), relative to the same run
    without a page: the median of so many pairs, alternating.
    """
    run = Run(RunConfig(epochs=5000, seed=10), load_data(RunConfig()))
    ratios = []
    for _ in range(pairs):
        press(page, "Play")
        expect_status(page, "training")
        time.sleep(SETTLE)
        with_page = speed(partial(on_page, page))
        press(page, "Pause")
        expect_status(page, "paused")
        run.play()
        time.sleep(SETTLE)
        ratios.append(with_page / speed(partial(in_run, run)))
        run.pause()
    print(f"    {pairs} pairs: {', '.join(f'{100 * ratio:.0f}' for ratio in sorted(ratios))} %")
    say(
        f"{what}, of that without: median", 100 * statistics.median(ratios), "%", bar, at_least=True
    )


def on_page(page: Page) -> tuple[int, float]:
    """Iterations and seconds of training at one moment, as shown on the page."""
    found = status_line(page).evaluate("line => [line.dataset.iteration, line.dataset.seconds]")
    return int(found[0]), float(found[1])


def in_run(run: Run) -> tuple[int, float]:
    """The same for a run without a page."""
    shown = run.snapshot
    return shown.iteration, shown.seconds


def speed(read: Callable[[], tuple[int, float]]) -> float:
    """Iterations per second, measured over WINDOW seconds, or over more if a page on a busy machine
    shows nothing new in that time.

    Raises RuntimeError where there is nothing new for a minute.
    """
    first, start = read()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        time.sleep(WINDOW)
        last, end = read()
        if end > start:
            return (last - first) / (end - start)
    raise RuntimeError(f"The run has been at iteration {first:,} for a minute.")


if __name__ == "__main__":
    main()
    sys.exit(1 if missed else 0)
