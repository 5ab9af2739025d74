"""A run of a sweep: what the sweep knows of it, and what a page shows."""

import math
import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np

from netcore.network import n_parameters
from playground.config import RunConfig
from playground.history import MEASURED, Curves, Floats
from playground.saved import settings_as_text
from playground.sweep import halving
from playground.sweep.search import Values
from playground.sweep.stint import Point, Stint


class TrialStatus(StrEnum):
    """The state of a run of a sweep, as the word that the page shows."""

    WAITING = "waiting"
    TRAINING = "training"
    COMPARED = "compared"  # waits at a rung for the others of its group
    DONE = "done"
    STOPPED = "stopped early"
    FAILED = "failed"
    CANCELLED = "cancelled"


OVER = {TrialStatus.DONE, TrialStatus.STOPPED, TrialStatus.FAILED, TrialStatus.CANCELLED}


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
        return self.status in OVER


@dataclass(eq=False)
class Trial:
    """A run of a sweep. Only the sweep changes it.

    group    the number of the group in which it is compared
    rungs    the iterations at which it will still be compared
    content  the file of its state after its last stint
    future   of the stint that is being trained
    lost     stints that the cluster has lost
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

    @property
    def settings(self) -> dict[str, str]:
        return settings_as_text(self.config)

    @property
    def until(self) -> int:
        """The iteration at which its next stint ends at the latest."""
        return self.rungs[0] if self.rungs else self.iterations

    @property
    def over(self) -> bool:
        return self.status in OVER

    @property
    def ready(self) -> bool:
        """Whether its next stint can begin."""
        waits = (TrialStatus.WAITING, TrialStatus.TRAINING)
        return self.future is None and self.status in waits

    def add(self, point: Point) -> None:
        """A new point of its curves. A stint that is repeated gives the same points again."""
        if not self.points or point[0] > self.points[-1][0]:
            self.points.append(tuple(point))

    def take(self, stint: Stint) -> None:
        """The result of a stint."""
        self.iteration, self.seconds = stint.iteration, stint.seconds
        self.score, self.cost = stint.score, stint.cost
        if stint.failure:
            self.status, self.message = TrialStatus.FAILED, stint.failure
            return
        self.content = stint.content
        if stint.done:
            self.status = TrialStatus.DONE
        elif self.rungs and stint.iteration >= self.rungs[0]:
            self.status = TrialStatus.COMPARED

    def go_on(self) -> None:
        """It is among the best at its rung."""
        self.rungs, self.status = self.rungs[1:], TrialStatus.TRAINING

    def stop(self, best: int) -> None:
        """It is not."""
        self.status = TrialStatus.STOPPED
        self.message = (
            f"After {self.iteration:,} iterations it was not among the best {best} of its group."
        )

    def shown(self) -> ShownTrial:
        points = np.array(self.points, dtype=float).reshape(len(self.points), len(MEASURED))
        score, cost = self.score, self.cost
        if len(points) and not self.over:
            score, cost = points[-1][4], points[-1][3]
        return ShownTrial(
            self.number,
            self.values,
            self.config,
            self.token,
            self.run_id,
            self.status,
            self.message,
            max(self.iteration, int(points[-1][0]) if len(points) else 0),
            self.iterations,
            float(score),
            float(cost),
            self.seconds,
            n_parameters(self.config.layers),
            points,
        )


def points_of(curves: Curves) -> list[Point]:
    columns = [getattr(curves, name).tolist() for name in MEASURED]
    return list(zip(*columns, strict=True))


def rungs_of(iterations: int, *, halve: bool) -> tuple[int, ...]:
    return halving.rungs(iterations) if halve else ()
