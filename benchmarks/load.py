"""A class of students at one server: `python -m benchmarks.load` (Linux).

It starts the real server, and visitors that send the same requests as browsers. It prints one table
of measured and wanted values. The visitors run on the same cores as the server.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from benchmarks.memory import processor_seconds, resident
from benchmarks.session import Visitor
from playground.memory_return import DELAY
from tests.server import APP, Server, started

FULL = {"PLAYGROUND_MEMORY": "60"}  # MB for all runs: little, so that it is full after a few visits
FILLING = 12  # visits that fill this memory
FORGOTTEN = 125.0  # seconds; Streamlit keeps a closed session for two minutes
RETURNED = 2 * DELAY  # seconds after which freed memory is the operating system's again
LONG = "digit_forms=world&epochs=5000"  # so long that no run ends during the measurement


@dataclass(frozen=True)
class Size:
    """How many of everything."""

    training: int = 20
    seconds: float = 30.0  # seconds of watching
    clicks: int = 60
    idle: int = 60
    visits: int = 200
    polls: int = 12_857 + 4_800  # as many as in an hour: curves every 0.28 s, pictures every 0.75 s


QUICK = Size(seconds=8.0, clicks=20, idle=20, visits=40, polls=1_000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.load")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}: all")
    parser.add_argument(
        "--quick", action="store_true", help="a smaller version that takes a minute"
    )
    asked = parser.parse_args()
    size = QUICK if asked.quick else Size()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"unknown part {', '.join(sorted(unknown))}; choose from {', '.join(PARTS)}")
    print("| what | measured | wanted |\n| --- | ---: | ---: |")
    for part in asked.parts or PARTS:
        with (
            tempfile.TemporaryDirectory() as folder,
            started(APP, Path(folder) / "log.txt", FULL if part == "visits" else {}) as server,
        ):
            asyncio.run(PARTS[part](server, size))


def say(what: str, value: float, unit: str, bar: float | None = None) -> None:
    wanted = "" if bar is None else f"≤ {bar:g} {unit}{'' if value <= bar else ' MISSED'}"
    print(f"| {what} | {value:,.{0 if abs(value) >= 10 else 2}f} {unit} | {wanted} |", flush=True)


async def training(server: Server, size: Size) -> None:
    """All train at once and watch; then, all still training, one after another clicks."""
    process = str(server.process.pid)
    who = f"{size.training} training at once"
    visitors = [
        await Visitor.come(server.address, f"{LONG}&seed={n}") for n in range(size.training)
    ]
    await together(visitor.press("Play", "training") for visitor in visitors)
    start = time.monotonic()
    until, work = start + size.seconds, processor_seconds(process)
    await together(visitor.watch(until) for visitor in visitors)
    work = processor_seconds(process) - work
    gaps = [gap for visitor in visitors for gap in between(visitor.updates, start, until)]
    say(f"{who}: a page's update to its next, median", statistics.median(gaps), "s")
    say(f"{who}: the longest", max(gaps), "s", 1)
    watching = [
        asyncio.create_task(visitor.watch(float("inf")))  # until all clicks are done
        for visitor in visitors
    ]
    effects = []
    for n in range(size.clicks):
        visitor = visitors[n % size.training]
        effects.append(await visitor.press("Pause", "paused"))
        await visitor.press("Play", "training")
    for task in watching:
        task.cancel()
    say(f"{who}: Pause to its effect seen, median", 1e3 * statistics.median(effects), "ms")
    say(f"{who}: Pause to its effect seen, 95th percentile of {size.clicks}",
        1e3 * percentile_95(effects), "ms", 300)  # fmt: skip
    say(f"{who}: memory of the server", resident(process), "MB", 500)
    say(f"{who}: memory of the server at its peak", resident(process, peak=True), "MB")
    say(f"{who}: cores that the server computes on", work / size.seconds, "")
    trained = [visitor.iteration for visitor in visitors]
    say(f"{who}: iterations of the fastest for one of the slowest", max(trained) / min(trained), "")
    await together(visitor.leave() for visitor in visitors)


async def idle(server: Server, size: Size) -> None:
    """Pages that are open and train nothing."""
    process = str(server.process.pid)
    first = await Visitor.come(server.address, "seed=0")
    alone = resident(process)
    took, visitors = [], [first]
    for n in range(1, size.idle):
        began = time.monotonic()
        visitors.append(await Visitor.come(server.address, f"seed={n}"))
        took.append(time.monotonic() - began)
    who = f"{size.idle} idle"
    say(f"{who}: a page asked for to its being drawn, 95th percentile", percentile_95(took), "s")
    say(f"{who}: memory of the server", resident(process), "MB")
    say(f"{who}: memory for each", (resident(process) - alone) / (size.idle - 1), "MB")
    until, work = time.monotonic() + size.seconds, processor_seconds(process)
    await together(visitor.watch(until) for visitor in visitors)
    work = processor_seconds(process) - work
    say(f"{who}: cores that the server computes on", work / size.seconds, "")
    await together(visitor.leave() for visitor in visitors)


async def visits(server: Server, size: Size) -> None:
    """One after another comes, trains a moment, and goes."""
    process = str(server.process.pid)
    for n in range(FILLING):
        await visit(server.address, n)
    await asyncio.sleep(RETURNED)
    start = resident(process)
    for n in range(FILLING, FILLING + size.visits):
        await visit(server.address, n)
    say(f"{size.visits} that come, train and go: memory at once after", resident(process), "MB")
    await asyncio.sleep(FORGOTTEN)
    await visit(server.address, 0)
    await asyncio.sleep(RETURNED)
    who = f"{size.visits} that come, train and go"
    say(f"{who}: memory before, with room for runs used up", start, "MB")
    say(f"{who}: memory after them, of that before", 100 * resident(process) / start, "%", 110)


async def visit(address: str, n: int) -> None:
    visitor = await Visitor.come(address, f"{LONG}&seed={n}")
    await visitor.press("Play", "training")
    await visitor.watch(time.monotonic() + 0.5)
    await visitor.leave()


async def polls(server: Server, size: Size) -> None:
    """An hour of one page watching, its polls asked as fast as they are answered."""
    process = str(server.process.pid)
    visitor = await Visitor.come(server.address, LONG)
    await visitor.press("Play", "training")
    for _ in range(size.polls // 20):  # each poll refreshes both live parts: a tenth of an hour
        await visitor.poll()
    start = resident(process)
    began = time.monotonic()
    for _ in range(size.polls * 9 // 20):
        await visitor.poll()
    took, end = time.monotonic() - began, resident(process)
    await visitor.leave()
    who = f"{size.polls:,} polls, an hour's" if size == Size() else f"{size.polls:,} polls"
    say(f"{who}: memory after a tenth of them", start, "MB")
    say(f"{who}: memory after all, of that", 100 * end / start, "%", 105)
    say(
        f"{who}: time of the server for one, beside training", 1e3 * took / (0.9 * size.polls), "ms"
    )


def between(updates: Sequence[float], start: float, until: float) -> list[float]:
    """The seconds between updates; the ends of the watched time count as updates."""
    times = [start, *(t for t in updates if start <= t <= until), until]
    return [later - earlier for earlier, later in pairwise(times)]


def percentile_95(values: Sequence[float]) -> float:
    return sorted(values)[int(0.95 * len(values)) - 1]


async def together(all_of_them: Iterable[Awaitable[object]]) -> None:
    await asyncio.gather(*all_of_them)


PARTS: dict[str, Callable[[Server, Size], Coroutine[None, None, None]]] = {
    "training": training,
    "idle": idle,
    "visits": visits,
    "polls": polls,
}


if __name__ == "__main__":
    main()
