"""Fair turns at the processor's cores for all runs of this server.

Measured with twenty runs at once: without turns a page waits seconds for its next update;
with one turn a core, first come first served, every page is on time (docs/live-page.md).
"""

import os
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock

from threadpoolctl import ThreadpoolController

from netcore.network import step_work
from netcore.training import max_workers
from playground.config import RunConfig

TURN, SHORTEST_TURN = 0.05, 0.01  # seconds a run may compute before it gives way to one that waits
ROUND = 0.25  # seconds in which all runs get a turn, where that leaves none too short a one
CROWD = 8  # runs that compute at once, beyond which one core is left to the pages
BIG_STEP = 1e9  # multiplications and additions from which a second core pays


def n_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def cores_for(config: RunConfig, m: int) -> int:
    """Cores that a step of this run computes on: one, or for a big batch as many as there are,
    up to the number that netcore can share it out between.

    Its matrix products have one thread each: two lose more in a small product than they win,
    ten times so where a browser wants the other core, and their number changes how sums are
    rounded. Micro-batches of a big batch, each on a core of its own, change no bit.
    """
    batch = config.examples_a_step(m)
    is_big = step_work(config.layers, batch) > BIG_STEP
    return min(n_cores(), max_workers(batch)) if is_big else 1


@dataclass(frozen=True, eq=False)
class Waiting:
    """One who waits for a turn, until it is called."""

    cores: int
    hurried: Callable[[], bool]
    called: Event = field(default_factory=Event)


class CPUSemaphore:
    """As many places as there are cores; runs take turns at them, first come first served. Who
    is hurried goes first: somebody has clicked, and waits for the effect."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.runs = 0  # that compute, or wait for their next turn
        self._free = size
        self._queue: deque[Waiting] = deque()
        self._lock = Lock()
        ThreadpoolController().limit(limits=1, user_api="blas")

    @contextmanager
    def computing(self) -> Iterator[None]:
        """Counts a run among those that take turns."""
        with self._lock:
            self.runs += 1
        try:
            yield
        finally:
            with self._lock:
                self.runs -= 1

    @property
    def turn_length(self) -> float:
        """Seconds that a run may compute before it gives way to one that waits: short where many
        do, so that each has had its turn before its page asks again."""
        return min(TURN, max(SHORTEST_TURN, ROUND * self.places / max(self.runs, 1)))

    @property
    def has_spare_core(self) -> bool:
        """Whether a run that has a turn may prepare its next minibatch on another core."""
        return self.runs < self.size

    @property
    def places(self) -> int:
        """How many cores the runs may have: all, or in a crowd all but one. Training and pages
        share one interpreter; where each of many pages waits for it, training on every core makes
        them wait longer and trains hardly faster."""
        return self.size if self.runs <= CROWD else max(1, self.size - 1)

    @contextmanager
    def turn(self, cores: int, hurried: Callable[[], bool] = lambda: False) -> Iterator[None]:
        """Wait for that many places, and hold them."""
        me = Waiting(min(cores, self.size), hurried)
        with self._lock:
            self._queue.append(me)
            self._call()
        try:
            me.called.wait()
            yield
        finally:
            with self._lock:
                if me.called.is_set():
                    self._free += me.cores
                else:  # who is interrupted while waiting must not hold up those behind
                    self._queue.remove(me)
                self._call()

    def _call(self) -> None:
        """Call those whose turn it is, and nobody else: twenty threads that wake at each turn, to
        see whether it is theirs, would keep the interpreter from the pages."""
        while self._queue:
            first = next((each for each in self._queue if each.hurried()), self._queue[0])
            taken = self.size - self._free
            if taken and taken + first.cores > self.places:
                return
            self._queue.remove(first)
            self._free -= first.cores
            first.called.set()


CPU_SEMAPHORE = CPUSemaphore(n_cores())
