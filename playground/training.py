"""A step of a run and what comes of it: the one loop behind the pages and the command line."""

import math

import numpy as np

from netcore.network import Network
from netcore.training import StepRecord
from playground.history import Curves, History
from playground.trainer import Trainer


class DivergedError(Exception):
    """The cost is NaN or infinite; the message is a sentence on when, where and what to try."""


class Training:
    """A trainer with its curves, going on with those given, and what was measured last.

    `step` and `measure` raise DivergedError where a cost is no finite number.
    """

    def __init__(self, trainer: Trainer, so_far: Curves | None = None) -> None:
        self.trainer = trainer
        self.history = History(so_far)
        self.measured = trainer.measure()
        if so_far is None:
            self._record()

    def step(self, *, measure_every_epoch: bool = False) -> StepRecord:
        """One step, measured where it is time to; the curves have both."""
        record = self.trainer.step()
        self.history.add_step(record.cost)
        self._check(record.cost)
        is_time = self.trainer.is_time_to_measure(record)
        if is_time or (measure_every_epoch and record.epoch_ended):
            self.measured = self.trainer.measure()
            if is_time:
                self._record()
            self._check()
        return record

    def measure(self) -> None:
        """Measure the network as it is now, where a step came since; the curves do not have it."""
        if self.measured.iteration != self.trainer.state.iteration:
            self.measured = self.trainer.measure()
        self._check()

    def _record(self) -> None:
        self.history.add_measured(iteration=self.measured.iteration, **self.measured.values())

    def _check(self, step_cost: float = 0.0) -> None:
        measured = self.measured
        if not math.isfinite(step_cost + measured.training.cost + measured.validation.cost):
            raise DivergedError(_how_it_diverged(self.trainer))


def _how_it_diverged(trainer: Trainer) -> str:
    """When it happened, where it shows first, and what to try."""
    first = first_not_finite(trainer.network)
    where = f", and so are numbers of {first}" if first else ""
    return (
        f"The run diverged at iteration {trainer.state.iteration:,}: its cost is NaN or "
        f"infinite{where}. The steps were too long. Try a learning rate ten times smaller than "
        f"{trainer.config.learning_rate:g}."
    )


def first_not_finite(network: Network) -> str:
    """The first matrix with a number that is NaN or infinite, such as "W2"; "" for none."""
    for l, layer in enumerate(network.layers, start=1):
        for name, M in (("W", layer.W), ("b", layer.b)):
            if not np.isfinite(M).all():
                return f"{name}{l}"
    return ""
