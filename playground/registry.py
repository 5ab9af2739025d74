"""The runs alive on this server, by token, so that a reloaded page finds its run again."""

import time
from threading import Lock

from playground.run import Run

MOST_RUNS = 64
TIME_TO_LIVE = 3600.0  # seconds that a run is kept without anybody looking


class Registry:
    """Holds runs until nobody has looked for TIME_TO_LIVE, or there are too many of them."""

    def __init__(self, most: int = MOST_RUNS, time_to_live: float = TIME_TO_LIVE) -> None:
        self._most = most
        self._time_to_live = time_to_live
        self._runs: dict[str, Run] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._runs)

    def add(self, run: Run, viewer: str) -> None:
        """Keep this run, watched by this viewer from now on. Runs whose time is over make room;
        where there are still too many, the one that was not looked at for longest."""
        run.watch(viewer)
        with self._lock:
            self._runs[run.token] = run
            now = time.monotonic()
            unwatched = sorted(
                (other for other in self._runs.values() if not other.watched and not other.busy),
                key=lambda other: other.last_seen,
            )
            for other in unwatched:
                if now - other.last_seen > self._time_to_live or len(self._runs) > self._most:
                    del self._runs[other.token]

    def get(self, token: str) -> Run | None:
        """The run of this token; None where there is none (any more)."""
        return self._runs.get(token)

    def drop(self, token: str) -> None:
        """Forget a run; it stops computing."""
        with self._lock:
            run = self._runs.pop(token, None)
        if run is not None:
            run.pause()


RUNS = Registry()
