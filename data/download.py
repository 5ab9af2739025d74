"""Download: a transfer in a thread of its own, which a page watches and may cancel."""

import time
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock, Thread
from typing import Any, Literal, Self

from data.dataset import DataError
from data.mirrors import Archive, Cancel, Cancelled, Transfer

State = Literal["running", "done", "failed", "cancelled"]


@dataclass(frozen=True)
class Progress:
    """How far a download has got.

    done, total   bytes
    seconds_left  an estimate, None until the rate is known
    error         a sentence if the download failed
    """

    state: State
    total: int
    done: int = 0
    seconds_left: float | None = None
    error: str = ""


class Download:
    """The download of an archive into a folder, in a thread of its own.

    What has arrived stays in the folder, and the next Download into it continues from there.
    """

    def __init__(self, archive: Archive, folder: Path) -> None:
        self._lock = Lock()
        self._progress = Progress("running", archive.size)
        self._cancel = Cancel()
        self._transfer = Transfer(archive, folder, self._arrived, self._cancel)
        self._first_byte_at: float | None = None
        # A daemon thread: waiting for a silent mirror must not keep the program from exiting.
        self._thread = Thread(target=self._run, name=f"download {archive.title}", daemon=True)

    def start(self) -> Self:
        self._thread.start()
        return self

    @property
    def progress(self) -> Progress:
        with self._lock:
            return self._progress

    def cancel(self) -> None:
        """Cancel the download. The state changes at once; the thread ends as soon as its mirror
        answers.
        """
        self._now(state="cancelled", seconds_left=None)
        self._cancel.ask()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the thread for at most so many seconds. Returns whether it has ended."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._transfer.run()
            self._now(state="done", seconds_left=None)
        except Cancelled:
            pass  # cancel() has set the state
        except DataError as error:
            self._now(state="failed", seconds_left=None, error=str(error))
        finally:  # after any error, the page must not watch a download that no longer runs
            self._now(
                state="failed", seconds_left=None, error="The download stopped because of an error."
            )

    def _arrived(self, done: int, received: int) -> None:
        now = time.monotonic()
        if received and self._first_byte_at is None:
            self._first_byte_at = now
        seconds = now - (self._first_byte_at or now)
        left = (self._progress.total - done) * seconds / received if seconds >= 0.5 else None
        self._now(done=done, seconds_left=left)

    def _now(self, **changes: Any) -> None:
        """Set the progress, unless the download has already ended."""
        with self._lock:
            if self._progress.state == "running":
                self._progress = replace(self._progress, **changes)
