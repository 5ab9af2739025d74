"""Progress reports of a run on the command line: a progress bar, or lines of JSON."""

import json
import os
import time
from dataclasses import dataclass
from typing import Any, TextIO

from playground import renamed
from playground.formatting import duration
from playground.measure import ACCURACY, Measure
from playground.trainer import Measured

REDRAW = 0.1  # seconds between two updates of the progress bar
BAR = 24  # characters of the bar itself
JSON_NAMES = {new: old for old, new in renamed.CURVES.items()}
"""Other people's programs read this JSON, so its keys keep their old names."""


@dataclass(frozen=True, eq=False)
class Moment:
    """The progress of a run.

    measured  the latest evaluation; of this very iteration in reports that want every epoch
    left      estimated seconds until the end, None if unknown
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
    """The silent report: without a terminal and without --json, only the result is printed.

    every_epoch  whether `epoch` wants the network measured at the end of each epoch
    """

    every_epoch = False

    def step(self, moment: Moment) -> None:
        """Called after every step."""

    def epoch(self, moment: Moment) -> None:
        """Called after every epoch, and at the end."""

    def close(self) -> None:
        """Called before anything else is printed."""


class JsonLines(Report):
    """One line of JSON per epoch. The last line of a finished run has "done": true."""

    every_epoch = True

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def epoch(self, moment: Moment) -> None:
        values: dict[str, Any] = {
            "iteration": moment.iteration,
            "epoch": moment.epoch,
            **_with_old_names(moment.measured.values(), moment.measure),
            "seconds": round(moment.seconds, 3),
        }
        if moment.done:
            values["done"] = True
        print(json.dumps(values, allow_nan=False), file=self._stream, flush=True)


class Bar(Report):
    """A progress bar: one line of a terminal, redrawn in place."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._drawn = 0.0

    def step(self, moment: Moment) -> None:
        now = time.monotonic()
        if moment.done or now - self._drawn >= REDRAW:
            self._drawn = now
            width = os.get_terminal_size(self._stream.fileno()).columns
            # One column stays free, because a full line makes the terminal start a new one.
            self._stream.write("\r" + bar_line(moment)[: max(0, width - 1)] + "\x1b[K")
            self._stream.flush()

    def close(self) -> None:
        self._stream.write("\r\x1b[K")
        self._stream.flush()


def bar_line(moment: Moment) -> str:
    """The text of the progress bar, most important part first: a narrow terminal cuts off the
    end.
    """
    share = moment.iteration / moment.iterations
    full = int(share * BAR)
    validation = moment.measured.validation
    left = "" if moment.left is None else f"{duration(moment.left)} left"
    return (
        f"{share:4.0%} [{'#' * full}{'.' * (BAR - full)}] {left}  "
        f"epoch {moment.epoch:,}  iteration {moment.iteration:,}/{moment.iterations:,}  "
        f"validation {moment.measure.brief(validation)}, cost {validation.cost:.4f}"
    )


def _with_old_names(values: dict[str, float], measure: Measure) -> dict[str, float]:
    names = {name: JSON_NAMES.get(name, name) for name in values}
    return {names[name].replace("accuracy", measure.key): values[name] for name in values}
