"""The parts of a slide: cards, which are matrices with one entry worked out."""

from dataclasses import dataclass
from typing import Literal

from netcore.array import Array
from playground.arithmetic import Worked
from playground.source_lines import Source
from playground.step_trace import Path, StepTrace

Stage = Literal["batch", "forward", "cost", "backward", "update", "after"]
Name = tuple[Stage, int]
"""The stage of the step, and its layer, or 0 without one."""

EXAMPLE, ONE = -1, -2
Axis = int
"""What a row or a column is: a unit of layer l = 0 … L, an EXAMPLE, or ONE (the only one)."""


@dataclass(frozen=True, eq=False)
class Card:
    """A matrix to show, and the sum behind one of its entries.

    key      its name in the page
    symbol   its name in LaTeX
    what     a short description
    M        (rows, columns)
    row, column  what rows and columns are
    unsigned shown from black (0) to white, because no entry can be negative
    worked   the entry on the path worked out; None for matrices that the slide only uses
    """

    key: str
    symbol: str
    what: str
    M: Array
    row: Axis
    column: Axis
    unsigned: bool = False
    worked: Worked | None = None

    def entry(self, path: Path) -> tuple[int, int]:
        """The row and column of the entry on the path."""
        return place(path, self.row), place(path, self.column)

    def moved(self, path: Path, entry: tuple[int, int]) -> Path:
        """The path, changed to pass through this entry."""
        for axis, at in zip((self.row, self.column), entry, strict=True):
            if axis == EXAMPLE:
                path = Path(at, path.units)
            elif axis != ONE:
                path = path.with_unit(axis, at)
        return path


@dataclass(frozen=True, eq=False)
class Slide:
    """The content of one slide, from top to bottom."""

    name: Name
    title: str
    about: str
    equations: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    results: tuple[Card, ...] = ()
    made_from: tuple[Card, ...] = ()
    worked: Worked | None = None

    @property
    def axes(self) -> list[Axis]:
        """The axes along which the path can be chosen here, in the order of the equations."""
        axes = [
            axis for card in (*self.results, *self.made_from) for axis in (card.row, card.column)
        ]
        return list(dict.fromkeys(axis for axis in axes if axis != ONE))


def place(path: Path, axis: Axis) -> int:
    if axis == ONE:
        return 0
    return path.example if axis == EXAMPLE else path.units[axis]


def sized(symbol: str, M: Array) -> str:
    """The symbol of a matrix with its shape underneath."""
    return rf"\underset{{\scriptsize {M.shape[0]}\times{M.shape[1]}}}{{{symbol}}}"


def S(name: str, l: int) -> str:
    return rf"{name}^{{[{l}]}}"


def s(name: str, l: int, *places: int | str) -> str:
    return rf"{name}^{{[{l}]}}_{{{','.join(map(str, places))}}}"


def A_prev(step: StepTrace, l: int, what: str) -> Card:
    dropped = l > 1 and step.caches[l - 2].D is not None
    symbol = S("A", l - 1) + (rf"\odot {S('D', l - 1)}" if dropped else "")
    if l == 1:
        symbol = "X = A^{[0]}"
    M = step.caches[l - 1].A_prev
    return Card(f"A{l - 1}", symbol, what, M, l - 1, EXAMPLE, unsigned=l == 1)
