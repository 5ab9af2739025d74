"""A file that a person names or uploads, gzipped or not, as one stream of bytes with a limit."""

import gzip
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from data.dataset import DataError

Source = Path | BinaryIO

# Said on the page before anything is uploaded. The largest files of MNIST fit: 47 MB of IDX,
# about 110 MB of CSV. It holds for the contents too, so a small gzip cannot unpack to a large one.
FILE_LIMIT_MB = 128
FILE_LIMIT = FILE_LIMIT_MB * 10**6

# Deflate cannot do better: at most 258 bytes from 2 bits.
_GZIP_AT_BEST = 1032


class Stream:
    """The contents of one file, unpacked as they are read.

    name      what sentences call it
    capacity  bytes its contents can have at most, known before any is read
    position  bytes read so far
    """

    def __init__(self, file: BinaryIO, name: str, size: int, *, packed: bool) -> None:
        self.name = name
        self.packed = packed
        self.capacity = min(size * _GZIP_AT_BEST, FILE_LIMIT) if packed else size
        self.position = 0
        self._file = gzip.GzipFile(fileobj=file) if packed else file

    def read(self, n: int) -> bytes:
        """The next n bytes; fewer at the end alone. Raises DataError."""
        return self._take(self._file.read, n)

    def line(self, n: int) -> bytes:
        """The next line with its line feed, n bytes of it at most. Raises DataError."""
        return self._take(self._file.readline, n)

    def _take(self, read: Callable[[int], bytes], n: int) -> bytes:
        try:
            data = read(n)
        except (OSError, EOFError, zlib.error) as error:
            where = "its unpacked byte" if self.packed else "byte"
            raise DataError(
                f"{self.name} is damaged after {where} {self.position:,}: {error}."
            ) from error
        self.position += len(data)
        if self.position > FILE_LIMIT:
            raise DataError(
                f"{self.name} unpacks to more than {FILE_LIMIT_MB} MB, the most that is read."
            )
        return data


@contextmanager
def opened(source: Source) -> Iterator[Stream]:
    """The contents from their beginning; a path is closed in the end, an upload stays open.

    Whether it is gzipped is told by its first two bytes, not by its name.
    Raises DataError where it cannot be read, is empty, or is larger than FILE_LIMIT.
    """
    name = Path(str(getattr(source, "name", "the file"))).name
    with ExitStack() as closing:
        try:
            if isinstance(source, Path):
                file: BinaryIO = closing.enter_context(source.open("rb"))
            else:
                file = source
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            packed = file.read(2) == b"\x1f\x8b"
            file.seek(0)
        except OSError as error:
            raise DataError(f"{name} cannot be read: {error.strerror or error}.") from error
        if size == 0:
            raise DataError(f"{name} is empty.")
        if size > FILE_LIMIT:
            raise DataError(
                f"{name} has {size / 1e6:,.0f} MB; at most {FILE_LIMIT_MB} MB are read."
            )
        yield Stream(file, name, size, packed=packed)
