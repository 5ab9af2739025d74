"""A selection of examples, made in one view and used by all: a rule, as text and in words.

It is a rule, not a list of indices, so that it stays valid while a network trains: "true 4,
predicted 9" then has fewer digits.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from data.dataset import Dataset
from netcore.network import Network
from playground.inspect.outcome import Outcome, outcome

Part = Literal["validation", "training", "drawings"]
PARTS: tuple[Part, ...] = get_args(Part)
MAX_POINTS = 2_000  # of a map: what a lasso tells apart
MAX_CLASS = 10_000


class SelectionError(ValueError):
    """The text is not a selection. The message is a sentence for the page."""


@dataclass(frozen=True)
class Selection:
    """A rule for the examples of a set: all conditions given here must hold.

    true, predicted  classes, by index
    wrong        only wrong predictions
    percent      the confidence of the prediction, from … to (100 is included in the last bin)
    temperature  of that confidence, in hundredths
    points       indices of the examples inside a lasso, one bit each; None without a lasso
    """

    part: Part = "validation"
    true: int | None = None
    predicted: int | None = None
    wrong: bool = False
    percent: tuple[int, int] | None = None
    temperature: int = 100
    points: bytes | None = None

    @property
    def is_all(self) -> bool:
        return self == Selection(self.part)

    def members(self, network: Network, dataset: Dataset) -> NDArray[np.intp]:
        """The indices of the selected examples, the worst first: those whose label has the lowest
        probability.
        """
        found = outcome(network, dataset)
        members = np.flatnonzero(self._mask(found))
        return members[np.argsort(found.of_label[members], kind="stable")]

    def _mask(self, found: Outcome) -> NDArray[np.bool_]:
        mask = np.ones(found.m, dtype=bool)
        if self.true is not None:
            mask &= found.labels == self.true
        if self.predicted is not None:
            mask &= found.predicted == self.predicted
        if self.wrong:
            mask &= found.wrong
        if self.percent is not None:
            low, high = self.percent
            confidence = found.confidence_at(self.temperature / 100).astype(float)
            mask &= (confidence >= low / 100) & ((confidence < high / 100) | (high == 100))
        if self.points is not None:
            inside = np.unpackbits(np.frombuffer(self.points, np.uint8))[: found.m]
            mask[: len(inside)] &= inside.astype(bool)
            mask[len(inside) :] = False
        return mask

    def reason(self, class_names: Sequence[str]) -> str:
        """The rule in words, such as "true 4, predicted 9"; "" for a whole set.

        >>> Selection(true=4, predicted=9).reason("0123456789")
        'true 4, predicted 9'
        """
        conditions = []
        if self.true is not None:
            conditions.append(f"true {_name(class_names, self.true)}")
        if self.predicted is not None:
            conditions.append(f"predicted {_name(class_names, self.predicted)}")
        if self.wrong:
            conditions.append("predicted wrongly")
        if self.percent is not None:
            at = "" if self.temperature == 100 else f" at temperature {self.temperature / 100:.2f}"
            conditions.append(f"confidence {self.percent[0]} to {self.percent[1]} %{at}")
        if self.points is not None:
            conditions.append("inside the lasso")
        return ", ".join(conditions)

    def with_points(self, numbers: Sequence[int]) -> "Selection":
        """The selection of these indices of a set, without other conditions."""
        bits = np.zeros(MAX_POINTS, np.uint8)
        bits[[number for number in numbers if number < MAX_POINTS]] = 1
        return Selection(self.part, points=np.packbits(bits).tobytes().rstrip(b"\0"))

    def to_text(self) -> str:
        """The selection as text for an address.

        >>> Selection(true=4, predicted=9).to_text()
        'validation.true-4.predicted-9'
        """
        tokens: list[str] = [self.part]
        tokens += [] if self.true is None else [f"true-{self.true}"]
        tokens += [] if self.predicted is None else [f"predicted-{self.predicted}"]
        tokens += ["wrong"] if self.wrong else []
        tokens += [] if self.percent is None else ["percent-{}-{}".format(*self.percent)]
        tokens += [] if self.temperature == 100 else [f"temperature-{self.temperature}"]
        if self.points is not None:
            tokens.append("points-" + base64.urlsafe_b64encode(self.points).decode().rstrip("="))
        return ".".join(tokens)


def _name(class_names: Sequence[str], label: int) -> str:
    return class_names[label] if label < len(class_names) else f"class {label}"


def read_selection(text: str) -> Selection:
    """Read the selection in an address. Raises SelectionError if it is not one."""
    part, *tokens = text.split(".")
    if part not in PARTS:
        raise SelectionError(f"unknown part {part!r}; choose one of: {', '.join(PARTS)}.")
    selection = Selection(part)
    for token in tokens:
        name, _, value = token.partition("-")
        if name not in _READ:
            raise SelectionError(f"unknown rule {token!r}; choose one of: {', '.join(_READ)}.")
        read: dict[str, Any] = {name: _READ[name](value)}
        selection = replace(selection, **read)
    return selection


def _whole(value: str, low: int, high: int) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 9 and low <= int(value) <= high):
        raise SelectionError(f"{value!r} is not a whole number from {low} to {high}.")
    return int(value)


def _class(value: str) -> int:
    return _whole(value, 0, MAX_CLASS)


def _percent(value: str) -> tuple[int, int]:
    low, _, high = value.partition("-")
    first = _whole(low, 0, 99)
    return first, _whole(high, first + 1, 100)


def _points(value: str) -> bytes:
    try:
        points = base64.b64decode(value + "=" * (-len(value) % 4), b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise SelectionError("the points of the lasso cannot be read.") from error
    if len(points) > MAX_POINTS // 8:
        raise SelectionError(f"a lasso holds at most {MAX_POINTS:,} points.")
    return points


_READ = {
    "true": _class,
    "predicted": _class,
    "wrong": lambda value: True,
    "percent": _percent,
    "temperature": lambda value: _whole(value, 5, 1_000),
    "points": _points,
}
