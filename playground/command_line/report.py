"""What a run on the command line says while it trains: a line that moves, or lines of JSON."""

import json
import os
import time
from dataclasses import dataclass
from typing import Any, TextIO

from playground import renamed
from playground.formatting import duration
from playground.measure import ACCURACY, Measure
from playground.trainer import Measured

REDRAW = 0.1  # seconds between two drawings of the moving line
BAR = 24  # characters
JSON_NAMES = {new: old for old, new in renamed.CURVES.items()}
"""Programs that people have written read these: JSON keeps the names that it has always had."""


@dataclass(frozen=True, eq=False)
class Moment:
    """How far a run is.

    measured  the latest, in a report that is told of every epoch that of this very moment
    left      seconds until the end, None before it can be told
    """

    iteration: int
    iterations: int
    epoch: int
    measured: Measured
    seconds: float
    left: float | None
    done: bool
    measure: Measure = ACCURACY


class Report:
    """Says nothing: what is neither a terminal nor asked for JSON gets the result alone.

    every_epoch  whether `epoch` wants the network measured at the end of each
    """

    every_epoch = False

    def step(self, moment: Moment) -> None:
        """After every step."""

    def epoch(self, moment: Moment) -> None:
        """After every epoch, and at the end."""

    def close(self) -> None:
        """Before anything else is said."""


class JsonLines(Report):
    """One JSON object a line, an epoch a line; the last one of a finished run says so."""

    every_epoch = True

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def epoch(self, moment: Moment) -> None:
        values: dict[str, Any] = {
            "iteration": moment.iteration,
            "epoch": moment.epoch,
            **_named_as_ever(moment.measured.values(), moment.measure),
            "seconds": round(moment.seconds, 3),
        }
        if moment.done:
            values["done"] = True
        print(json.dumps(values, allow_nan=False), file=self._stream, flush=True)


class Bar(Report):
    """One line of a terminal, drawn over itself."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._drawn = 0.0

    def step(self, moment: Moment) -> None:
        now = time.monotonic()
        if moment.done or now - self._drawn >= REDRAW:
            self._drawn = now
            width = os.get_terminal_size(self._stream.fileno()).columns
            # One column stays free: a full line would make the terminal begin a new one.
            self._stream.write("\r" + bar_line(moment)[: max(0, width - 1)] + "\x1b[K")
            self._stream.flush()

    def close(self) -> None:
        self._stream.write("\r\x1b[K")
        self._stream.flush()


def bar_line(moment: Moment) -> str:
    """What matters most first: a narrow terminal shows the beginning."""
    share = moment.iteration / moment.iterations
    full = int(share * BAR)
    validation = moment.measured.validation
    left = "" if moment.left is None else f"{duration(moment.left)} left"
    return (
        f"{share:4.0%} [{'#' * full}{'.' * (BAR - full)}] {left}  "
        f"epoch {moment.epoch:,}  iteration {moment.iteration:,}/{moment.iterations:,}  "
        f"validation {moment.measure.brief(validation)}, cost {validation.cost:.4f}"
    )


def _named_as_ever(values: dict[str, float], measure: Measure) -> dict[str, float]:
    names = {name: JSON_NAMES.get(name, name) for name in values}
    return {names[name].replace("accuracy", measure.key): values[name] for name in values}
