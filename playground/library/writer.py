"""The writing thread, which has the only connection that may write."""

import sqlite3
from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import Future
from threading import Condition, Thread
from typing import TypeVar

T = TypeVar("T")
Job = Callable[[sqlite3.Connection], None]


class Writer:
    """Runs jobs one after another, in their order, in a separate thread.

    Raises what `connect` raises.
    """

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._changed = Condition()
        self._jobs: deque[Job] = deque()
        self._latest: OrderedDict[str, Job] = OrderedDict()
        self._busy = False
        self._closing = self._ended = False
        connected: Future[None] = Future()
        self._thread = Thread(target=self._work, args=(connected,), name="library", daemon=True)
        self._thread.start()
        connected.result()

    def soon(self, key: str, job: Job) -> None:
        """Queue this job, which must not raise. It replaces a waiting job of the same key, because
        only the last checkpoint of a run counts, and the disk may be slow. After the thread's end
        it has no effect.
        """
        with self._changed:
            if not self._ended:
                self._latest[key] = job
                self._changed.notify_all()

    def do(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """Run this job after all waiting ones, and return its result.

        Raises what the job raises, and sqlite3.ProgrammingError after the thread's end.
        """
        answer: Future[T] = Future()

        def act(db: sqlite3.Connection) -> None:
            try:
                answer.set_result(job(db))
            except BaseException as error:
                answer.set_exception(error)

        with self._changed:
            if self._ended:
                raise sqlite3.ProgrammingError("it is closed")
            self._jobs.extend(self._latest.values())
            self._latest.clear()
            self._jobs.append(act)
            self._changed.notify_all()
        return answer.result()

    def flush(self, seconds: float | None = None) -> None:
        """Wait until the queue is empty, at most this long."""
        with self._changed:
            self._changed.wait_for(lambda: not (self._jobs or self._latest or self._busy), seconds)

    def close(self, seconds: float | None = None) -> None:
        """Run the waiting jobs, within this time, and end the thread."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(seconds)

    def _work(self, connected: "Future[None]") -> None:
        try:
            db = self._connect()
        except BaseException as error:
            connected.set_exception(error)
            return
        connected.set_result(None)
        while (job := self._next()) is not None:
            job(db)
            del job  # frees its memory, which may be large
        db.close()

    def _next(self) -> Job | None:
        with self._changed:
            self._busy = False
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._jobs or self._latest or self._closing)
            if not (self._jobs or self._latest):
                self._ended = True
                return None
            self._busy = True
            return self._jobs.popleft() if self._jobs else self._latest.popitem(last=False)[1]
