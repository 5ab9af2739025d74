"""Images as CSV in the form of train.csv and test.csv: label,pixel0,…,pixel783, one image per line.

The header and the labels are optional. The number of columns tells whether there are labels.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from data.dataset import Array, DataError, Dataset
from data.images import MAX_CLASSES, MAX_IMAGES, MAX_SIDE, Images, empty_rows, labeled, side_of
from data.source import Source, Stream, opened

# Room for a label and MAX_SIDE² pixels of up to 31 characters each. A longer line is an error.
MAX_LINE = 2**19
MAX_LABEL = 40
_MAX_DIGITS = 18  # labels of at most this many digits are sorted as numbers: they fit 64 bits
_LINES_AT_ONCE = 256
_QUOTED = re.compile(rb'"((?:[^"]|"")*)" *,')  # a quoted first field, which may contain commas

_Line = tuple[int, bytes]  # the line's number in the file, counted from 1, and its text


def read_csv(source: Source, name: str = "upload") -> Dataset:
    """Images with labels: columns label,pixel0,…,pixel(n_x-1), pixels from 0 to 255 in the file.

    Memory: one float32 array. The rows are counted first, then read some lines at a time.
    Raises DataError that names the file and the line, also if there are no labels.
    """
    images, labels = _read(source, want_labels=True)
    return labeled(name, images, _as_numbers(labels))


def read_csv_images(source: Source) -> Images:
    """The images alone. The file may have labels, or none like the posts' test.csv."""
    images, _ = _read(source, want_labels=False)
    return images


def read_csv_rows(source: Source) -> tuple[Images, list[str]]:
    """The images, and the label of each as it is written in the file. One class is enough here.

    Raises DataError as read_csv does.
    """
    return _read(source, want_labels=True)


def has_labels(source: Source) -> bool:
    """Whether the file has a label column, told by its first line. Raises DataError."""
    with opened(source) as stream:
        return _read_form(stream).labeled


@dataclass(frozen=True)
class _Form:
    """What the first line tells: if there is a header, if there are labels, and the image size."""

    header: bool
    labeled: bool
    side: int

    @property
    def n_columns(self) -> int:
        return self.labeled + self.side**2


def _read(source: Source, *, want_labels: bool) -> tuple[Images, list[str]]:
    """The images, and their labels if they are wanted."""
    with opened(source) as stream:
        name, form = stream.name, _read_form(stream)
    if want_labels and not form.labeled:
        raise DataError(
            f"{name} has no label column: its images can be classified, not trained on."
        )
    with opened(source) as stream:
        m = sum(1 for _ in _lines(stream)) - form.header
    rows = empty_rows(name, m, form.side)
    labels: list[str] = []
    classes: set[str] = set()
    with opened(source) as stream:
        lines = islice(_lines(stream), int(form.header), None)
        for start in range(0, m, _LINES_AT_ONCE):
            batch = list(islice(lines, _LINES_AT_ONCE))
            rows[start : start + len(batch)] = _pixels(name, batch, form)
            if want_labels:
                labels += [_label(name, number, line, classes) for number, line in batch]
    return Images(rows.T, (form.side, form.side)), labels


