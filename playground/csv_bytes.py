"""Tables as CSV files."""

import csv
import io
from collections.abc import Iterable


def csv_bytes(rows: Iterable[Iterable[object]]) -> bytes:
    r"""The bytes of a file of these rows.

    >>> csv_bytes([["a", "b"], [1, "x,y"]])
    b'a,b\n1,"x,y"\n'
    """
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(rows)
    return file.getvalue().encode()


def plain(value: object) -> object:
    """A text that no spreadsheet takes for a formula."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t"):
        return f"'{value}"
    return "" if value is None else value
