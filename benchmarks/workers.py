"""One process for each peer, so that no library's threads or memory disturb another.

The processes wait while one of them works. They are timed in turns, so that any disturbance of the
machine affects all of them alike.
"""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection

from benchmarks import peers
from benchmarks.peers import Setting

# Each library reads its number of threads from one of these variables on import.
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NPROC")

# netcore shares a big batch between its own threads, each with one BLAS thread.
OWN_THREADS = ("netcore", "bare_products")

MISSING = "not installed"


class Worker:
    """A peer in a process of its own, which times its step on request."""

    def __init__(self, peer: str) -> None:
        context = get_context("spawn")  # a forked process would lack the parent's threads
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, peer), daemon=True)
        self._process.start()

    def prepare(self, setting: Setting) -> str:
        """Prepare the step of this setting and warm it up. Returns "" or why it cannot run."""
        self._connection.send(setting)
        return str(self._connection.recv())

    def time(self, seconds: float) -> float:
        """Milliseconds per step, measured over at least this long."""
        self._connection.send(seconds)
        return float(self._connection.recv())


@contextmanager
def workers(names: Sequence[str], threads: int) -> Iterator[dict[str, Worker]]:
    """A worker for each peer, all with this many threads. They end with the context."""
    before = dict(os.environ)
    started = {}
    try:
        for name in names:
            blas = 1 if name in OWN_THREADS else threads
            os.environ.update(dict.fromkeys(THREADS, str(blas)) | {peers.WORKERS: str(threads)})
            started[name] = Worker(name)
    finally:
        os.environ.clear()
        os.environ.update(before)
    try:
        yield started
    finally:
        for worker in started.values():
            worker._process.terminate()
            worker._process.join()


def _serve(connection: Connection, peer: str) -> None:
    """Answer a Setting with "" or with what is missing, and a number of seconds with milliseconds
    per step.
    """
    step, took = None, 0.0
    while True:
        message = connection.recv()
        if isinstance(message, Setting):
            step = None  # frees its memory before the new step allocates
            try:
                step = getattr(peers, peer)(message)
                step()  # compiles and allocates, which is not timed
                start = time.perf_counter()
                step()
                took = time.perf_counter() - start
                connection.send("")
            except ModuleNotFoundError:
                connection.send(MISSING)
            continue
        assert step is not None
        if took < message:
            step()  # warms up caches and threads after another peer's turn
        start, n = time.perf_counter(), 0
        while (now := time.perf_counter()) < start + message or n == 0:
            step()
            n += 1
        connection.send(1e3 * (now - start) / n)
