"""The runs and races in memory on this server, by token, so that a reloaded page finds its own
again.
"""

import time
from collections.abc import Sequence
from threading import Lock
from typing import Protocol, TypeVar

from data import catalog
from data.dataset import Dataset
from playground.memory_limit import memory_limit
from playground.memory_return import give_back_soon, keep_little
from playground.run import Run
from playground.time_machine.keyframes import KEYFRAME_BYTES

KEYFRAMES = 0.25  # share of the limit that the keyframes of all runs together may take, at most
TIME_TO_LIVE = 3600.0  # seconds for which a run is kept after the last tab that showed it


class Computation(Protocol):
    """What is computed beside pages: a run, or a race."""

    token: str
    owner: str
    last_seen: float

    @property
    def shown(self) -> bool: ...
    @property
    def busy(self) -> bool: ...
    @property
    def n_bytes(self) -> int: ...
    @property
    def examples(self) -> Sequence[Dataset]: ...
    def watch(self, viewer: str) -> None: ...
    def leave(self, viewer: str) -> None: ...
    def pause(self) -> None: ...


T = TypeVar("T", bound=Computation)


class RegistryFullError(Exception):
    """There is no memory for another run. The message is a sentence for the page."""


class Registry:
    """Keeps runs while a tab shows them, and TIME_TO_LIVE seconds longer; all together may take
    only a limited number of bytes.

    limit  bytes; None for memory_limit()
    """

    def __init__(self, limit: int | None = None, time_to_live: float = TIME_TO_LIVE) -> None:
        self._limit = limit
        self._time_to_live = time_to_live
        self._runs: dict[str, Computation] = {}
        self._lock = Lock()
        keep_little()

    def __len__(self) -> int:
        return len(self._runs)

    @property
    def limit(self) -> int:
        return memory_limit() if self._limit is None else self._limit

    def add(self, run: Computation, viewer: str) -> None:
        """Add this run, which this viewer's tab shows from now on.

        Runs that have expired are dropped. If all together exceed the limit, runs that no tab shows
        and that do not train are dropped as well, the least recently shown first. Raises
        RegistryFullError if that is not enough, and then adds nothing.
        """
        with self._lock:
            runs: list[Computation] = [*self._runs.values(), run]
            keyframe_bytes = self._keyframe_bytes(len(runs))
            for each in runs:  # before anybody is refused, runs can be rewound less quickly
                if isinstance(each, Run):
                    each.limit_keyframes(keyframe_bytes)
            unseen = sorted(
                (each for each in self._runs.values() if not each.shown and not each.busy),
                key=lambda each: each.last_seen,
            )
            over = [
                each
                for each in unseen
                if time.monotonic() - each.last_seen > self._time_to_live and each is not run
            ]
            gone = list(over)
            for each in unseen:
                if size_of([r for r in runs if r not in gone]) <= self.limit:
                    break
                if each not in gone and each is not run:
                    gone.append(each)
            kept = [each for each in runs if each not in gone]
            if len(kept) > 1 and size_of(kept) > self.limit:
                for each in over:
                    del self._runs[each.token]
                others = len(kept) - 1
                raise RegistryFullError(
                    f"This server is full: {others:,} run{'s are' if others > 1 else ' is'} open "
                    f"in other windows, and all together may hold {self.limit / 1e6:,.0f} MB. "
                    "Close a window, try a smaller network, or come back later."
                )
            for each in gone:
                del self._runs[each.token]
            self._runs[run.token] = run
        if gone:
            give_back_soon()
        run.watch(viewer)

    def _keyframe_bytes(self, runs: int) -> int:
        """What the keyframes of one of so many runs may take. The more runs there are, the less all
        together take: in a class, memory is for the runs themselves.
        """
        return int(min(KEYFRAME_BYTES / runs**1.5, KEYFRAMES * self.limit / runs))

    def get(self, token: str) -> Run | None:
        """The run of this token, or None if it does not exist (any more)."""
        return self.find(token, Run)

    def find(self, token: str, kind: type[T]) -> T | None:
        """The run, or race, of this token, or None if there is none of this kind (any more)."""
        found = self._runs.get(token)
        return found if isinstance(found, kind) else None

    def of(self, owner: str) -> list[Computation]:
        """The runs and races of this owner."""
        return [each for each in list(self._runs.values()) if each.owner == owner]

    def leave(self, token: str, viewer: str) -> None:
        """Note that a tab does not show this run, or race, any more."""
        if (found := self._runs.get(token)) is not None:
            found.leave(viewer)

    def drop(self, token: str) -> None:
        """Drop a run. It stops computing."""
        with self._lock:
            run = self._runs.pop(token, None)
        if run is not None:
            run.pause()


def size_of(runs: Sequence[Computation]) -> int:
    """The bytes of these runs: each one's own arrays, and examples that are not the catalog's,
    which stay in memory anyway.
    """
    held = {id(each.X): each.X.nbytes for run in runs for each in run.examples}
    for dataset in catalog.loaded():
        held.pop(id(dataset.X), None)
    return sum(run.n_bytes for run in runs) + sum(held.values())


RUNS = Registry()
