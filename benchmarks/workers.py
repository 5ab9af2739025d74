"""One process a peer, so that no library's threads or memory stand in another's way.

The processes wait while one of them works: timing goes round and round among them, and what
disturbs the machine for a while disturbs all alike.
"""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection

from benchmarks import peers
from benchmarks.peers import Setting

# Each library reads how many threads it may use from one of these, as it is imported.
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NPROC")

# netcore shares a big batch out between threads of its own, each with a BLAS of one thread.
OWN_THREADS = ("netcore", "bare_products")

MISSING = "not installed"


class Worker:
    """A peer in a process of its own, timing its step on request."""

    def __init__(self, peer: str) -> None:
        context = get_context("spawn")  # a fork would share threads that exist in one of both
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, peer), daemon=True)
        self._process.start()

    def prepare(self, setting: Setting) -> str:
        """Make the step of this setting ready and warm; says why it cannot, "" where it can."""
        self._connection.send(setting)
        return str(self._connection.recv())

    def time(self, seconds: float) -> float:
        """Milliseconds a step, over at least this long."""
        self._connection.send(seconds)
        return float(self._connection.recv())


@contextmanager
def workers(names: Sequence[str], threads: int) -> Iterator[dict[str, Worker]]:
    """A worker for each peer, all with this many threads; they end with the block."""
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
    """Answer a Setting with "" or what is missing, and seconds with milliseconds a step."""
    step, took = None, 0.0
    while True:
        message = connection.recv()
        if isinstance(message, Setting):
            step = None  # the old one's memory goes before the new one's comes
            try:
                step = getattr(peers, peer)(message)
                step()  # what is compiled or allocated once is not timed
                start = time.perf_counter()
                step()
                took = time.perf_counter() - start
                connection.send("")
            except ModuleNotFoundError:
                connection.send(MISSING)
            continue
        assert step is not None
        if took < message:
            step()  # fills the caches and wakes the threads after another's turn
        start, n = time.perf_counter(), 0
        while (now := time.perf_counter()) < start + message or n == 0:
            step()
            n += 1
        connection.send(1e3 * (now - start) / n)
