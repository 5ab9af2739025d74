"""A run on the command line: the one loop, with what it has to tell and what it leaves behind."""

import signal
import time
from types import FrameType, TracebackType
from typing import Self

from playground.command_line.report import Moment, Report, curve_values
from playground.divergence import has_diverged, sentence
from playground.formatting import duration
from playground.history import Curves, History
from playground.slots import SLOTS, cores_for
from playground.teaching import Lesson
from playground.trainer import Measured, Trainer


class DivergedError(Exception):
    """The cost is no longer a number; the message is a sentence."""


class Session:
    """A trainer, the curves so far and the seconds they took, and where a taught network comes
    from; all of it may come from a file."""

    def __init__(
        self,
        trainer: Trainer,
        before: Curves | None = None,
        seconds: float = 0,
        lesson: Lesson | None = None,
    ) -> None:
        self.trainer = trainer
        self.lesson = lesson
        self.seconds = seconds
        self._history = History(before)
        self._measured = trainer.measure()
        if before is None:
            self._record(self._measured)

    @property
    def curves(self) -> Curves:
        """The same as the page's run of these settings has."""
        return self._history.curves()

    def train(self, report: Report) -> bool:
        """Train to the end, or until Ctrl-C: then False. Raises DivergedError."""
        trainer, m = self.trainer, self.trainer.data.train.m
        # The threads that the app would take: they change how sums are rounded.
        with SLOTS.turn(cores_for(trainer.config, m)), Interrupt() as interrupt:
            clock = _Clock(self.seconds, trainer)
            told = None
            while not (trainer.done or interrupt.asked):
                epoch_ended = self._step(report)
                moment = clock.moment(self._measured)
                self.seconds = moment.seconds
                report.step(moment)
                if epoch_ended or trainer.done:
                    report.epoch(moment)
                    told = moment.iteration
            if self._measured.iteration != trainer.state.iteration:
                self._measured = trainer.measure()
                if has_diverged(0.0, self._measured):  # by its very last step
                    raise DivergedError(sentence(trainer))
            if told != trainer.state.iteration:  # stopped amid an epoch, or there was none to do
                report.epoch(clock.moment(self._measured))
        return trainer.done

    def _step(self, report: Report) -> bool:
        """One step, measured where it is time to; whether it ended an epoch."""
        trainer = self.trainer
        record = trainer.step()
        self._history.add_step(record.cost)
        is_time = trainer.is_time_to_measure(record)
        if is_time or (report.every_epoch and record.epoch_ended):
            self._measured = trainer.measure()
            if is_time:
                self._record(self._measured)
        if has_diverged(record.cost, self._measured):
            raise DivergedError(sentence(trainer))
        return record.epoch_ended

    def summary(self) -> str:
        """Where the run is, in three lines."""
        trained, held_out = self._measured.training, self._measured.held_out
        return (
            f"{self.trainer.state.iteration:,} iterations, {self.trainer.state.epoch:,} epochs, "
            f"{duration(self.seconds)}\n"
            f"training   {trained.accuracy:.1%} right, cost {trained.cost:.4f} "
            f"(first {self.trainer.sample.m:,} examples)\n"
            f"held out   {held_out.accuracy:.1%} right, cost {held_out.cost:.4f} "
            f"({self.trainer.data.held_out.m:,} examples)"
        )

    def _record(self, measured: Measured) -> None:
        self._history.add_measured(iteration=measured.iteration, **curve_values(measured))


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
        )
