"""Runs that are kept: each is from its first step on, and is found again when this server has
forgotten it."""

from functools import partial

from data.dataset import Splits
from playground.library.entry import Entry, checksum
from playground.library.opened import library
from playground.library.schema import LibraryError
from playground.run import Run
from playground.run_data import load_data
from playground.saved import SavedRun
from playground.storage.train_state import StorageError
from ui.browser_key import owner
from ui.loading import spinner_over
from ui.notes import note

_OTHER_DATA = (
    "The examples that this run learned from are not the same here, to the bit: going on from "
    "here gives another curve than it would have given there."
)


def keep(run: Run) -> None:
    """Have the run kept while it trains, as one of this browser's."""
    run.keep_with(partial(library().keep, owner=owner()))


def restored(token: str) -> Run | None:
    """The run of this token where it was last kept; None where it never was.

    Raises StorageError, ConfigError or DataError where it was, and cannot be gone on with.
    """
    entry = library().entry(token) if token else None
    if entry is None:
        return None
    try:
        config = entry.config
        with spinner_over(config):
            return going_on(entry, library().saved(entry), load_data(config))
    except LibraryError as error:
        raise StorageError(str(error)) from error


def going_on(entry: Entry, saved: SavedRun, data: Splits) -> Run:
    """The run of this entry as it was kept, on these data.

    Raises ConfigError where they are none that it can have learned from.
    """
    run = Run(saved.config, data, saved=saved, token=entry.token)
    if checksum(data) != entry.checksum:
        note(_OTHER_DATA)
    return run
