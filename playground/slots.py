"""Fair turns at the processor's cores for all runs of this server.

Measured with twenty runs at once: without turns a page waits seconds for its next update;
with one turn a core, first come first served, every page is on time (docs/live-page.md).
"""

import os
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

from threadpoolctl import ThreadpoolController

from netcore.network import n_parameters
from playground.config import RunConfig

TURN = 0.05  # seconds a run may compute before it gives way to one that waits
BIG_STEP = 1e9  # multiplications and additions from which a second core pays


def n_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def cores_for(config: RunConfig, m: int) -> int:
    """Cores that a step of this run computes on: all for a big one, one for a small one.

    Two threads lose more in a small product than they win, and ten times so where a browser
    wants the other core. The number follows from the settings alone, never from who else is
    there: it changes how sums are rounded, and the same settings shall give the same curve.
    """
    work = 6 * n_parameters(config.layers) * min(config.batch_size or m, m)
    return n_cores() if work > BIG_STEP else 1


class Slots:
    """As many places as there are cores; runs take turns at them, first come first served."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._free = size
        self._queue: deque[object] = deque()
        self._changed = Condition()
        self._blas = ThreadpoolController()
        self._threads = 0
        self._use_threads(1)  # pages compute too, small things

    @contextmanager
    def turn(self, cores: int) -> Iterator[None]:
        """Wait for that many places, hold them, and let matrix products use as many threads."""
        cores = min(cores, self.size)
        me = object()
        with self._changed:
            self._queue.append(me)
            try:
                self._changed.wait_for(lambda: self._queue[0] is me and self._free >= cores)
            finally:  # who is interrupted while waiting must not hold up those behind
                self._queue.remove(me)
                self._changed.notify_all()
            self._free -= cores
            self._use_threads(cores)
        try:
            yield
        finally:
            with self._changed:
                self._free += cores
                self._use_threads(1)
                self._changed.notify_all()

    def _use_threads(self, cores: int) -> None:
        if cores != self._threads:
            self._blas.limit(limits=cores, user_api="blas")
            self._threads = cores


SLOTS = Slots(n_cores())
