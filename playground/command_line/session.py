"""A run on the command line: the one loop, with what it has to tell and what it leaves behind."""

import signal
import time
from types import FrameType, TracebackType
from typing import Self

from playground.command_line.report import Moment, Report
from playground.cpu_semaphore import CPU_SEMAPHORE, cores_for
from playground.fine_tuning import FineTuning
from playground.formatting import duration
from playground.history import Curves
from playground.measure import measure_of
from playground.trainer import Measured, Trainer
from playground.training import Training


class Session:
    """A trainer, the curves so far and the seconds they took, and where a fine-tuned network comes
    from; all of it may come from a file."""

    def __init__(
        self,
        trainer: Trainer,
        before: Curves | None = None,
        seconds: float = 0,
        fine_tuning: FineTuning | None = None,
    ) -> None:
        self.trainer = trainer
        self.fine_tuning = fine_tuning
        self.seconds = seconds
        self._training = Training(trainer, before)

    @property
    def curves(self) -> Curves:
        """The same as the page's run of these settings has."""
        return self._training.history.curves()

    def train(self, report: Report) -> bool:
        """Train to the end, or until Ctrl-C: then False. Raises DivergedError."""
        training, trainer, m = self._training, self.trainer, self.trainer.data.train.m
        # The threads that the app would take: they change how sums are rounded.
        with CPU_SEMAPHORE.turn(cores_for(trainer.config, m)), Interrupt() as interrupt:
            clock = _Clock(self.seconds, trainer)
            told = None
            while not (trainer.done or interrupt.asked):
                record = training.step(measure_every_epoch=report.every_epoch)
                moment = clock.moment(training.measured)
                self.seconds = moment.seconds
                report.step(moment)
                if record.epoch_ended or trainer.done:
                    report.epoch(moment)
                    told = moment.iteration
            training.measure()
            if told != trainer.state.iteration:  # stopped amid an epoch, or there was none to do
                report.epoch(clock.moment(training.measured))
        return trainer.done

    def summary(self) -> str:
        """Where the run is, in three lines."""
        measure = measure_of(self.trainer.config)
        measured = self._training.measured
        trained, validation = measured.training, measured.validation
        return (
            f"{self.trainer.state.iteration:,} iterations, {self.trainer.state.epoch:,} epochs, "
            f"{duration(self.seconds)}\n"
            f"training   {measure.words(trained)}, cost {trained.cost:.4f} "
            f"(first {self.trainer.sample.m:,} examples)\n"
            f"validation {measure.words(validation)}, cost {validation.cost:.4f} "
            f"({self.trainer.data.validation.m:,} examples)"
        )


class Interrupt:
    """While it is open, the first Ctrl-C asks to stop after the step in progress, so that what is
    saved is whole; a second one stops at once."""

    asked = False

    def __enter__(self) -> Self:
        self._before = signal.signal(signal.SIGINT, self._ask)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        signal.signal(signal.SIGINT, self._before)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.asked = True
        signal.signal(signal.SIGINT, signal.default_int_handler)


class _Clock:
    """Tells how far a run is, from the pace since it began or went on."""

    def __init__(self, seconds: float, trainer: Trainer) -> None:
        self._trainer = trainer
        self._seconds = seconds
        self._first = trainer.state.iteration
        self._began = time.perf_counter()

    def moment(self, measured: Measured) -> Moment:
        state, iterations = self._trainer.state, self._trainer.hyper.iterations
        here = time.perf_counter() - self._began
        steps = state.iteration - self._first
        return Moment(
            state.iteration,
            iterations,
            state.epoch,
            measured,
            self._seconds + here,
            here / steps * (iterations - state.iteration) if steps else None,
            self._trainer.done,
            measure_of(self._trainer.config),
        )
