"""A semaphore that shares the processor's cores fairly between all runs of this server.

Measured with twenty runs at once: without it, a page waits seconds for its next update. With one
run per core at a time, first come first served, every page is on time (docs/live-page.md).
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

YIELD = 0.005  # seconds after which a thread that trains offers the interpreter to others
TIME_SLICE, MIN_TIME_SLICE = 0.05, 0.01  # seconds a run may compute while another waits
# Seconds in which every run gets a time slice, unless slices would be shorter than the minimum.
ROUND = 0.25
CROWD = 8  # more runs than this computing at once leave one core to the pages
BIG_STEP = 1e9  # multiplications and additions in a step from which on a second core pays


def n_cores() -> int:
    """The number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def cores_for(config: RunConfig, m: int) -> int:
    """The number of cores for a step of this run: one, or for a big batch up to the number of
    workers that netcore can use.

    Each matrix product uses one BLAS thread. Two threads make small products slower, ten times if a
    browser needs the other core, and their number changes how sums are rounded. Micro-batches of a
    big batch, each on its own core, do not change a bit.
    """
    batch = config.examples_a_step(m)
    is_big = step_work(config.layers, batch) > BIG_STEP
    return min(CPU_SEMAPHORE.size, max_workers(config.layers, batch)) if is_big else 1


@dataclass(frozen=True, eq=False)
class Waiting:
    """A run that waits for the semaphore. has_priority tells whether a person is waiting for it."""

    cores: int
    has_priority: Callable[[], bool]
    called: Event = field(default_factory=Event)


class CPUSemaphore:
    """Lets as many runs compute at once as there are cores, first come first served. A run has
    priority while a person who clicked waits for the effect.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.runs = 0  # runs that compute or wait
        self._free = size
        self._queue: deque[Waiting] = deque()
        self._lock = Lock()
        ThreadpoolController().limit(limits=1, user_api="blas")

    @contextmanager
    def computing(self) -> Iterator[None]:
        """Count a run among those that share the cores."""
        with self._lock:
            self.runs += 1
        try:
            yield
        finally:
            with self._lock:
                self.runs -= 1

    @property
    def time_slice(self) -> float:
        """Seconds that a run may compute while another waits. It is short if many runs compute, so
        that each gets a time slice before its page polls again.
        """
        return min(TIME_SLICE, max(MIN_TIME_SLICE, ROUND * self.available / max(self.runs, 1)))

    @property
    def crowding(self) -> float:
        """How many times longer than on an idle server a run may wait for what is not urgent."""
        return max(1.0, self.runs / CROWD)

    def workers(self, cores: int) -> int:
        """The number of threads for a run that acquired so many cores: in its time slice it may
        also use the cores that no run computes on.
        """
        return max(cores, min(self.size, self.size + 1 - self.runs))

    @property
    def available(self) -> int:
        """The number of cores for runs: all, or all but one if many runs compute. Runs and pages
        share one interpreter. If many pages wait for it, training on every core makes them wait
        longer, and trains hardly faster.
        """
        return self.size if self.runs <= CROWD else max(1, self.size - 1)

    @contextmanager
    def acquire(
        self, cores: int, has_priority: Callable[[], bool] = lambda: False
    ) -> Iterator[None]:
        """Acquire that many cores, and release them at the end of the context."""
        me = Waiting(min(cores, self.size), has_priority)
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
                else:  # interrupted while waiting: leave the queue
                    self._queue.remove(me)
                self._call()

    def _call(self) -> None:
        """Wake the runs that may compute now, and no others: waking twenty threads each time would
        keep the interpreter from serving pages.
        """
        while self._queue:
            first = next((each for each in self._queue if each.has_priority()), self._queue[0])
            taken = self.size - self._free
            if taken and taken + first.cores > self.available:
                return
            self._queue.remove(first)
            self._free -= first.cores
            first.called.set()


CPU_SEMAPHORE = CPUSemaphore(n_cores())
