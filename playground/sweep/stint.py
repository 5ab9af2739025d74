"""A stint: about a second of training in a worker, from one saved state to the next.

Dask cannot stop a task that has begun. So a stint looks between two steps whether it is to end, and
is short, because what a killed worker has done of it is lost. Runs that end within a stint are
trained whole.
"""

import io
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from data.dataset import Splits
from playground.config import RunConfig
from playground.cpu_semaphore import CPU_SEMAPHORE
from playground.history import Point, points_of
from playground.saved import load_run, save_run
from playground.sweep.examples import aligned
from playground.sweep.shared_batches import share_batches
from playground.time_machine.changes import Changes
from playground.trainer import Trainer
from playground.training import DivergedError, Training, first_not_finite

SECONDS = 1.0  # of a stint
MAX_ENDING = 1000

NumberedPoint = tuple[int, Point]
"""The number of a run, and a new point of its curves."""


@dataclass(frozen=True)
class Work:
    """What a worker is given of a run.

    content  the run's file after its last stint; None for a new run with these settings
    """

    number: int
    settings: dict[str, str]
    content: bytes | None


@dataclass(frozen=True)
class Stint:
    """What a worker returns of a run.

    content   the run's file, as Save writes it, after the stint; b"" if the run has diverged
    score …   of the validation set, as measured last: at its end, if it has reached that
    seconds   of training so far, as if it had trained alone
    failure   a sentence if the run has diverged, else ""
    """

    content: bytes
    iteration: int
    done: bool
    score: float
    cost: float
    seconds: float
    failure: str


def stint(
    work: Sequence[Work],
    data: Splits,
    until: int,
    seconds: float = SECONDS,
    report: Callable[[list[NumberedPoint]], object] = lambda points: None,
    ends: Callable[[], bool] = lambda: False,
) -> list[Stint]:
    """Train these runs together until this iteration, or their end, or for that many seconds.
    Several of them take the same minibatches.

    report  is called with new points of the curves
    ends    is asked between two steps whether the stint is to end now
    """
    began = time.perf_counter()
    runs: list[_Run] = []
    with CPU_SEMAPHORE.computing():
        for each in work:
            runs.append(_Run(each, data))
            _report_new(runs[-1:], report)
        sharing = share_batches([run.trainer for run in runs]) if len(runs) > 1 else []
        while training := [run for run in runs if run.goes_on(until)]:
            if ends() or time.perf_counter() - began >= seconds:
                break
            for run in training:
                run.step()
            _report_new(training, report)
        for run, workspace in zip(runs, sharing, strict=False):
            run.seconds += workspace.spared
        return [run.stint(until) for run in runs]


def _report_new(runs: Sequence["_Run"], report: Callable[[list[NumberedPoint]], object]) -> None:
    if points := [point for run in runs for point in run.new_points()]:
        report(points)


class _Run:
    """A run in a stint."""

    def __init__(self, work: Work, data: Splits) -> None:
        began = time.perf_counter()
        self._number, before = work.number, 0.0
        if work.content is None:
            config = RunConfig.from_text(work.settings)
            self._training, self._known = Training(Trainer(config, data)), 0
            self._changes: Changes | None = Changes(0, config)
        else:
            saved = load_run(io.BytesIO(work.content))
            self._training, self._known = (
                Training(saved.trainer(data), saved.curves),
                len(saved.curves.iteration),
            )
            self._changes, before = saved.changes, saved.seconds
        self._failure = ""
        self.seconds = before + time.perf_counter() - began

    @property
    def trainer(self) -> Trainer:
        return self._training.trainer

    def goes_on(self, until: int) -> bool:
        return not (self._failure or self.trainer.done or self.trainer.state.iteration >= until)

    def step(self) -> None:
        self._unless_it_diverges(self._training.step)

    def new_points(self) -> list[NumberedPoint]:
        new = points_of(self._training.history.curves(), self._known)
        self._known += len(new)
        return [(self._number, point) for point in new]

    def stint(self, until: int) -> Stint:
        """The result. Measuring takes as long as some steps, so it is done only where the run is
        compared or ends; or diverged in its last step, whose cost was that before the update.
        """
        if not self.goes_on(until) or first_not_finite(self.trainer.network):
            self._unless_it_diverges(self._training.measure)
        training, trainer, file = self._training, self.trainer, io.BytesIO()
        if not self._failure:
            curves = training.history.curves()
            save_run(file, trainer, curves, self.seconds, changes=self._changes)
        validation = training.measured.validation
        return Stint(
            file.getvalue(),
            trainer.state.iteration,
            trainer.done,
            validation.score,
            validation.cost,
            self.seconds,
            self._failure,
        )

    def _unless_it_diverges(self, act: Callable[[], object]) -> None:
        began = time.perf_counter()
        if not self._failure:
            try:
                act()
            except DivergedError as error:
                self._failure = str(error)
        self.seconds += time.perf_counter() - began


_ending: set[str] = set()  # names of stints in this process that are to end


def end(names: Sequence[str]) -> None:
    """Let these stints end after their current step, where this process trains them. Called in a
    worker, beside its task.
    """
    if len(_ending) > MAX_ENDING:
        _ending.clear()  # other workers have trained them
    _ending.update(names)


def stint_on_dask(
    name: str,
    topic: str,
    work: Sequence[tuple[Any, ...]],
    data: Splits,
    until: int,
    seconds: float,
) -> list[Stint]:
    """A stint as a task of a Dask worker. Points are events, for the topic of their sweep.

    work  tuples of the values of Work: the scheduler of an existing cluster does not know the class
    """
    from distributed import get_worker

    worker = get_worker()

    def report(points: list[NumberedPoint]) -> None:
        worker.log_event(topic, points)

    try:
        runs = [Work(*each) for each in work]
        return stint(runs, aligned(data), until, seconds, report, ends=lambda: name in _ending)
    finally:
        _ending.discard(name)
