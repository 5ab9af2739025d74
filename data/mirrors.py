"""Fetch: files from the first mirror that has them, checked, continued where they broke off."""

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

# Seconds after which a mirror that cannot be reached, or falls silent, is given up for the next.
CONNECT_TIMEOUT = 5.0
SILENCE_TIMEOUT = 10.0
_CHUNK = 2**16


@dataclass(frozen=True)
class RemoteFile:
    """A file that is the same at every mirror: its size in bytes and its SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Archive:
    """Files that belong together; mirrors are addresses that end in /, tried in this order."""

    title: str
    mirrors: tuple[str, ...]
    files: tuple[RemoteFile, ...]

    @property
    def size(self) -> int:
        """Bytes in all files."""
        return sum(file.size for file in self.files)


class Cancelled(Exception):  # noqa: N818 - it is what was asked for, not an error
    """Whoever asked for the transfer does not want it any more."""


class _MirrorError(Exception):
    """What went wrong at one mirror, in words that follow its name."""


class Cancel:
    """Asked for in any thread; ends a transfer even while it waits for its next byte."""

    def __init__(self) -> None:
        self._asked = Event()
        self._response: Response | None = None

    def ask(self) -> None:
        self._asked.set()
        response = self._response
        if response is not None:
            with suppress(OSError, RuntimeError, ValueError):  # it may just have ended by itself
                response.raw.shutdown()

    def check(self) -> None:
        """Raises Cancelled once it was asked for."""
        if self._asked.is_set():
            raise Cancelled

    @contextmanager
    def of(self, response: "Response") -> Iterator[None]:
        """What ask() interrupts."""
        self._response = response
        try:
            self.check()
            yield
        finally:
            self._response = None


class Transfer:
    """Brings an archive into a folder, in the thread that calls run.

    Bytes gather in NAME.part, which stays when a transfer breaks off and is continued by the next,
    from any mirror that can send a part of a file (HTTP Range), else from the beginning. Once its
    checksum is right it gets its name: under that there never is half a file, and nothing else
    is left behind, wherever the program is ended.

    tell(done, received) is called as bytes arrive: how many are there, and how many of them
    this transfer received.
    """

    def __init__(
        self, archive: Archive, folder: Path, tell: Callable[[int, int], None], cancel: Cancel
    ) -> None:
        self._archive = archive
        self._folder = folder
        self._tell = tell
        self._cancel = cancel
        self._complete = 0  # bytes in the files that are there
        self._received = 0

    def run(self) -> None:
        """Fetch every file that is not there. Raises Cancelled; DataError names what was tried."""
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
                # A mirror that failed is asked last for the files that follow.
                mirrors.remove(mirror)
                mirrors.append(mirror)
            else:
                return
        raise DataError(
            f"{self._archive.title} could not be downloaded; {file.name}: "
            f"{', '.join(failures)}. What has arrived is kept: try again later, or go on with "
            "the 5,000 digits that come with the app."
        )

    def _fetch(self, mirror: str, file: RemoteFile) -> None:
        import requests  # it costs a tenth of a second, and few starts need it
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
                part.unlink()  # it may be what fills the disk
            raise DataError(
                f"{self._archive.title} cannot be kept in {self._folder}: "
                f"{error.strerror or error}. It takes {self._archive.size / 1e6:,.1f} MB there."
            ) from error
        if not continued:
            raise _MirrorError("sent a file with another SHA-256")
        self._fetch(mirror, file)  # perhaps what it was continued from was wrong, and that is gone

    def _receive(self, url: str, part: Path, file: RemoteFile) -> bool:
        """Bring the bytes of this file; whether some of them were there already."""
        size = have = part.stat().st_size if part.exists() else 0
        if size < file.size:
            size = self._receive_rest(url, part, size, file.size)
        if size < file.size:
            raise _MirrorError(f"broke off after {size:,} of {file.size:,} bytes")
        return have > 0

    def _receive_rest(self, url: str, part: Path, have: int, want: int) -> int:
        """Write to part what follows its first bytes, or all; how large it has become."""
        import requests
        import urllib3

        # As stored: a server must not unpack the .gz on the way, its checksum would differ.
        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
        timeout = (CONNECT_TIMEOUT, SILENCE_TIMEOUT)
        with requests.get(url, headers=headers, stream=True, timeout=timeout) as response:
            response.raise_for_status()
            mode = "ab" if response.status_code == requests.codes.partial_content else "wb"
            with self._cancel.of(response), part.open(mode) as out:
                with suppress(urllib3.exceptions.ProtocolError):  # broken off: the size will tell
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
    """Whether that file is there, whole."""
    if not path.is_file():
        return False
    with path.open("rb") as content:
        return file_digest(content, "sha256").hexdigest() == file.sha256


_BUSY: dict[Path, Lock] = {}


@contextmanager
def _one_at_a_time(folder: Path, cancel: Cancel) -> Iterator[None]:
    """Who comes second waits, and then finds the files there."""
    lock = _BUSY.setdefault(folder.resolve(), Lock())
    while not lock.acquire(timeout=0.1):
        cancel.check()
    try:
        yield
    finally:
        lock.release()


def _in_words(error: Exception) -> str:
    """What happened, in words that follow a mirror's name."""
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
