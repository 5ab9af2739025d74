"""A stint: about a second of a run's training in a worker, from one saved state to the next.

A worker cannot be told to stop a task. So a task is short, and whoever pauses or cancels a sweep
waits for one stint at most. A run that ends within a stint is trained whole.
"""

import io
import time
from collections.abc import Callable
from dataclasses import dataclass

from data.dataset import Splits
from playground.config import RunConfig
from playground.cpu_semaphore import CPU_SEMAPHORE
from playground.history import Point, points_of
from playground.saved import load_run, save_run
from playground.time_machine.changes import Changes
from playground.trainer import Trainer
from playground.training import DivergedError, Training

SECONDS = 1.0  # of a stint


@dataclass(frozen=True)
class Stint:
    """What a worker returns.

    content   the run's file, as Save writes it, after the stint; b"" if the run has diverged
    score …   of the validation set, of the state in content
    seconds   of training so far
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
    settings: dict[str, str],
    content: bytes | None,
    data: Splits,
    until: int,
    seconds: float = SECONDS,
    tell: Callable[[Point], object] = lambda point: None,
) -> Stint:
    """Train until this iteration, or the end of the run, or for that many seconds.

    content  the run's file after its last stint; None for a new run with these settings
    tell     is called with each new point of the curves
    """
    if content is None:
        config = RunConfig.from_text(settings)
        training, before = Training(Trainer(config, data)), 0.0
        changes: Changes | None = Changes(0, config)
    else:
        saved = load_run(io.BytesIO(content))
        training, before = Training(saved.trainer(data), saved.curves), saved.seconds
        changes = saved.changes
    trainer = training.trainer
    known = 0 if content is None else len(training.history.curves().iteration)
    began = time.perf_counter()
    failure = ""
    with CPU_SEMAPHORE.computing():
        try:
            while True:
                known = _tell_new(training, known, tell)
                elapsed = time.perf_counter() - began
                if trainer.done or trainer.state.iteration >= until or elapsed >= seconds:
                    break
                training.step()
            training.measure()
        except DivergedError as error:
            failure = str(error)
    so_far = before + time.perf_counter() - began
    file = io.BytesIO()
    if not failure:
        save_run(file, trainer, training.history.curves(), so_far, changes=changes)
    validation = training.measured.validation
    return Stint(
        file.getvalue(),
        trainer.state.iteration,
        trainer.done,
        validation.score,
        validation.cost,
        so_far,
        failure,
    )


def _tell_new(training: Training, known: int, tell: Callable[[Point], object]) -> int:
    new = points_of(training.history.curves(), known)
    for point in new:
        tell(point)
    return known + len(new)


def stint_on_dask(
    topic: str,
    number: int,
    settings: dict[str, str],
    content: bytes | None,
    data: Splits,
    until: int,
    seconds: float,
) -> Stint:
    """The stint of a run with this number, as a task of a Dask worker. Its points are events."""
    from distributed import get_worker

    worker = get_worker()

    def tell(point: Point) -> None:
        worker.log_event(topic, (number, point))

    return stint(settings, content, data, until, seconds, tell)
