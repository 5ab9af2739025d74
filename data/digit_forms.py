"""The forms of the digits that the world writes, as strokes of a pen.

MNIST is American handwriting. Most of the world writes a one with a flag, a seven with a bar, a
nine with a hook. data/digit_forms.txt is the table of forms, one a line: the digit, what the form
is called, who writes it so, and its strokes. To add a form, add a line and run

    python -m data.handwriting

which writes every form anew by many hands. Strokes are separated by " / ". A stroke is the points
that the pen passes, "x,y" in hundredths of a square, x to the right and y downwards. The pen
moves from point to point in a smooth curve; "!" after a point makes it a corner. A stroke of two
points is a straight line.
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
    """One line of the pen, from where it is put down to where it is lifted.

    points   (n, 2), 0 … 1, x to the right and y downwards; at least two of them
    corners  numbers of the points at which the curve ends or turns sharply, both ends among them
    """

    points: Points
    corners: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class DigitForm:
    """One way to write a digit.

    name   unique among the forms of its digit
    where  who writes it so
    """

    digit: int
    name: str
    where: str
    strokes: tuple[Stroke, ...]

    @property
    def title(self) -> str:
        """The form's name with its digit: unique among all forms."""
        return f"{self.digit}, {self.name}"


def read_form(line: str) -> DigitForm:
    """The form that a line of the table describes.

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
    """The stroke that a text of points describes.

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
