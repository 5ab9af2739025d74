"""A racer that has reached its end, as a run for the library."""

from data.dataset import Splits
from playground.race.racer import Racer
from playground.run import Checkpoint, Snapshot, Status
from playground.saved import SavedRun


def checkpoint_of(racer: Racer, data: Splits) -> Checkpoint:
    """The run with its curves. The racer must not be stepped any more."""
    training, shown = racer.training, racer.shown()
    trainer = training.trainer
    saved = SavedRun.of(trainer, shown.curves, racer.seconds)
    snapshot = Snapshot(
        token=racer.token,
        data=data,
        learned_from=data,
        fine_tuning=None,
        before=None,
        start_theta=shown.network.theta,
        config=racer.config,
        status=Status.FAILED if racer.diverged else Status.DONE,
        message=racer.diverged,
        network=shown.network,
        gradient=None,
        update=None,
        measured=shown.measured,
        curves=shown.curves,
        iteration=shown.iteration,
        iterations=shown.iterations,
        epoch=trainer.state.epoch,
        epochs=shown.iterations / shown.per_epoch,
        seconds=racer.seconds,
        iterations_per_second=None,
        seconds_left=None,
    )
    return Checkpoint(snapshot, saved)
