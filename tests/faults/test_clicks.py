"""A click counts, also if the browser sends another request at once."""

import asyncio
import math
from contextlib import suppress
from pathlib import Path

from benchmarks.session import Visitor
from tests.server import APP, run_apart, started

CLICKS = 12
LATER = 0.02  # seconds in which the other request follows, evenly spread
ENOUGH = 20.0  # seconds; then a click is lost


async def _has_effect(visitor: Visitor, status: str) -> bool:
    polls = asyncio.create_task(visitor.watch(math.inf))  # the run may stop after the page is drawn
    with suppress(TimeoutError):
        async with asyncio.timeout(ENOUGH):
            await visitor.until(lambda: visitor.status == status)
    polls.cancel()
    return visitor.status == status


async def _clicks(address: str) -> list[str]:
    """The clicks that were lost. Stops at the first, because the next one needs its effect."""
    visitor = await Visitor.come(address, "epochs=5000")
    for n in range(CLICKS):
        button, status = (("Play", "training"), ("Pause", "paused"))[n % 2]
        await visitor.rest()
        await visitor.click(button)
        await asyncio.sleep(LATER * n / CLICKS)
        await visitor.ask()
        if not await _has_effect(visitor, status):
            return [f"click {n}, on {button}"]
    await visitor.leave()
    return []


def test_no_click_is_lost_to_the_next_request(tmp_path: Path) -> None:
    with started(APP, tmp_path / "log.txt", {}) as server:
        assert run_apart(_clicks(server.address)) == []
