"""A moment of a run: what pages show of it, as if it had been paused after that step."""

from dataclasses import dataclass, replace

from playground.snapshot import Snapshot, Status
from playground.time_machine.timeline import Rebuilt
from playground.trainer import Trainer


@dataclass(frozen=True, eq=False)
class Moment:
    """A snapshot of the past, and the trainer that it is of. Nobody may step that trainer, but a
    copy of it goes on as the run did.
    """

    shown: Snapshot
    trainer: Trainer

    @property
    def n_bytes(self) -> int:
        """About how many bytes it takes: vectors of theta's size."""
        state = self.trainer.state
        vectors = 1 + len(state.optimizer_state)
        vectors += (self.shown.gradient is not None) + (self.shown.update is not None)
        return vectors * state.network.theta.nbytes


def moment(latest: Snapshot, rebuilt: Rebuilt) -> Moment:
    """The moment that was rebuilt, of the run of this snapshot."""
    trainer, state = rebuilt.trainer, rebuilt.trainer.state
    status = Status.READY
    if state.iteration:
        status = Status.DONE if trainer.done else Status.PAUSED
    per_epoch = trainer.config.batches_per_epoch(trainer.data.train.m)
    iterations = max(trainer.hyper.iterations, state.iteration)
    shown = replace(
        latest,
        config=trainer.config,
        status=status,
        message="",
        network=trainer.network,
        gradient=rebuilt.gradient,
        update=rebuilt.update,
        measured=trainer.measure(),
        curves=latest.curves.until(state.iteration),
        iteration=state.iteration,
        iterations=iterations,
        epoch=state.epoch,
        epochs=iterations / per_epoch,
        seconds=rebuilt.seconds,
        iterations_per_second=None,
        seconds_left=None,
        confusions=tuple(each for each in latest.confusions if each.iteration <= state.iteration),
        latest=latest,
    )
    return Moment(shown, trainer)
