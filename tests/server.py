"""The app on a port of its own, as `streamlit run` serves it to a person."""

import asyncio
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from data.folders import HOME_FOLDER

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "app.py"
PATIENCE = 60.0  # seconds until a server that does not answer counts as broken

T = TypeVar("T")


def run_apart(coroutine: Coroutine[Any, Any, T]) -> T:
    """asyncio.run in another thread: in this one, Playwright's event loop may be running."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


@dataclass(frozen=True)
class Server:
    """One that runs: its address, its process, and the file that all it says goes into."""

    address: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def stop(self) -> int:
        """Ask it to end (SIGTERM) and wait until it has; its exit code.

        Raises RuntimeError where it does not within 10 s.
        """
        self.process.terminate()
        try:
            return self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise RuntimeError("The server did not stop within 10 s of being asked.") from None


@contextmanager
def serving(app: Path, log: Path) -> Iterator[str]:
    """Serve this app until the block ends; yields its address. All it says goes into the log.

    Raises RuntimeError where it does not start, or where the log has a traceback in the end.
    """
    with started(app, log) as server:
        yield server.address
    if "Traceback" in server.said:
        raise RuntimeError(f"The server ran, but the log has a traceback:\n{server.said}")


@contextmanager
def started(app: Path, log: Path, variables: Mapping[str, str] | None = None) -> Iterator[Server]:
    """The same with the process at hand, and with these environment variables besides its own;
    tracebacks are the caller's business. Its library of runs is beside the log, where nobody names
    another folder: a person's own has no part in this.

    Raises RuntimeError where it does not start."""
    port = _free_port()
    options = {
        "server.headless": "true",
        "server.port": str(port),
        "server.address": "127.0.0.1",
        "server.fileWatcherType": "none",  # an edit must not reload the app under a test
        "browser.gatherUsageStats": "false",
    }
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(app), *arguments],
            cwd=ROOT,
            env={
                HOME_FOLDER: str(log.parent / "home"),
                **os.environ,
                "PYTHONUNBUFFERED": "1",
                **(variables or {}),
            },
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        server = Server(f"http://127.0.0.1:{port}", process, log)
        try:
            _wait_until_healthy(server)
            yield server
        finally:
            server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_healthy(server: Server) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.address}/_stcore/health", timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"The server at {server.address} did not start. It said:\n{server.said}")
