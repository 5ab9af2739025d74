"""Download: a transfer beside the page, which watches it and may cancel it."""

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
    """How far a download is.

    done, total   bytes
    seconds_left  None until there is a rate to tell it from
    error         a sentence, where it failed
    """

    state: State
    total: int
    done: int = 0
    seconds_left: float | None = None
    error: str = ""


class Download:
    """An archive on its way into a folder, in a thread of its own.

    What has arrived is kept: the next Download of it into the same folder goes on from there.
    """

    def __init__(self, archive: Archive, folder: Path) -> None:
        self._lock = Lock()
        self._progress = Progress("running", archive.size)
        self._cancel = Cancel()
        self._transfer = Transfer(archive, folder, self._arrived, self._cancel)
        self._first_byte_at: float | None = None
        # A daemon: it may wait for a silent mirror, and must not keep the program from ending.
        self._thread = Thread(target=self._run, name=f"download {archive.title}", daemon=True)

    def start(self) -> Self:
        self._thread.start()
        return self

    @property
    def progress(self) -> Progress:
        with self._lock:
            return self._progress

    def cancel(self) -> None:
        """The state changes at once. The thread ends as soon as a mirror has been reached."""
        self._now(state="cancelled", seconds_left=None)
        self._cancel.ask()

    def wait(self, seconds: float | None = None) -> bool:
        """Whether the thread has ended, after at most so many seconds."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._transfer.run()
            self._now(state="done", seconds_left=None)
        except Cancelled:
            pass  # cancel() has said so
        except DataError as error:
            self._now(state="failed", seconds_left=None, error=str(error))
        finally:  # whatever happened, nobody is left to watch a download that does not run
            self._now(state="failed", seconds_left=None, error="The download stopped by an error.")

    def _arrived(self, done: int, received: int) -> None:
        now = time.monotonic()
        if received and self._first_byte_at is None:
            self._first_byte_at = now
        seconds = now - (self._first_byte_at or now)
        left = (self._progress.total - done) * seconds / received if seconds >= 0.5 else None
        self._now(done=done, seconds_left=left)

    def _now(self, **changes: Any) -> None:
        """The next progress; there is none after an end."""
        with self._lock:
            if self._progress.state == "running":
                self._progress = replace(self._progress, **changes)
