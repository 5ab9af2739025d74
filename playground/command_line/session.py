"""A run on the command line: the training loop with its reports and its curves."""

import signal
import time
from types import FrameType, TracebackType
from typing import Self

from playground.command_line.report import Moment, Report
from playground.cpu_semaphore import CPU_SEMAPHORE, cores_for
from playground.fine_tuning import FineTuning
from playground.formatting import counted, duration
from playground.history import Curves
from playground.measure import measure_of
from playground.time_machine.changes import Changes
from playground.trainer import Measured, Trainer
from playground.training import Training


class Session:
    """A trainer with the curves and the training time so far, the origin of a fine-tuned network,
    and the changes of settings so far, if they are known. All of it may come from a file.
    """

    def __init__(
        self,
        trainer: Trainer,
        before: Curves | None = None,
        seconds: float = 0,
        fine_tuning: FineTuning | None = None,
        changes: Changes | None = None,
    ) -> None:
        self.trainer = trainer
        self.changes = changes
        self.fine_tuning = fine_tuning
        self.seconds = seconds
        self._training = Training(trainer, before)

    @property
    def curves(self) -> Curves:
        """The same curves as on the page for these settings."""
        return self._training.history.curves()

    def train(self, report: Report) -> bool:
        """Train to the end and return True, or until Ctrl-C and return False. Raises
        DivergedError.
        """
        training, trainer, m = self._training, self.trainer, self.trainer.data.train.m
        # As many workers as the app uses.
        with CPU_SEMAPHORE.acquire(cores_for(trainer.config, m)), Interrupt() as interrupt:
            clock = _Clock(self.seconds, trainer)
            reported = None
            while not (trainer.done or interrupt.asked):
                record = training.step(measure_every_epoch=report.every_epoch)
                moment = clock.moment(training.measured)
                self.seconds = moment.seconds
                report.step(moment)
                if record.epoch_ended or trainer.done:
                    report.epoch(moment)
                    reported = moment.iteration
            training.measure()
            # Training stopped in the middle of an epoch, or nothing was left to do.
            if reported != trainer.state.iteration:
                report.epoch(clock.moment(training.measured))
        return trainer.done

    def summary(self) -> str:
        """The state of the run, in three lines."""
        measure = measure_of(self.trainer.config)
        measured = self._training.measured
        trained, validation = measured.training, measured.validation
        return (
            f"{counted(self.trainer.state.iteration, 'iteration')}, "
            f"{counted(self.trainer.state.epoch, 'epoch')}, {duration(self.seconds)}\n"
            f"training   {measure.words(trained)}, cost {trained.cost:.4f} "
            f"(first {self.trainer.sample.m:,} examples)\n"
            f"validation {measure.words(validation)}, cost {validation.cost:.4f} "
            f"({self.trainer.data.validation.m:,} examples)"
        )


class Interrupt:
    """A context in which the first Ctrl-C asks to stop after the current step, so that the saved
    run is complete. A second Ctrl-C stops at once.
    """

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
    """Estimates the remaining time from the pace since training started or resumed."""

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
