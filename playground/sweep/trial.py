"""A run of a sweep: what the sweep knows of it, and what a page shows."""

import io
import math
import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np

from data.dataset import Splits
from netcore.network import n_parameters
from playground.config import RunConfig, settings_as_text
from playground.history import MEASURED, Floats, Point
from playground.run import Status
from playground.saved import SavedRun, load_run
from playground.sweep import halving
from playground.sweep.search import Values
from playground.sweep.shared_batches import batches_key
from playground.sweep.stint import Stint
from playground.trainer import Trainer
from playground.training import Training


class TrialStatus(StrEnum):
    """The state of a run of a sweep, as the word that the page shows."""

    WAITING = "waiting"
    TRAINING = "training"
    COMPARED = "compared"  # waits at a rung for the others of its group
    DONE = "done"
    STOPPED = "stopped early"
    FAILED = "failed"
    CANCELLED = "cancelled"


AS_RUN = {  # what it is in the library once it is over
    TrialStatus.DONE: Status.DONE,
    TrialStatus.STOPPED: Status.STOPPED,
    TrialStatus.FAILED: Status.FAILED,
    TrialStatus.CANCELLED: Status.PAUSED,
}


@dataclass(frozen=True, eq=False)
class ShownTrial:
    """A run at one moment. It does not change.

    curves  the values of MEASURED, a row for each measurement
    score   of the validation set, the last one known; NaN before the first
    """

    number: int
    values: Values
    config: RunConfig
    token: str
    run_id: str
    status: TrialStatus
    message: str
    iteration: int
    iterations: int
    score: float
    cost: float
    seconds: float
    parameters: int
    curves: Floats

    @property
    def over(self) -> bool:
        return self.status in AS_RUN

    def measured(self, name: str) -> Floats:
        """The curve of this name, one of MEASURED."""
        return self.curves[:, MEASURED.index(name)]


@dataclass(eq=False)
class Trial:
    """A run of a sweep. Only the sweep changes it.

    group    the number of the group in which it is compared
    rungs    the iterations at which it will still be compared
    content  the file of its state after its last stint
    future   of the stint that is being trained
    lost     stints that the cluster has lost
    alone    whether it trains with no other, because such a stint failed
    """

    number: int
    values: Values
    config: RunConfig
    iterations: int
    group: int
    rungs: tuple[int, ...] = ()
    token: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    status: TrialStatus = TrialStatus.WAITING
    message: str = ""
    run_id: str = ""
    content: bytes | None = None
    iteration: int = 0
    score: float = math.nan
    cost: float = math.nan
    seconds: float = 0.0
    points: list[Point] = field(default_factory=list)
    future: Any = None
    lost: int = 0
    alone: bool = False

    @property
    def settings(self) -> dict[str, str]:
        return settings_as_text(self.config)

    @property
    def until(self) -> int:
        """The iteration at which its next stint ends at the latest."""
        return self.rungs[0] if self.rungs else self.iterations

    @property
    def over(self) -> bool:
        return self.status in AS_RUN

    @property
    def ready(self) -> bool:
        """Whether its next stint can begin."""
        waits = (TrialStatus.WAITING, TrialStatus.TRAINING)
        return self.future is None and self.status in waits

    def trains_with(self, other: "Trial") -> bool:
        """Whether the next stints of both take the same minibatches, as many of each."""
        if self is other:
            return True
        if self.alone or other.alone or not (self.ready and other.ready):
            return False
        key = batches_key(self.config)
        places = ((each.iteration, each.until) for each in (self, other))
        return key is not None and key == batches_key(other.config) and len(set(places)) == 1

    def add(self, point: Point) -> None:
        """A new point of its curves. A stint that is repeated gives the same points again."""
        if not self.points or point[0] > self.points[-1][0]:
            self.points.append(tuple(point))

    def take(self, stint: Stint) -> None:
        """The result of a stint."""
        self.iteration, self.seconds = stint.iteration, stint.seconds
        self.score, self.cost = stint.score, stint.cost
        if stint.failure:
            self.fail(stint.failure)
            return
        self.content = stint.content
        if stint.done:
            self.status = TrialStatus.DONE
        elif self.rungs and stint.iteration >= self.rungs[0]:
            self.status = TrialStatus.COMPARED

    def fail(self, message: str) -> None:
        self.status, self.message = TrialStatus.FAILED, message

    def go_on(self) -> None:
        """It is among the best at its rung."""
        self.rungs, self.status = self.rungs[1:], TrialStatus.TRAINING

    def stop(self, best: int) -> None:
        """It is not."""
        self.status = TrialStatus.STOPPED
        self.message = (
            f"After {self.iteration:,} iterations it was not among the best {best} of its group."
        )

    def saved(self, data: Splits) -> SavedRun:
        """Its last state. If it diverged before the end of its first stint, that is its start."""
        if self.content is not None:
            return load_run(io.BytesIO(self.content))
        trainer = Trainer(self.config, data)
        return SavedRun.of(trainer, Training(trainer).history.curves(), self.seconds)

    def shown(self) -> ShownTrial:
        points = np.array(self.points, dtype=float).reshape(len(self.points), len(MEASURED))
        score, cost, reached = self.score, self.cost, self.iteration
        if self.points:
            last = dict(zip(MEASURED, self.points[-1], strict=True))
            reached = max(reached, int(last["iteration"]))
            if not self.over:
                score, cost = last["validation_accuracy"], last["validation_cost"]
        return ShownTrial(
            self.number,
            self.values,
            self.config,
            self.token,
            self.run_id,
            self.status,
            self.message,
            reached,
            self.iterations,
            float(score),
            float(cost),
            self.seconds,
            n_parameters(self.config.layers),
            points,
        )


def rungs_of(iterations: int, *, halve: bool) -> tuple[int, ...]:
    return halving.rungs(iterations) if halve else ()
