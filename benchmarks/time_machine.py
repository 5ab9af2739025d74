"""How fast an earlier step is shown, and what that costs: `python -m benchmarks.time_machine`.

The default run is trained to its end, and random steps of it are shown: by the run itself, and in a
browser on the page Train, from the movement of the slider to the end of the page's drawing; the
slider moves again when the page is at rest. Other work on the machine affects these figures.
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

from benchmarks.memory import resident
from benchmarks.page import missed, ready, report, say
from playground.config import RunConfig
from playground.run import Run
from playground.run_data import load_data
from playground.time_machine import keyframes
from playground.trainer import Trainer
from tests.browser import ARGUMENTS, find_browser
from tests.e2e.steps import press, status_line
from tests.server import APP, serving

STEPS = 100  # that are shown
PAIRS = 7  # of trainings with keyframes and without, in turns
SPEED = 200  # steps of each
REST = 150  # milliseconds in which a browser paints a step, before the slider moves again
BAR = 300  # milliseconds to a step that is shown, 95th percentile


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.time_machine")
    parser.add_argument("--quick", action="store_true", help="without the browser")
    options = parser.parse_args()
    copying()
    rebuilding()
    if not options.quick:
        in_the_browser()
    sys.exit(f"missed: {', '.join(missed)}" if missed else 0)


def copying() -> None:
    """The share of training that keyframes take, while each stays in memory."""
    config = RunConfig()
    data = load_data(config)
    shares = []
    for _ in range(PAIRS):
        seconds, copied = 0.0, 0.0
        trainer, frames = Trainer(config, data), keyframes.Keyframes()
        for _ in range(SPEED):
            began = time.perf_counter()
            trainer.step()
            took = time.perf_counter() - began
            frames.after_step(trainer.state, trainer.hyper.iterations, took)
            copied += time.perf_counter() - began - took
            seconds += took
        shares.append(100 * copied / seconds)
    say("share of training that keyframes take: median", statistics.median(shares), "%", 2)


def rebuilding() -> None:
    config = RunConfig()
    before = resident()
    run = Run(config, load_data(config))
    run.play()
    while run.busy:
        time.sleep(0.1)
    frames, last = run._timeline.keyframes, run.snapshot.iteration
    took, n = run.snapshot.seconds, len(frames.frames)
    print(f"default run: {last:,} steps, {took:.1f} s, {n} keyframes")
    say("keyframes of the default run", frames.n_bytes / 1e6, "MB", 240)
    say("memory that the run has added", resident() - before, "MB", 300)
    times = []
    for step in np.random.default_rng(1).integers(0, last, STEPS):
        began = time.perf_counter()
        assert run.past.at(int(step), "benchmark", 60.0) is not None
        times.append(1000 * (time.perf_counter() - began))
    report("an earlier step of the default run, rebuilt and measured", times, BAR)


def in_the_browser() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        with serving(APP, Path(folder) / "log.txt") as address:
            page = browser.new_context(viewport={"width": 1400, "height": 900}).new_page()
            ready(page, address)
            press(page, "Play")
            status_line(page, "done").wait_for(timeout=120_000)
            last = int(status_line(page, "done").get_attribute("data-iteration") or 0)
            rng = np.random.default_rng(2)
            shown_after(page, last // 2)  # the page is drawn as a whole, once
            times = list[float]()
            for step in rng.integers(0, last, STEPS):
                times.append(shown_after(page, int(step)))
                page.wait_for_timeout(REST)
            report("an earlier step, from the slider to the drawn page", times, BAR)
        browser.close()


def shown_after(page: Page, step: int) -> float:
    """Milliseconds from a movement of the slider to the end of the page's drawing."""
    slider = page.locator(".time-slider input")
    return float(
        slider.evaluate(
            """(slider, step) => new Promise(done => {
                const start = performance.now()
                const words = `Step ${step.toLocaleString("en")}`
                const look = () => {
                    const says = document.querySelector(".st-key-time-line strong")?.textContent
                    const app = document.querySelector("[data-testid=stApp]").dataset
                    if (says === words && app.testScriptState === "notRunning")
                        done(performance.now() - start)
                    else requestAnimationFrame(look)
                }
                slider.value = step
                slider.dispatchEvent(new Event("input"))
                look()
            })""",
            step,
        )
    )


if __name__ == "__main__":
    main()
