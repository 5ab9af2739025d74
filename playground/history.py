"""The curves of a run. They grow while other threads read them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Point = tuple[float, ...]  # the values of MEASURED, as they were measured together


class Series:
    """A list of float64 that only grows. An array that `values` returned does not change any more,
    so a page can read while the worker appends, without a lock.
    """

    def __init__(self, values: Sequence[float] | Floats = ()) -> None:
        self._size = len(values)
        self._room = np.concatenate([values, np.empty(1024)])

    def append(self, value: float) -> None:
        if self._size == len(self._room):
            self._room = np.concatenate([self._room, np.empty(self._size)])
        self._room[self._size] = value
        self._size += 1

    @property
    def values(self) -> Floats:
        """All values so far, as a view that is never written to again."""
        return self._room[: self._size]


@dataclass(frozen=True)
class Event:
    """A change during a run, marked on the curves."""

    iteration: int
    text: str

    @property
    def is_by_hand(self) -> bool:
        """Whether a parameter of the network was set by hand, rather than a setting changed.

        >>> Event(3, "W1[0,1]: 0.2 → 1").is_by_hand, Event(3, "L2 λ: 0 → 0.1").is_by_hand
        (True, False)
        """
        return re.match(r"W\d+\[\d+,\d+\]: |b\d+\[\d+\]: ", self.text) is not None

    @property
    def is_setting(self) -> bool:
        """Whether a setting was changed, rather than a parameter set, or the run branched.

        >>> Event(3, "L2 λ: 0 → 0.1").is_setting, Event(3, "branched here").is_setting
        (True, False)
        """
        return " → " in self.text and not self.is_by_hand

    @property
    def is_given(self) -> bool:
        """Whether initial weights are those of another run of a race.

        >>> Event(0, "W3 starts as W2 of A").is_given
        True
        """
        return " starts as " in self.text


@dataclass(frozen=True, eq=False)
class Curves:
    """The curves up to some moment. step_cost has the batch cost of each iteration. The other
    curves have one value for each entry of `iteration`: the iterations at which they were measured.
    """

    step_cost: Floats
    iteration: Floats
    cost: Floats
    accuracy: Floats
    validation_cost: Floats
    validation_accuracy: Floats
    events: tuple[Event, ...] = ()

    @property
    def n_by_hand(self) -> int:
        """How many times a parameter of the network was set by hand."""
        return sum(event.is_by_hand for event in self.events)

    @property
    def has_changed_settings(self) -> bool:
        return any(event.is_setting for event in self.events)

    @property
    def has_given_weights(self) -> bool:
        return any(event.is_given for event in self.events)

    def until(self, iteration: int) -> "Curves":
        """The curves as they were after this many iterations."""
        n = int(np.searchsorted(self.iteration, iteration, side="right"))
        return Curves(
            self.step_cost[:iteration],
            **{name: getattr(self, name)[:n] for name in MEASURED},
            events=tuple(event for event in self.events if event.iteration <= iteration),
        )

    @property
    def n_bytes(self) -> int:
        return 8 * (len(self.step_cost) + 5 * len(self.iteration))


MEASURED = ("iteration", "cost", "accuracy", "validation_cost", "validation_accuracy")


def points_of(curves: Curves, since: int = 0) -> list[Point]:
    """The measurements, from the one with this index on."""
    columns = [getattr(curves, name)[since:].tolist() for name in MEASURED]
    return list(zip(*columns, strict=True))


class History:
    """Collects curves, continuing the given ones. The worker appends, and any thread reads."""

    def __init__(self, so_far: Curves | None = None) -> None:
        self._step_cost = Series() if so_far is None else Series(so_far.step_cost)
        self._measured = {
            name: Series() if so_far is None else Series(getattr(so_far, name)) for name in MEASURED
        }
        self._events: tuple[Event, ...] = () if so_far is None else so_far.events

    def add_step(self, cost: float) -> None:
        self._step_cost.append(cost)

    def add_measured(self, **values: float) -> None:
        for name, series in self._measured.items():
            series.append(values[name])

    def add_event(self, event: Event) -> None:
        self._events += (event,)

    def curves(self) -> Curves:
        measured = {name: series.values for name, series in self._measured.items()}
        shortest = min(map(len, measured.values()))  # the worker may be in the middle of appending
        return Curves(
            self._step_cost.values,
            **{name: values[:shortest] for name, values in measured.items()},
            events=self._events,
        )


def thinned(n: int, most: int) -> NDArray[np.intp]:
    """The indices of about so many of n points: evenly spaced ones, and the last.

    >>> thinned(8, 3).tolist(), thinned(0, 3).tolist()
    ([0, 3, 6, 7], [])
    """
    step = max(1, -(-n // most))
    return np.unique(np.append(np.arange(0, n, step), np.arange(n)[-1:]))


def decimate(y: Floats, points: int) -> tuple[Floats, Floats]:
    """x and y of at most that many points, with x counting from 1. Every extreme is kept: each
    interval is shown by its smallest and its largest value, at their positions.

    >>> decimate(np.array([1.0, 9.0, 2.0, 3.0, 4.0, 0.0, 5.0, 5.0]), 4)
    (array([1., 2., 6., 7.]), array([1., 9., 0., 5.]))
    """
    x = np.arange(1.0, len(y) + 1)
    if len(y) <= points:
        return x, y
    intervals = points // 2
    edges = np.linspace(0, len(y), intervals + 1).astype(int)
    keep = [
        start + i
        for start, stop in pairwise(edges)
        for i in sorted({int(y[start:stop].argmin()), int(y[start:stop].argmax())})
    ]
    return x[keep], y[keep]
