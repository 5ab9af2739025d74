"""A file that a person names or uploads, gzipped or not, as one stream of bytes with a size
limit.
"""

import gzip
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from data.dataset import DataError

Source = Path | BinaryIO

# The page states this limit before an upload. MNIST's largest files fit: 47 MB of IDX and
# about 110 MB of CSV. It also limits the unpacked contents, so that no small gzip unpacks to more.
FILE_LIMIT_MB = 128
FILE_LIMIT = FILE_LIMIT_MB * 10**6

# The highest ratio of deflate: 258 bytes from 2 bits.
_GZIP_AT_BEST = 1032


class Stream:
    """The contents of one file, unpacked while they are read.

    name      the file's name in error messages
    capacity  an upper bound for the size of its contents in bytes, known before reading
    position  the number of bytes read so far
    """

    def __init__(self, file: BinaryIO, name: str, size: int, *, packed: bool) -> None:
        self.name = name
        self.packed = packed
        self.capacity = min(size * _GZIP_AT_BEST, FILE_LIMIT) if packed else size
        self.position = 0
        self._file = gzip.GzipFile(fileobj=file) if packed else file

    def read(self, n: int) -> bytes:
        """The next n bytes, or fewer at the end of the file. Raises DataError."""
        return self._take(self._file.read, n)

    def line(self, n: int) -> bytes:
        """The next line with its line feed, cut off at n bytes. Raises DataError."""
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
                f"{self.name} unpacks to more than {FILE_LIMIT_MB} MB, the limit for a file."
            )
        return data


@contextmanager
def opened(source: Source) -> Iterator[Stream]:
    """Opens a source at its beginning. A path is closed at the end; an upload stays open.

    The first two bytes tell whether it is gzipped, not its name.
    Raises DataError if it cannot be read, is empty, or is larger than FILE_LIMIT.
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
