"""Runs in the library: a run is stored from its first step on, and can be restored after a restart
of the server.
"""

from dataclasses import replace
from functools import partial

from data.dataset import Splits
from playground.library.entry import Entry, checksum
from playground.library.opened import library
from playground.library.schema import LibraryError
from playground.registry import RUNS, Computation
from playground.run import Run
from playground.run_data import load_data
from playground.saved import SavedRun
from playground.storage.train_state import StorageError
from ui import browser_key
from ui.browser_key import owner, owners
from ui.loading import spinner_over
from ui.notes import note

_OTHER_DATA = (
    "The examples on this server differ from those that this run was trained on, so its "
    "curve continues differently from how it would have continued there."
)


def keep(run: Run) -> None:
    """Store the run in the library while it trains, as one of this browser's runs."""
    run.owner = run.owner or owner()
    run.keep_with(partial(library().keep, owner=run.owner))
    run.look_back_with(partial(library().keyframe, run.token))


def know_browser() -> None:
    """Called by app.py at each draw. What a tab began before it knew its browser's key becomes the
    browser's own.
    """
    if (before := browser_key.remember()) is None:
        return
    library().hand_over(before, owner())
    for each in RUNS.of(before):
        each.owner = owner()
        if isinstance(each, Run):
            keep(each)


def is_mine(run: Computation) -> bool:
    """Whether this browser may steer this run, or race."""
    return run.owner in owners()


def dataset_of(token: str) -> str | None:
    """The data set of the stored run of this token; None if it was never stored."""
    entry = library().entry(token) if token else None
    return None if entry is None else entry.dataset


def restored(token: str) -> Run | None:
    """The run of this token from its last checkpoint, or None if it was never stored, or is
    somebody else's.

    Raises StorageError, ConfigError or DataError if it cannot be continued.
    """
    entry = library().entry(token) if token else None
    if entry is None or entry.owner not in owners():
        return None
    try:
        config = entry.config
        with spinner_over(config):
            return continued(entry, library().saved(entry), load_data(config))
    except LibraryError as error:
        raise StorageError(str(error)) from error


def continued(entry: Entry, saved: SavedRun, data: Splits) -> Run:
    """The run of this library entry, from its checkpoint, on these data.

    Raises ConfigError if it cannot have been trained on them.
    """
    if checksum(data) != entry.checksum:
        note(_OTHER_DATA)
        saved = replace(saved, changes=None)  # replays on other examples would show another past
    run = Run(saved.config, data, saved=saved, token=entry.token)
    run.owner = entry.owner
    return run
