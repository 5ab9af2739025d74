"""The one thread that writes: it alone has the connection that may."""

import sqlite3
from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import Future
from threading import Condition, Thread
from typing import TypeVar

T = TypeVar("T")
Job = Callable[[sqlite3.Connection], None]


class Writer:
    """Does jobs in the order in which they came, each in a thread that has nothing else to do.

    Raises what `connect` raises.
    """

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._changed = Condition()
        self._jobs: deque[Job] = deque()
        self._latest: OrderedDict[str, Job] = OrderedDict()
        self._busy = False
        self._closing = False
        connected: Future[None] = Future()
        self._thread = Thread(target=self._work, args=(connected,), name="library", daemon=True)
        self._thread.start()
        connected.result()

    def soon(self, key: str, job: Job) -> None:
        """Do this, which raises nothing, in its time. It takes the place of one of the same key
        that still waits: of a run only the last checkpoint counts, and the disk may be slow."""
        with self._changed:
            self._latest[key] = job
            self._changed.notify_all()

    def do(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """Do this, after all that waits, and return what it returns."""
        answer: Future[T] = Future()

        def act(db: sqlite3.Connection) -> None:
            try:
                answer.set_result(job(db))
            except BaseException as error:
                answer.set_exception(error)

        with self._changed:
            self._jobs.extend(self._latest.values())
            self._latest.clear()
            self._jobs.append(act)
            self._changed.notify_all()
        return answer.result()

    def flush(self, seconds: float | None = None) -> None:
        """Wait until nothing waits, at most so long."""
        with self._changed:
            self._changed.wait_for(lambda: not (self._jobs or self._latest or self._busy), seconds)

    def close(self, seconds: float | None = None) -> None:
        """Do all that waits, within this time, and end."""
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
            del job  # what it holds may be large
        db.close()

    def _next(self) -> Job | None:
        with self._changed:
            self._busy = False
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._jobs or self._latest or self._closing)
            if not (self._jobs or self._latest):
                return None
            self._busy = True
            return self._jobs.popleft() if self._jobs else self._latest.popitem(last=False)[1]
