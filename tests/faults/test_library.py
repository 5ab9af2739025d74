"""A server that is killed while runs train: their address shows them where they were kept."""

import asyncio
import os
from pathlib import Path

import numpy as np
import pytest

from benchmarks.session import Visitor
from data.folders import HOME_FOLDER
from playground.config import RunConfig
from playground.library.entry import Entry
from playground.library.library import Library
from playground.run_data import load_data
from playground.trainer import Trainer
from tests.faults.test_server import visiting, watching
from tests.server import APP, Server, run_apart, started

# Its state takes 1.2 MB: writing that takes long enough to be killed in it.
SETTINGS = {"layers": "784,128,10", "augmentation": "1", "digit_forms": "mnist", "epochs": "5000"}
THOROUGH = bool(os.environ.get("PLAYGROUND_THOROUGH"))
KILLS = 50 if THOROUGH else 2
LOST = 2.0  # seconds of training, at most


@pytest.mark.timeout(0 if THOROUGH else 240)
def test_a_killed_server_loses_two_seconds_of_a_run_and_no_bit(tmp_path: Path) -> None:
    rng = np.random.default_rng(16)
    config = RunConfig.from_text(SETTINGS)
    never_stopped = Trainer(config, load_data(config))
    query, entry = "&".join(f"{name}={value}" for name, value in SETTINGS.items()), None
    for n in range(KILLS):
        with started(APP, tmp_path / "log.txt", {HOME_FOLDER: str(tmp_path)}) as server:
            seen = run_apart(killed_in_training(server, tmp_path, query, entry, n, rng))
            assert "Traceback" not in server.said
        entry = kept_run(tmp_path, never_stopped)
        assert seen - entry.seconds <= LOST
        query = f"run={entry.token}"


async def killed_in_training(
    server: Server, home: Path, query: str, entry: Entry | None, n: int, rng: np.random.Generator
) -> float:
    """Kill this server at a random moment of a run's training, every other time while it writes;
    returns the seconds of training that a page had shown by then."""
    async with visiting(server) as come:
        visitor: Visitor = await come(query, key="k" * 32)
        if entry is not None:
            assert (visitor.status, visitor.iteration) == ("paused", entry.iteration)
        began = max(visitor.iteration, 0)
        await visitor.press("Play", "training")
        async with watching(visitor):
            steps = int(rng.integers(1, 400))
            await visitor.until(lambda: visitor.iteration > began + steps)
            if n % 2:
                await asyncio.to_thread(until_it_writes, home)
            server.process.kill()
            server.process.wait()
    return visitor.seconds


def until_it_writes(home: Path) -> None:
    """Return while a checkpoint's file is under way: it has another name until it is whole."""
    arrays = home / "library" / "arrays"
    while not any(arrays.glob("*/.*")):
        pass


def kept_run(home: Path, never_stopped: Trainer) -> Entry:
    """The one run in the library, of which no file is damaged and no bit differs."""
    library = Library(home / "library")
    try:
        assert (library.notice, library.trouble) == ("", "")
        (entry,) = library.entries()
        state = library.saved(entry).state
    finally:
        library.close()
    while never_stopped.state.iteration < state.iteration:
        never_stopped.step()
    assert never_stopped.state.iteration == state.iteration
    np.testing.assert_array_equal(state.network.theta, never_stopped.network.theta)
    for name, moment in never_stopped.state.optimizer_state.items():
        np.testing.assert_array_equal(state.optimizer_state[name], moment)
    return entry
