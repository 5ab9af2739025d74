"""Case, a run to diagnose, and Finding, one result of a diagnosis."""

from dataclasses import dataclass
from functools import cached_property
from math import log

import numpy as np

from data.dataset import Splits
from playground.config import RunConfig
from playground.layer_statistics import LayerStatistics, layer_statistics
from playground.outcome import is_guessing
from playground.run import Snapshot
from playground.settings import SETTINGS

RISEN = 1.3  # the cost has risen if it is this many times the lowest one


@dataclass(frozen=True)
class Finding:
    """One cause: its name, the evidence in this run's numbers, the explanation, and a fix."""

    name: str
    title: str
    evidence: str
    why: str
    fix: str
    config: RunConfig


class Case:
    """A run at a snapshot, with values that are computed when they are needed."""

    def __init__(self, shown: Snapshot, data: Splits) -> None:
        self.shown, self.data = shown, data
        self.config, self.network = shown.config, shown.network
        self.costs = shown.curves.step_cost
        self.window = max(10, len(self.costs) // 10)

    @cached_property
    def layers(self) -> list[LayerStatistics]:
        return layer_statistics(self.network, self.data.train.X, self.shown.gradient)

    @cached_property
    def smooth(self) -> np.ndarray:
        """Step costs as moving averages over a window."""
        sums = np.cumsum(np.concatenate([[0.0], self.costs]))
        return (sums[self.window :] - sums[: -self.window]) / self.window

    @property
    def guessing(self) -> float:
        """The cost of equal probabilities for all classes, in nats."""
        return log(max(self.data.train.n_classes, 2))

    @cached_property
    def is_guessing(self) -> bool:
        return is_guessing(self.shown)

    @cached_property
    def best(self) -> int:
        """The step around which the cost was lowest; 0 if it was never much lower than now."""
        lowest = int(self.smooth.argmin())
        return lowest + self.window if RISEN * self.smooth[lowest] < self.smooth[-1] else 0

    @cached_property
    def highest_rate(self) -> float:
        """The highest learning rate since the cost was lowest, because a person may have changed
        it.
        """
        rates, label = [self.config.learning_rate], f"{SETTINGS['learning_rate'].label}: "
        for event in self.shown.curves.events:
            if event.iteration >= self.best and event.text.startswith(label):
                rates += map(float, event.text.removeprefix(label).split(" → "))
        return max(rates)

    @property
    def slower(self) -> tuple[float, str]:
        """A learning rate to try instead of one that was too high, and its description."""
        rate, now = self.highest_rate / 10, self.config.learning_rate
        if rate < now:
            return rate, f"a tenth of the rate, α = {rate:g}"
        return now, f"α = {now:g} from the start"


def with_slower_steps(case: Case, name: str, title: str, evidence: str, why: str) -> Finding:
    rate, slower = case.slower
    return Finding(
        name,
        title,
        evidence,
        why,
        slower[0].upper() + slower[1:],
        case.config.with_values(learning_rate=rate),
    )
