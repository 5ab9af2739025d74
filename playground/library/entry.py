"""A run as a row of the library's table."""

import json
import math
import sqlite3
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any

import numpy as np

from data.dataset import Dataset, Splits
from netcore.network import n_parameters
from playground.config import ConfigError, RunConfig, settings_as_text
from playground.library.schema import LibraryError
from playground.run import Checkpoint
from playground.settings import SETTINGS
from playground.weak_cache import WeakCache

COMMAND_LINE = "command line"  # the owner of runs that no browser has started
SPARKS = 24  # points of a sparkline
MAX_CLOCK = 240  # pairs in a run's clock; a longer one loses every other pair
MAX_NAME, MAX_TAG, MAX_TAGS = 80, 30, 12

_checksums: WeakCache[Splits, str] = WeakCache("key")


@dataclass(frozen=True)
class Entry:
    """A row of the table.

    token      names the run in addresses; only its owner continues it there
    id         whoever has it can look at the run
    owner      a hash of a browser's key, or COMMAND_LINE
    setting    equal for runs that differ only in their seed
    settings   all settings, as text
    clock      (iteration, seconds of training so far), about once per second
    cost …     on the validation set; None if not finite
    parent     id of the run that this one branched from
    """

    token: str
    id: str
    owner: str
    parent: str | None
    parent_iteration: int | None
    given_name: str
    made_name: str
    tags: tuple[str, ...]
    pinned: bool
    created: float
    changed: float
    deleted: bool
    settings: dict[str, str]
    setting: str
    seed: int
    dataset: str
    checksum: str
    parameters: int
    status: str
    iteration: int
    iterations: int
    epoch: int
    seconds: float
    cost: float | None
    accuracy: float | None
    best_cost: float | None
    best_accuracy: float | None
    sparkline: tuple[float, ...]
    clock: tuple[tuple[int, float], ...]
    bytes: int

    @property
    def name(self) -> str:
        return self.given_name or self.made_name

    @cached_property
    def words(self) -> str:
        """The text in which a filter looks for its words."""
        settings = " ".join(f"{name}={text}" for name, text in self.settings.items())
        return " ".join([self.name, self.made_name, *self.tags, self.status, settings]).lower()

    @property
    def config(self) -> RunConfig:
        """Raises LibraryError if this version of the app does not have such settings."""
        try:
            return RunConfig.from_text(self.settings)
        except ConfigError as error:
            raise LibraryError(f"The settings of {self.name} are not allowed: {error}") from error


def entry_of(row: sqlite3.Row) -> Entry:
    summary = json.loads(row["summary"])
    return Entry(
        **{name: row[name] for name in _AS_THEY_ARE},
        given_name=row["name"],
        tags=tuple(json.loads(row["tags"])),
        pinned=bool(row["pinned"]),
        deleted=row["deleted"] is not None,
        settings=json.loads(row["settings"]),
        sparkline=tuple(json.loads(row["sparkline"])),
        clock=tuple((iteration, seconds) for iteration, seconds in json.loads(row["clock"])),
        **{name: summary.get(name) for name in ("cost", "accuracy", "best_cost", "best_accuracy")},
    )


_AS_THEY_ARE = (
    *("token", "id", "owner", "parent", "parent_iteration", "made_name", "created", "changed"),
    *("setting", "seed", "dataset", "checksum", "parameters", "status"),
    *("iteration", "iterations", "epoch", "seconds", "bytes"),
)


def columns_of(checkpoint: Checkpoint) -> dict[str, Any]:
    """The table's columns for a checkpoint."""
    shown, config = checkpoint.shown, checkpoint.saved.config
    settings = settings_as_text(config)
    but_seed = {name: text for name, text in settings.items() if name != "seed"}
    return {
        "settings": json.dumps(settings),
        "made_name": made_name(config),
        "setting": _digest(json.dumps(but_seed, sort_keys=True).encode()),
        "seed": config.seed,
        "dataset": config.dataset,
        "checksum": checksum(shown.learned_from),
        "parameters": n_parameters(config.layers),
        "status": str(shown.status),
        "iteration": shown.iteration,
        "iterations": shown.iterations,
        "epoch": shown.epoch,
        "seconds": shown.seconds,
        "summary": json.dumps(_summary(checkpoint)),
        "sparkline": json.dumps(_sparkline(shown.curves.validation_accuracy)),
    }


def _summary(checkpoint: Checkpoint) -> dict[str, float | None]:
    last, curves = checkpoint.shown.measured.validation, checkpoint.shown.curves
    costs = np.append(curves.validation_cost, last.cost)
    accuracies = np.append(curves.validation_accuracy, last.score)
    best_cost = np.min(costs, initial=math.inf, where=np.isfinite(costs))
    best_accuracy = np.max(accuracies, initial=-math.inf, where=np.isfinite(accuracies))
    values = {
        "cost": last.cost,
        "accuracy": last.score,
        "best_cost": best_cost,
        "best_accuracy": best_accuracy,
    }
    return {name: float(x) if math.isfinite(x) else None for name, x in values.items()}


def _sparkline(values: np.ndarray) -> list[float]:
    """A few evenly spaced points of a curve, including the last one."""
    finite = values[np.isfinite(values)]
    if len(finite) > SPARKS:
        finite = finite[np.linspace(0, len(finite) - 1, SPARKS).round().astype(int)]
    return [round(float(value), 4) for value in finite]


def longer_clock(clock: list[list[float]], iteration: int, seconds: float) -> list[list[float]]:
    """The clock with one more pair. If it gets long, every other pair is dropped, but not the last.

    >>> longer_clock([[10, 1.0]], 25, 2.5)
    [[10, 1.0], [25, 2.5]]
    """
    kept = [pair for pair in clock if pair[0] < iteration]
    if len(kept) >= MAX_CLOCK:
        kept = kept[1::2]
    return [*kept, [iteration, round(seconds, 3)]]


def made_name(config: RunConfig) -> str:
    """A name made of the settings that differ from the app's default, for a run without a name.

    >>> made_name(RunConfig(layers=(784, 10), activations=()))
    'mnist-5k · network 784,10'
    """
    differing = {
        name: text
        for name, text in config.to_text().items()
        if name not in ("dataset", "digit_forms", "seed", "activations", "placed")
    }
    if len(set(config.activations)) == 1 and "activations" in config.to_text():
        differing["activations"] = config.activations[0]
    parts = [f"{SETTINGS[name].label.lower()} {text}" for name, text in differing.items()]
    text = " · ".join([config.dataset, *(parts or ["default"])])
    return text if len(text) <= 2 * MAX_NAME else text[: 2 * MAX_NAME] + " …"


def checksum(data: Splits) -> str:
    """A checksum of the examples and labels, computed once for all runs on the same data."""
    return _checksums.get(data, lambda: _checksum(data))


def _checksum(data: Splits) -> str:
    hasher = blake2b(digest_size=20)
    for part in (data.train, data.validation):
        _feed(hasher, part)
    return hasher.hexdigest()


def _feed(hasher: "blake2b", part: Dataset) -> None:
    """Add the examples and labels of this data set to the hash."""
    for array in (part.X.T, part.labels):
        hasher.update(repr((array.shape, array.dtype.str)).encode())
        hasher.update(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=20).hexdigest()
