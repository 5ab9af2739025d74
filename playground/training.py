"""The training loop of the pages and the command line: steps, measurements and curves."""

import math
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from netcore.metrics import confusion_matrix
from netcore.network import Network
from netcore.training import StepRecord
from playground.history import Curves, History
from playground.trainer import Measured, Trainer


@dataclass(frozen=True, eq=False)
class Confusion:
    """The confusion matrix of the validation set after this many iterations. Kept as long as the
    run is in memory: files have the curves alone."""

    iteration: int
    matrix: NDArray[np.integer]


class DivergedError(Exception):
    """The cost is NaN or infinite. The message says when, where it shows first, and what to try."""


class Training:
    """A trainer with its curves, which continue the given ones, and its latest measurement.

    seconds  that the steps took here, without measuring

    `step` and `measure` raise DivergedError if a cost is not finite.
    """

    def __init__(self, trainer: Trainer, so_far: Curves | None = None) -> None:
        self.trainer = trainer
        self.history = History(so_far)
        self._measured: Measured | None = None
        self.seconds = 0.0
        self.confusions: list[Confusion] = []
        if so_far is None:
            self._record()

    @property
    def measured(self) -> Measured:
        """The latest measurement. Training that continues has none until it is asked for."""
        if self._measured is None:
            self._measured = self.trainer.measure()
        return self._measured

    @measured.setter
    def measured(self, measured: Measured) -> None:
        self._measured = measured

    def step(self, *, measure_every_epoch: bool = False) -> StepRecord:
        """Take one step, and measure if it is time to. Both are added to the curves."""
        began = perf_counter()
        record = self.trainer.step()
        self.seconds += perf_counter() - began
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
        """Measure the current network, if a step was taken since the last time. Not added to the
        curves.
        """
        if self.measured.iteration != self.trainer.state.iteration:
            self.measured = self.trainer.measure()
        self._check()

    def _record(self) -> None:
        self.history.add_measured(iteration=self.measured.iteration, **self.measured.values())
        validation = self.trainer.data.validation
        matrix = confusion_matrix(
            self.measured.validation.predicted, validation.labels, validation.n_classes
        )
        smallest = np.min_scalar_type(validation.m)  # there are many of them
        self.confusions.append(Confusion(self.measured.iteration, matrix.astype(smallest)))

    def _check(self, step_cost: float = 0.0) -> None:
        costs = step_cost
        if self._measured is not None:
            costs += self._measured.training.cost + self._measured.validation.cost
        if not math.isfinite(costs):
            raise DivergedError(_how_it_diverged(self.trainer))


def _how_it_diverged(trainer: Trainer) -> str:
    """When the run diverged, where it shows first, and what to try."""
    first = first_not_finite(trainer.network)
    where = f", and so are numbers of {first}" if first else ""
    return (
        f"The run diverged at iteration {trainer.state.iteration:,}: its cost is NaN or "
        f"infinite{where}. The steps were too long. Try a learning rate ten times smaller than "
        f"{trainer.config.learning_rate:g}."
    )


def first_not_finite(network: Network) -> str:
    """The first matrix with a NaN or infinite number, such as "W2"; "" if there is none."""
    for l, layer in enumerate(network.layers, start=1):
        for name, M in (("W", layer.W), ("b", layer.b)):
            if not np.isfinite(M).all():
                return f"{name}{l}"
    return ""
