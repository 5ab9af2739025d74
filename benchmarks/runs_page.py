"""The page Runs with a library of 5,000 runs: `python -m benchmarks.runs_page`.

The library has one trained run and copies of its row with other names, settings and results. In a
real browser: from opening the page to the complete table, from a typed filter to its result, and
the memory that the server takes beyond that with a library of one run.
"""

import argparse
import json
import sqlite3
import statistics
import sys
import tempfile
import time
from hashlib import blake2b
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from benchmarks.memory import resident, server_process
from benchmarks.page import missed, ready, say
from playground.config import RunConfig
from playground.library.library import Library
from playground.library.schema import NAME
from playground.run import Run
from playground.run_data import load_data
from tests.browser import ARGUMENTS, find_browser
from tests.server import APP, serving
from ui.browser_key import NAME as COOKIE

RUNS = 5_000
KEY = "k" * 32  # of the browser that these runs belong to
OWNER = blake2b(KEY.encode(), digest_size=16).hexdigest()
TIMES = 7  # that each is measured; the median counts
RATES = 50  # different learning rates among the runs
CAPTIONS = "[...document.querySelectorAll('[data-testid=stCaptionContainer]')]"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.runs_page")
    parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        few, many = Path(folder) / "few", Path(folder) / "many"
        for each in (few, many):
            each.mkdir()
        fill(many / "home" / "library", RUNS)
        fill(few / "home" / "library", 1)
        memory = {}
        for each, n in ((few, 1), (many, RUNS)):
            with serving(APP, each / "log.txt") as address:
                context = browser.new_context(viewport={"width": 1400, "height": 900})
                memory[n] = look(context, address, n)
                context.close()
        say(f"memory that {RUNS:,} runs add", memory[RUNS] - memory[1], "MB", 150)
        browser.close()
    sys.exit(f"missed: {', '.join(missed)}" if missed else 0)


def fill(folder: Path, n: int) -> None:
    """A library of n runs. The first was trained; the others are its row, changed."""
    library = Library(folder)
    config = RunConfig(layers=(784, 8, 10), activations=("relu",), epochs=1)
    run = Run(config, load_data(config))
    run.keep_with(lambda checkpoint: library.keep(checkpoint, OWNER))
    run.play()
    while run.busy:
        time.sleep(0.05)
    library.flush()
    library.close()
    db = sqlite3.connect(folder / NAME)
    db.row_factory = sqlite3.Row
    row = dict(db.execute("SELECT * FROM runs").fetchone())
    rng = np.random.default_rng(1)
    for number in range(1, n):
        rate = (1 + number % RATES) / 1000
        settings = json.loads(row["settings"]) | {"learning_rate": str(rate), "seed": str(number)}
        points = np.sort(rng.uniform(0.1, 1, 24)).round(4).tolist()
        new = row | {
            "token": f"token {number}",
            "id": f"{number:016x}",
            "name": f"run {number} of many" if number % 3 == 0 else "",
            "tags": json.dumps(["a tag"] if number % 5 == 0 else []),
            "created": row["created"] - number,
            "settings": json.dumps(settings),
            "setting": f"setting {number // 2}",
            "seed": number,
            "summary": json.dumps({"accuracy": points[-1], "best_accuracy": points[-1]}),
            "sparkline": json.dumps(points),
        }
        marks = ", ".join("?" * len(new))
        db.execute(f"INSERT INTO runs ({', '.join(new)}) VALUES ({marks})", [*new.values()])
    db.commit()
    db.close()


def look(context: BrowserContext, address: str, n: int) -> float:
    """Look at the page in every way that is measured; the server's memory then, in MB."""
    context.add_cookies([{"name": COOKIE, "value": KEY, "url": address}])
    page = context.new_page()
    ready(page, address)
    opened = [opening(page, f"{address}/runs", n) for _ in range(TIMES)]
    print(f"{n:,} runs: the first opening of the page took {opened[0]:.2f} s")
    say(f"{n:,} runs: page Runs ready, median", statistics.median(opened[1:]), "s", 1)
    if n > 1:
        times = [filtering(page, rate, n) for rate in range(1, TIMES + 1)]
        say(
            f"{n:,} runs: a filter, to its result seen, median", statistics.median(times), "ms", 200
        )
    assert urlsplit(page.url).path == "/runs"
    return resident(server_process())


def opening(page: Page, address: str, n: int) -> float:
    began = time.monotonic()
    page.goto(address, wait_until="commit")
    page.wait_for_function(  # looks at each frame; `expect` looks once a second in the end
        f"""text => document.querySelector("[data-testid=stDataFrame] canvas")?.clientWidth &&
            {CAPTIONS}.some(each => each.textContent.includes(text))""",
        arg=f"{n:,} of {n:,} runs",
        timeout=60_000,
    )
    return time.monotonic() - began


def filtering(page: Page, rate: int, n: int) -> float:
    """Milliseconds from Enter to the number of runs that are left."""
    field = page.get_by_role("textbox", name="Filter")
    field.fill("")
    field.press("Enter")
    expect(page.get_by_text(f"{n:,} of {n:,} runs")).to_be_visible()
    field.fill(f"learning_rate={rate / 1000}")
    return float(
        field.evaluate(
            """(field, all) => new Promise(done => {
                const says = () => CAPTIONS
                    .map(each => each.textContent).find(text => text.includes(all)) ?? ""
                const before = says()
                const start = performance.now()
                const look = () => {
                    if (says() && says() !== before) done(performance.now() - start)
                    else requestAnimationFrame(look)
                }
                field.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", bubbles: true}))
                look()
            })""".replace("CAPTIONS", CAPTIONS),
            f"of {n:,} runs",
        )
    )


if __name__ == "__main__":
    main()
