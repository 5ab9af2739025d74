"""What a person changed in a run between two steps, so that a replay makes the same changes."""

import math
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from netcore.array import Array
from playground.config import ConfigError, RunConfig, changed_settings, settings_as_text
from playground.trainer import Trainer

MAX_HISTORY = 40  # characters
MAX_IN_FILE = 5_000  # changes; a run with more cannot be rewound to before it was saved


@dataclass(frozen=True)
class Parameter:
    """One parameter of a network: W[layer][unit, source], or b[layer][unit] if source is None.
    Layers count from 1, units from 0.
    """

    layer: int
    unit: int
    source: int | None

    def __str__(self) -> str:
        if self.source is None:
            return f"b{self.layer}[{self.unit}]"
        return f"W{self.layer}[{self.unit},{self.source}]"

    def get(self, trainer: Trainer) -> float:
        """Raises IndexError if the network has no such parameter."""
        M, column = self._where(trainer)
        return float(M[self.unit, column])

    def set(self, trainer: Trainer, value: float) -> None:
        M, column = self._where(trainer)
        M[self.unit, column] = value

    def _where(self, trainer: Trainer) -> tuple[Array, int]:
        chosen = trainer.network.layers[self.layer - 1]
        return (chosen.b, 0) if self.source is None else (chosen.W, self.source)


@dataclass(frozen=True)
class Change:
    """A change after this many iterations: of the settings, or of one parameter of the network.
    Making it twice is the same as making it once.
    """

    iteration: int
    config: RunConfig | None = None
    parameter: Parameter | None = None
    value: float = 0.0

    def make(self, trainer: Trainer) -> None:
        if self.config is not None:
            trainer.adjust(self.config)
        if self.parameter is not None:
            self.parameter.set(trainer, self.value)

    def replaces(self, other: "Change") -> bool:
        """Whether the other change, made before this one, has no effect any more."""
        return (self.iteration, self.parameter) == (other.iteration, other.parameter)


@dataclass(frozen=True)
class Changes:
    """All changes since iteration `since`, when the settings were `first`; before that, nothing is
    known. It never changes itself, so any thread may read it.

    history  another text for each beginning of a run: keyframes in the library name it
    """

    since: int
    first: RunConfig
    made: tuple[Change, ...] = ()
    history: str = field(default_factory=lambda: secrets.token_hex(8))

    def with_change(self, change: Change) -> "Changes":
        left = [each for each in self.made if not change.replaces(each)]
        return replace(self, made=(*left, change))

    def until(self, iteration: int) -> "Changes":
        """Those that were made up to this iteration."""
        made = tuple(each for each in self.made if each.iteration <= iteration)
        return replace(self, made=made)

    def config_at(self, iteration: int) -> RunConfig:
        """The settings after this many iterations, all changes made there included."""
        configs = [each.config for each in self.until(iteration).made if each.config is not None]
        return configs[-1] if configs else self.first

    def to_json(self) -> dict[str, Any] | None:
        """For a run's file; None if they are too many, or not from the start of the run."""
        if self.since or len(self.made) > MAX_IN_FILE:
            return None
        made: list[list[Any]] = []
        before = self.first
        for each in self.made:
            if each.config is not None:
                made.append([each.iteration, changed_settings(before, each.config)])
                before = each.config
            elif (at := each.parameter) is not None:
                made.append([each.iteration, at.layer, at.unit, at.source, float(each.value)])
        first = settings_as_text(self.first)
        return {"first": first, "made": made, "history": self.history}


def changes_from_json(given: object, last: RunConfig, iteration: int) -> Changes:
    """The inverse of to_json.

    last, iteration  the settings and the iteration of the run in the file
    Raises ValueError if these cannot be the changes of such a run.
    """
    match given:
        case {"first": dict(first), "made": list(listed), "history": str(history)} if (
            len(listed) <= MAX_IN_FILE and len(history) <= MAX_HISTORY
        ):
            changes = Changes(0, _config(first, None), history=history)
        case _:
            raise ValueError("The list of its changes is malformed.")
    before, made, at = changes.first, list[Change](), 0
    for each in listed:
        change = _change(each, before)
        if change.config is not None and before.needs_new_run(change.config):
            raise ValueError("Its changes are of settings that a run keeps.")
        if not at <= change.iteration <= iteration:
            raise ValueError("Its changes are not in order.")
        before, at = change.config or before, change.iteration
        made.append(change)
    changes = replace(changes, made=tuple(made))
    if changes.first.needs_new_run(last) or changes.config_at(iteration) != last:
        raise ValueError("Its changes do not lead to its settings.")
    return changes


def _change(given: object, before: RunConfig) -> Change:
    match given:
        case [int(at), dict(texts)]:
            return Change(at, _config(texts, before))
        case [int(at), int(layer), int(unit), None | int() as source, float(value)] if (
            0 < layer < len(before.layers)
            and 0 <= unit < before.layers[layer]
            and (source is None or 0 <= source < before.layers[layer - 1])
            and math.isfinite(value)
        ):
            return Change(at, parameter=Parameter(layer, unit, source), value=value)
    raise ValueError("One of its changes is malformed.")


def _config(texts: Mapping[Any, Any], base: RunConfig | None) -> RunConfig:
    if not all(isinstance(text, str) for pair in texts.items() for text in pair):
        raise ValueError("The settings in its changes are malformed.")
    try:
        return RunConfig.from_text(texts, base)
    except ConfigError as error:
        raise ValueError("The settings in its changes are not allowed.") from error