def _lines(stream: Stream) -> Iterator[_Line]:
    """The lines that are not blank, with their numbers."""
    number = 0
    while line := stream.line(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            raise DataError(
                f"{stream.name}, line {number:,} has more than {MAX_LINE:,} characters; "
                f"an image has at most {MAX_SIDE}×{MAX_SIDE} pixels here."
            )
        if number > MAX_IMAGES:
            raise DataError(f"{stream.name} has more than {MAX_IMAGES:,} lines.")
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")  # the byte order mark that spreadsheets write
        if line.strip():
            yield number, line.strip()


def _read_form(stream: Stream) -> _Form:
    number, line = next(_lines(stream), (0, b""))
    if not line:
        raise DataError(f"{stream.name} has only blank lines.")
    fields = [field.strip(b' "').lower() for field in line.split(b",")]
    header = fields[0] == b"label" or not any(_is_number(field) for field in fields)
    if header and b"label" in fields[1:]:
        raise DataError(
            f"{stream.name}, line {number:,} has the label in column "
            f"{fields.index(b'label', 1) + 1:,}; it must be the first."
        )
    with_label = side_of(len(fields) - 1)
    side = with_label if fields[0] == b"label" else with_label or side_of(len(fields))
    if side is None:
        raise DataError(
            f"{stream.name}, line {number:,} has {len(fields):,} column{'s' * (len(fields) != 1)}; "
            "expected a label and the pixels of a square image, separated by commas, "
            "such as 1 + 784 for 28×28."
        )
    return _Form(header, labeled=with_label is not None, side=side)


def _label(name: str, number: int, line: bytes, classes: set[str]) -> str:
    """The label in the first field, which is added to classes. Raises DataError if that makes too
    many classes.
    """
    label = _split_label(line)[0].decode("utf-8", errors="replace")
    if not 0 < len(label) <= MAX_LABEL:
        raise DataError(
            f"{name}, line {number:,} has a label of {len(label):,} characters; 1 to {MAX_LABEL}."
        )
    classes.add(label)
    if len(classes) > MAX_CLASSES:
        raise DataError(
            f"{name}, line {number:,} has label number {MAX_CLASSES + 1}, {label!r}; "
            f"at most {MAX_CLASSES} classes are allowed."
        )
    return label


def _split_label(line: bytes) -> tuple[bytes, bytes]:
    """Split a line into the label and the text of the other fields. A quoted label may contain
    commas, and quotes doubled.

    >>> _split_label(b'"a ""b"", c",0,255'), _split_label(b"7,0,255")
    ((b'a "b", c', b'0,255'), (b'7', b'0,255'))
    """
    if quoted := _QUOTED.match(line):
        return quoted[1].strip().replace(b'""', b'"'), line[quoted.end() :]
    label, _, pixels = line.partition(b",")
    return label.strip(b' "'), pixels


def _as_numbers(labels: list[str]) -> list[int] | list[str]:
    """The labels as whole numbers if all are, so that 10 is sorted after 9; else unchanged."""
    if all(l.isascii() and l.isdigit() and len(l) <= _MAX_DIGITS for l in labels):
        return [int(label) for label in labels]
    return labels


def _pixels(name: str, batch: list[_Line], form: _Form) -> Array:
    """The pixels of these lines as rows, from 0 to 1."""
    pixels = _parse([line for _, line in batch], form)
    if pixels is None:
        # _parse reads all lines at once and does not say which one is wrong: find the first.
        number, line = next((n, line) for n, line in batch if _parse([line], form) is None)
        raise DataError(f"{name}, line {number:,} {_what_is_wrong(line, form)}")
    return np.divide(pixels, np.float32(255), out=pixels)


def _parse(lines: list[bytes], form: _Form) -> Array | None:
    """The pixels of these lines as float32 rows from 0 to 255, or None if any line is malformed."""
    fields = [_split_label(line)[1] if form.labeled else line for line in lines]
    if any(pixels.count(b",") != form.side**2 - 1 for pixels in fields):
        return None
    try:
        pixels = np.loadtxt(fields, np.float32, comments=None, delimiter=",", ndmin=2)
    except ValueError:
        return None
    return pixels if np.all((pixels >= 0) & (pixels <= 255)) else None


def _what_is_wrong(line: bytes, form: _Form) -> str:
    fields = line.split(b",")
    if form.labeled and _QUOTED.match(line):
        label, pixels = _split_label(line)
        fields = [label, *pixels.split(b",")]
    if len(fields) != form.n_columns:
        return f"has {len(fields):,} columns where the first line has {form.n_columns:,}."
    for column, field in enumerate(fields[form.labeled :], start=1 + form.labeled):
        if not _is_number(field.strip(b' "')) or not 0 <= float(field.strip(b' "')) <= 255:
            shown = field[:20].decode("utf-8", errors="replace")
            return f"has {shown!r} in column {column:,}; a pixel is a number from 0 to 255."
    return "cannot be read as numbers from 0 to 255, separated by commas."


def _is_number(field: bytes) -> bool:
    try:
        float(field)
    except ValueError:
        return False
    return True
