"""A run that was trained elsewhere, by a race or a sweep, as a checkpoint for the library."""

from dataclasses import replace

from data.dataset import Splits
from playground.run import Checkpoint, Run, Status
from playground.saved import SavedRun


def landed(
    saved: SavedRun, data: Splits, token: str, status: Status, message: str = ""
) -> Checkpoint:
    """The run in this state, under this token: a page continues it as one of its own runs. Nothing
    may train it any more.
    """
    run = Run(saved.config, data, saved=saved, token=token)
    return Checkpoint(replace(run.snapshot, status=status, message=message), saved)
