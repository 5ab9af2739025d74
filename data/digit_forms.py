"""Digit forms: the ways in which people of the world write the digits, as pen strokes.

MNIST is American handwriting. Most of the world writes a one with a flag, a seven with a bar, and a
nine with a hook. data/digit_forms.txt has one form per line: the digit, the form's name, who writes
it so, and its strokes. To add a form, add a line and run

    python -m data.handwriting

which draws images of every form in many handwritings. Strokes are separated by " / ". A stroke is a
list of points "x,y" in hundredths of the unit square, x to the right and y downwards. The pen moves
through the points in a smooth curve; a "!" after a point makes it a corner. A stroke of two points
is a straight line.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

TABLE = Path(__file__).with_name("digit_forms.txt")
COLUMNS = ("digit", "form", "where", "strokes")

Points = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Stroke:
    """One line of the pen, from pen down to pen up.

    points   (n, 2), from 0 to 1, x to the right and y downwards; at least two points
    corners  the indices of the points at which the curve ends or turns sharply, with both ends
    """

    points: Points
    corners: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class DigitForm:
    """One way to write a digit.

    name   unique among the forms of its digit
    where  who writes the digit so
    """

    digit: int
    name: str
    where: str
    strokes: tuple[Stroke, ...]

    @property
    def title(self) -> str:
        """The digit and the form's name: unique among all forms."""
        return f"{self.digit}, {self.name}"


def read_form(line: str) -> DigitForm:
    """Read a form from a line of the table.

    >>> read_form("1 | flag and base | Europe | 26,30 52,2! 52,98 / 22,98 82,98").title
    '1, flag and base'
    """
    cells = [cell.strip() for cell in line.split("|")]
    if len(cells) != len(COLUMNS) or not all(cells):
        raise ValueError(f"the form {line!r} cannot be read: write {' | '.join(COLUMNS)}.")
    digit, name, where, strokes = cells
    if len(digit) != 1 or digit not in "0123456789":
        raise ValueError(f"the form {line!r} is of the digit {digit!r}: write one from 0 to 9.")
    return DigitForm(int(digit), name, where, tuple(map(read_stroke, strokes.split("/"))))


def read_stroke(text: str) -> Stroke:
    """Read a stroke from its points as text.

    >>> read_stroke("30,20 50,0! 50,50 50,100").corners
    (0, 1, 3)
    """
    words = text.split()
    try:
        points = np.array([[float(part) for part in word.rstrip("!").split(",")] for word in words])
    except ValueError:
        points = np.empty(0)
    if points.ndim != 2 or points.shape[1] != 2 or len(points) < 2:
        raise ValueError(
            f"the stroke {text.strip()!r} cannot be read: write two or more points x,y in "
            'hundredths, with "!" after those that are corners, such as 30,20 50,0! 50,100.'
        )
    corners = {i for i, word in enumerate(words) if word.endswith("!")}
    return Stroke(points / 100, tuple(sorted(corners | {0, len(words) - 1})))


def _read_table() -> tuple[DigitForm, ...]:
    _, *lines = TABLE.read_text(encoding="utf-8").splitlines()
    return tuple(map(read_form, lines))


FORMS = _read_table()
