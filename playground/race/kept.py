"""A racer that has reached its end, as a run for the library."""

from dataclasses import replace

from data.dataset import Splits
from playground.race.racer import Racer
from playground.run import Checkpoint, Run, Status
from playground.saved import SavedRun


def checkpoint_of(racer: Racer, data: Splits) -> Checkpoint:
    """The run with its curves. The racer must not be stepped any more."""
    training = racer.training
    saved = SavedRun.of(training.trainer, training.history.curves(), racer.seconds)
    run = Run(racer.config, data, saved=saved, token=racer.token)
    status = Status.FAILED if racer.diverged else Status.DONE
    return Checkpoint(replace(run.snapshot, status=status, message=racer.diverged), saved)
