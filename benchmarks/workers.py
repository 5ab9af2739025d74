"""One process for each peer, so that no library's threads or memory disturb another.

The processes wait while one of them works. They are timed in turns, so that any disturbance of the
machine affects all of them alike.
"""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.connection import Connection

from benchmarks import peers
from benchmarks.peers import Peer, Setting, Vector

# Each library reads its number of threads from one of these variables on import.
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NPROC")

# netcore shares a step between its own threads, each with one BLAS thread.
OWN_THREADS = ("netcore", "bare_products")
ONE_THREAD = ("one_thread",)

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

    def gradient(self, setting: Setting) -> Vector:
        """Its gradient of the first minibatch of this setting."""
        self._connection.send(replace(setting, checked=True))
        gradient: Vector = self._connection.recv()
        return gradient

    def time(self, seconds: float) -> float:
        """Milliseconds per step, measured over at least this long."""
        self._connection.send(seconds)
        return float(self._connection.recv())


@contextmanager
def environment(name: str, threads: int) -> Iterator[None]:
    """Processes that start in this context have so many threads for this peer."""
    before = dict(os.environ)
    n = 1 if name in ONE_THREAD else threads
    blas = 1 if name in OWN_THREADS else n
    os.environ.update(dict.fromkeys(THREADS, str(blas)) | {peers.WORKERS: str(n)})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def workers(names: Sequence[str], threads: int) -> Iterator[dict[str, Worker]]:
    """A worker for each peer, all with this many threads. They end with the context."""
    started = {}
    for name in names:
        with environment(name, threads):
            started[name] = Worker(name)
    try:
        yield started
    finally:
        for worker in started.values():
            worker._process.terminate()
            worker._process.join()


def _serve(connection: Connection, peer: str) -> None:
    """Answer a Setting with "" or with what is missing, one that is checked with its gradient, and
    a number of seconds with milliseconds per step.
    """
    make, at_work, took = getattr(peers, peer), None, 0.0
    while True:
        message = connection.recv()
        if isinstance(message, Setting) and message.checked:
            connection.send(peers.gradient(make, message))
            continue
        if isinstance(message, Setting):
            at_work = None  # frees its memory before the new one allocates
            try:
                at_work = make(message)
                at_work.step()  # compiles and allocates, which is not timed
                start = time.perf_counter()
                at_work.step()
                took = time.perf_counter() - start
                connection.send("")
            except ModuleNotFoundError:
                connection.send(MISSING)
            continue
        assert isinstance(at_work, Peer)
        if took < message:
            at_work.step()  # warms up caches and threads after another peer's turn
        start, n = time.perf_counter(), 0
        while (now := time.perf_counter()) < start + message or n == 0:
            at_work.step()
            n += at_work.steps
        connection.send(1e3 * (now - start) / n)
