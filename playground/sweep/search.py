"""How the next settings of a sweep are found: all of a grid, random ones, or Optuna's sampler."""

import math
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, Protocol

import numpy as np

from playground.config import ConfigError
from playground.optional_packages import missing
from playground.sweep.ranges import Choices, Space
from playground.sweep.shared_batches import as_neighbors

MAX_RUNS = 1000
METHODS = {
    "grid": "all combinations",
    "random": "random ones",
    "optuna": "Optuna's sampler: the results so far say where to look next",
}
Values = Mapping[str, str]


class Search(Protocol):
    """Proposes the values of one run after another.

    count   how many it proposes in all
    learns  whether results change what it proposes
    """

    count: int
    learns: bool

    def ask(self) -> Values | None:
        """The values of the next run; None after the last."""
        ...

    def tell(self, number: int, score: float | None, *, stopped: bool) -> None:
        """The result of the run asked for as number `number`, from 0. None if it failed."""
        ...


class Listed:
    """Values that are known before the first run, so ordered that runs can train together."""

    learns = False

    def __init__(self, values: list[Values]) -> None:
        self.count = len(values)
        self._next: Iterator[Values] = iter(as_neighbors(values))

    def ask(self) -> Values | None:
        return next(self._next, None)

    def tell(self, number: int, score: float | None, *, stopped: bool) -> None:
        """They stay as they are."""


def grid(space: Space) -> Listed:
    """All combinations; of runs that can train together, the last setting changes first.

    Raises ConfigError for too many.
    """
    _check_count(space.size)
    names, points = list(space.axes), [axis.points() for axis in space.axes.values()]
    return Listed([dict(zip(names, texts, strict=True)) for texts in product(*points)])


def random(space: Space, runs: int, seed: int) -> Listed:
    """Independent random values; the same seed proposes the same ones."""
    _check_count(runs)
    rng = np.random.default_rng(seed)
    return Listed(
        [{name: axis.at(rng.random()) for name, axis in space.axes.items()} for _ in range(runs)]
    )


def no_optuna() -> str:
    """What is missing for Optuna's sampler; "" if nothing is."""
    return missing("optuna", "Optuna's sampler")


class Optuna:
    """Optuna's default sampler (TPE), in the order in which results come."""

    learns = True

    def __init__(self, space: Space, runs: int, seed: int) -> None:
        _check_count(runs)
        if why := no_optuna():
            raise ConfigError(f"{why}.")
        import optuna

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        sampler = optuna.samplers.TPESampler(seed=seed)
        self.count = runs
        self._study = optuna.create_study(direction="maximize", sampler=sampler)
        self._states = optuna.trial.TrialState
        self._space = space
        self._asked: list[Any] = []

    def ask(self) -> Values | None:
        if len(self._asked) == self.count:
            return None
        trial = self._study.ask()
        self._asked.append(trial)
        return {name: self._suggested(trial, name) for name in self._space.axes}

    def _suggested(self, trial: Any, name: str) -> str:
        axis = self._space.axes[name]
        if isinstance(axis, Choices):
            return str(trial.suggest_categorical(name, axis.texts))
        if axis.whole:
            low, high = int(axis.low), int(axis.high)
            return str(trial.suggest_int(name, low, high, log=axis.logarithmic))
        return f"{trial.suggest_float(name, axis.low, axis.high, log=axis.logarithmic):.4g}"

    def tell(self, number: int, score: float | None, *, stopped: bool) -> None:
        """A run that was stopped early counts with the score that it had then."""
        if score is None or not math.isfinite(score):
            self._study.tell(self._asked[number], state=self._states.FAIL)
        elif stopped:
            self._asked[number].report(score, step=1)
            self._study.tell(self._asked[number], state=self._states.PRUNED)
        else:
            self._study.tell(self._asked[number], score)


def search(method: str, space: Space, *, runs: int = 20, seed: int = 1) -> Search:
    """The search of this name. Raises ConfigError."""
    if not space.axes:
        raise ConfigError("vary: nothing varies; choose at least one setting with its values.")
    match method:
        case "grid":
            return grid(space)
        case "random":
            return random(space, runs, seed)
        case "optuna":
            return Optuna(space, runs, seed)
    raise ConfigError(f"search: unknown {method[:40]!r}; choose one of: {', '.join(METHODS)}.")


def _check_count(runs: int) -> None:
    if not 1 <= runs <= MAX_RUNS:
        raise ConfigError(
            f"A sweep has 1 to {MAX_RUNS:,} runs, not {runs:,}: take fewer values of a setting, "
            "or random ones."
        )
