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
from netcore.training import max_workers
from playground.config import RunConfig

TURN = 0.05  # seconds a run may compute before it gives way to one that waits
BIG_STEP = 1e9  # multiplications and additions from which a second core pays


def n_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def cores_for(config: RunConfig, m: int) -> int:
    """Cores that a step of this run computes on: one, or for a big batch as many as there are,
    up to the number that netcore can share it out between.

    Its matrix products have one thread each: two lose more in a small product than they win,
    ten times so where a browser wants the other core, and their number changes how sums are
    rounded. Slices of a big batch, each on a core of its own, change no bit.
    """
    batch = config.examples_a_step(m)
    work = 6 * n_parameters(config.layers) * batch
    return min(n_cores(), max_workers(batch)) if work > BIG_STEP else 1


class Slots:
    """As many places as there are cores; runs take turns at them, first come first served."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._free = size
        self._queue: deque[object] = deque()
        self._changed = Condition()
        ThreadpoolController().limit(limits=1, user_api="blas")

    @contextmanager
    def turn(self, cores: int) -> Iterator[None]:
        """Wait for that many places, and hold them."""
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
        try:
            yield
        finally:
            with self._changed:
                self._free += cores
                self._changed.notify_all()


SLOTS = Slots(n_cores())
