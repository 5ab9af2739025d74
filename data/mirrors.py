"""Downloads files from the first mirror that has them, checks them, and resumes broken
transfers.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from data.dataset import DataError

if TYPE_CHECKING:
    from requests import Response

# Seconds to wait for a connection, or for the next byte, before trying the next mirror.
CONNECT_TIMEOUT = 5.0
SILENCE_TIMEOUT = 10.0
_CHUNK = 2**16


@dataclass(frozen=True)
class RemoteFile:
    """A file with its size in bytes and its SHA-256. All mirrors have the same file."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Archive:
    """Files that belong together. mirrors are addresses that end in /, tried in this order."""

    title: str
    mirrors: tuple[str, ...]
    files: tuple[RemoteFile, ...]

    @property
    def size(self) -> int:
        """The bytes of all files."""
        return sum(file.size for file in self.files)


class Cancelled(Exception):  # noqa: N818 - not an error: the user asked for it
    """The transfer was cancelled."""


class _MirrorError(Exception):
    """What went wrong at one mirror, as words that follow the mirror's name."""


class Cancel:
    """A request to cancel, made in any thread. It ends a transfer even while it waits for data."""

    def __init__(self) -> None:
        self._asked = Event()
        self._response: Response | None = None

    def ask(self) -> None:
        self._asked.set()
        response = self._response
        if response is not None:
            with suppress(
                OSError, RuntimeError, ValueError
            ):  # the response may have ended meanwhile
                response.raw.shutdown()

    def check(self) -> None:
        """Raises Cancelled if cancelling was requested."""
        if self._asked.is_set():
            raise Cancelled

    @contextmanager
    def of(self, response: "Response") -> Iterator[None]:
        """While in this context, ask() closes the response."""
        self._response = response
        try:
            self.check()
            yield
        finally:
            self._response = None


class Transfer:
    """Downloads an archive into a folder, in the thread that calls run.

    The bytes of a file NAME are collected in NAME.part. If the transfer breaks off, that file
    stays, and the next transfer continues it from any mirror that supports HTTP Range, or else
    restarts it. A file gets its own name only after its checksum was verified. So there is never
    half a file under that name, even if the program is killed.

    tell(done, received) is called as bytes arrive: the bytes present, and those of this transfer.
    """

    def __init__(
        self, archive: Archive, folder: Path, tell: Callable[[int, int], None], cancel: Cancel
    ) -> None:
        self._archive = archive
        self._folder = folder
        self._tell = tell
        self._cancel = cancel
        self._complete = 0  # bytes of the complete files
        self._received = 0

    def run(self) -> None:
        """Fetch every missing file. Raises Cancelled, or DataError that names the mirrors tried."""
        mirrors = list(self._archive.mirrors)
        with _one_at_a_time(self._folder, self._cancel):
            for file in self._archive.files:
                self._fetch_from_any(mirrors, file)
                self._complete += file.size
                self._tell(self._complete, self._received)

    def _fetch_from_any(self, mirrors: list[str], file: RemoteFile) -> None:
        failures = []
        for mirror in list(mirrors):
            self._cancel.check()
            try:
                self._fetch(mirror, file)
            except _MirrorError as error:
                self._cancel.check()
                failures.append(f"{urlsplit(mirror).netloc} {error}")
                # For the remaining files, a mirror that failed is tried last.
                mirrors.remove(mirror)
                mirrors.append(mirror)
            else:
                return
        raise DataError(
            f"{self._archive.title} could not be downloaded; {file.name}: "
            f"{', '.join(failures)}. What has arrived is kept: try again later, or use "
            "the 5,000 digits that come with the app."
        )

    def _fetch(self, mirror: str, file: RemoteFile) -> None:
        import requests  # slow to import (0.1 s), and rarely needed
        import urllib3

        path, part = self._folder / file.name, self._part(file)
        try:
            if _is(path, file):
                return
            self._folder.mkdir(parents=True, exist_ok=True)
            continued = self._receive(mirror + file.name, part, file)
            if _is(part, file):
                os.replace(part, path)
                return
            part.unlink()
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise _MirrorError(_in_words(error)) from error
        except OSError as error:
            with suppress(OSError):
                part.unlink()  # the unfinished file may be what fills the disk
            raise DataError(
                f"{self._archive.title} cannot be kept in {self._folder}: "
                f"{error.strerror or error}. It takes {self._archive.size / 1e6:,.1f} MB there."
            ) from error
        if not continued:
            raise _MirrorError("sent a file with another SHA-256")
        self._fetch(mirror, file)  # the earlier part may have been wrong: start again

    def _receive(self, url: str, part: Path, file: RemoteFile) -> bool:
        """Download the bytes of this file. Returns whether some of them were there before."""
        size = have = part.stat().st_size if part.exists() else 0
        if size < file.size:
            size = self._receive_rest(url, part, size, file.size)
        if size < file.size:
            raise _MirrorError(f"broke off after {size:,} of {file.size:,} bytes")
        return have > 0

    def _receive_rest(self, url: str, part: Path, have: int, want: int) -> int:
        """Append the missing bytes to part, or write it anew. Returns its size."""
        import requests
        import urllib3

        # "identity": a server must not unpack the .gz, because its checksum would differ.
        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
        timeout = (CONNECT_TIMEOUT, SILENCE_TIMEOUT)
        with requests.get(url, headers=headers, stream=True, timeout=timeout) as response:
            response.raise_for_status()
            mode = "ab" if response.status_code == requests.codes.partial_content else "wb"
            with self._cancel.of(response), part.open(mode) as out:
                with suppress(
                    urllib3.exceptions.ProtocolError
                ):  # the size shows whether it is complete
                    while out.tell() <= want and (
                        chunk := response.raw.read1(_CHUNK, decode_content=False)
                    ):
                        out.write(chunk)
                        self._received += len(chunk)
                        self._tell(self._complete + out.tell(), self._received)
                        self._cancel.check()
                return out.tell()

    def _part(self, file: RemoteFile) -> Path:
        return self._folder / f"{file.name}.part"


def _is(path: Path, file: RemoteFile) -> bool:
    """Whether the complete file is at this path."""
    if not path.is_file():
        return False
    with path.open("rb") as content:
        return file_digest(content, "sha256").hexdigest() == file.sha256


_BUSY: dict[Path, Lock] = {}


@contextmanager
def _one_at_a_time(folder: Path, cancel: Cancel) -> Iterator[None]:
    """Allows one transfer into a folder at a time. The next one waits, and then finds the files."""
    lock = _BUSY.setdefault(folder.resolve(), Lock())
    while not lock.acquire(timeout=0.1):
        cancel.check()
    try:
        yield
    finally:
        lock.release()


def _in_words(error: Exception) -> str:
    """The error in words that follow the name of a mirror."""
    import requests
    import urllib3

    match error:
        case requests.HTTPError(response=response) if response is not None:
            return f"answered {response.status_code} {response.reason}"
        case requests.ConnectTimeout():
            return f"could not be reached within {CONNECT_TIMEOUT:g} s"
        case requests.Timeout() | urllib3.exceptions.TimeoutError():
            return f"was silent for {SILENCE_TIMEOUT:g} s"
        case _:
            return "could not be reached"
