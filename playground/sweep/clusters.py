"""The cluster of this process: there when a sweep is planned, shared by all, gone when idle."""

import atexit
import logging
import os
from threading import Lock, Thread, Timer
from typing import Any, Protocol

from playground.sweep.errors import SweepError

IDLE = 60.0  # seconds after the last sweep, or the last look at the form of a new one
DASK = "PLAYGROUND_DASK"
GONE = (
    "The cluster does not answer any more. The runs that had begun are in the library, where they "
    "can continue."
)

log = logging.getLogger(__name__)


def existing_address() -> str:
    """That of a cluster that exists already; "" if this app has an embedded one."""
    return os.environ.get(DASK, "").strip()


class Cluster(Protocol):
    """A Dask client, and care for its workers.

    about    what is known of an existing one, in a sentence; else ""
    trouble  why nothing trains now, in a sentence; else ""
    is_gone  whether it is not connected any more
    """

    client: Any

    @property
    def n_workers(self) -> int: ...
    @property
    def about(self) -> str: ...
    @property
    def trouble(self) -> str: ...
    @property
    def is_gone(self) -> bool: ...
    def grow(self, workers: int) -> None: ...
    def tend(self) -> None:
        """Look at the workers. Raises SweepError if nothing will train any more."""

    def abandon(self) -> None: ...
    def close(self) -> None: ...


class Clusters:
    """Lends the cluster that PLAYGROUND_DASK names, or an embedded one.

    `trouble` is a sentence on why the last one did not start or answer, or "".

    idle  seconds after which a cluster that nobody uses is closed
    """

    def __init__(self, idle: float = IDLE) -> None:
        self.trouble = ""
        self._idle = idle
        self._lock = Lock()
        self._warming = Lock()  # held while it is found out whether there is a cluster
        self._cluster: Cluster | None = None
        self._address = ""
        self._users = 0
        self._timer: Timer | None = None

    def lend(self, workers: int) -> Cluster:
        """A cluster with at least so many workers, if it is embedded. Raises SweepError."""
        address = existing_address()
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            kept = self._cluster
            if kept is not None and not self._users and (self._address != address or kept.is_gone):
                self._close()
            if self._cluster is None:
                try:
                    self._cluster, self._address = _start(address, workers), address
                except SweepError as error:
                    self.trouble = str(error)
                    raise
                self.trouble = ""
            self._cluster.grow(workers)
            self._users += 1
            return self._cluster

    def warm(self, workers: int) -> None:
        """Let the embedded cluster start, or see whether the existing one answers; it stays for as
        long as an idle one does, and a sweep that starts meanwhile trains at once. Returns at once;
        see is_coming.
        """
        if self._warming.acquire(blocking=False):
            Thread(target=self._warm, args=(workers,), name="warms a cluster", daemon=True).start()

    def give_back(self) -> None:
        with self._lock:
            self._users -= 1
            if not self._users:
                self._timer = Timer(self._idle, self._close_if_idle)
                self._timer.daemon = True
                self._timer.start()

    @property
    def running(self) -> Cluster | None:
        return self._cluster

    @property
    def is_coming(self) -> bool:
        """Whether there may soon be a cluster: the embedded one has neither started nor failed to,
        or somebody may start the one that was named.
        """
        return self._cluster is None and (not self.trouble or bool(existing_address()))

    def close(self) -> None:
        """Close the cluster now, whoever uses it."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            self._close()

    def _warm(self, workers: int) -> None:
        before = self.trouble
        try:
            self.lend(workers)
        except SweepError as error:
            if str(error) != before:  # which is tried again and again
                log.warning(error)
        else:
            self.give_back()
        finally:
            self._warming.release()

    def _close_if_idle(self) -> None:
        with self._lock:
            if not self._users:
                self._close()

    def _close(self) -> None:
        if self._cluster is not None:
            self._cluster.close()
            self._cluster = None


def _start(address: str, workers: int) -> Cluster:
    if address:
        from playground.sweep.existing import Existing

        return Existing(address)
    from playground.sweep.embedded import Embedded

    try:
        return Embedded(workers)
    except Exception as error:  # of the system, or of Dask
        reason = str(error) or type(error).__name__
        raise SweepError(f"The processes that train a sweep cannot start: {reason}.") from error


CLUSTERS = Clusters()
atexit.register(CLUSTERS.close)
