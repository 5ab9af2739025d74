"""The embedded cluster: a scheduler in this process, and worker processes on this machine."""

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
ONE_THREAD = dict.fromkeys(
    ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "BLIS_NUM_THREADS"), "1"
)
ENDING = 3.0  # seconds for which a closing cluster waits for its processes


class WorkerProcess:
    """A process of playground/sweep/worker.py. It imports at once, and connects when it is told
    the address.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        environment = os.environ | ONE_THREAD
        paths = [str(ROOT), environment.get("PYTHONPATH", "")]
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "playground.sweep.worker", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            cwd=ROOT,
            env=environment,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def connect(self, address: str) -> None:
        assert self._process.stdin is not None
        with suppress(OSError):  # it has ended already, and is replaced by another
            self._process.stdin.write(f"{address}\n".encode())
            self._process.stdin.flush()

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def kill(self) -> None:
        self._process.kill()

    def close(self) -> None:
        """Ask it to end: its input ends."""
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()

    def wait(self) -> None:
        try:
            self._process.wait(ENDING)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Embedded:
    """A Dask cluster on this machine's cores. A worker that ends is replaced by `tend`."""

    about = trouble = ""
    is_gone = False  # its scheduler is in this process

    def __init__(self, workers: int) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="netcore-sweep-"))
        self._lock = Lock()
        self._made = 0
        self._processes: list[WorkerProcess] = []
        self._address = ""
        for _ in range(workers):  # they import while this process does
            self._add()
        try:
            self._cluster, self.client = _scheduler_and_client()
        except BaseException:
            self._end_processes()
            raise
        self._address = self._cluster.scheduler_address
        for process in self._processes:
            process.connect(self._address)

    @property
    def n_workers(self) -> int:
        return len(self._processes)

    @property
    def pids(self) -> list[int]:
        with self._lock:
            return [process.pid for process in self._processes]

    def grow(self, workers: int) -> None:
        """Have at least so many workers."""
        with self._lock:
            for _ in range(workers - len(self._processes)):
                self._add()

    def tend(self) -> None:
        """Replace worker processes that have ended."""
        with self._lock:
            for process in [each for each in self._processes if each.has_ended]:
                self._processes.remove(process)
                process.close()
                self._add()

    def abandon(self) -> None:
        """Stop all tasks at once, by ending the workers; tasks of others begin again on new
        ones.
        """
        with self._lock:
            for process in self._processes:
                process.kill()
                process.wait()
        self.tend()

    def close(self) -> None:
        self.client.close(timeout=ENDING)
        self._end_processes()
        self._cluster.close(timeout=ENDING)

    def _add(self) -> None:
        self._made += 1
        process = WorkerProcess(self._folder / str(self._made))
        self._processes.append(process)
        if self._address:
            process.connect(self._address)

    def _end_processes(self) -> None:
        with self._lock:
            for process in self._processes:
                process.close()
            for process in self._processes:
                process.wait()
            self._processes.clear()
        shutil.rmtree(self._folder, ignore_errors=True)


def _scheduler_and_client() -> tuple[Any, Any]:
    from distributed import Client, LocalCluster

    from playground.sweep.dask_settings import use_settings

    use_settings()
    cluster = LocalCluster(
        n_workers=0,
        processes=True,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        protocol="tcp://",
    )
    return cluster, Client(cluster, set_as_default=False)
