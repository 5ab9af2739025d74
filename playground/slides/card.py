"""The parts of a slide: a board of cards. A card is a matrix, with the calculation of an entry."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from netcore.array import Array
from playground.arithmetic import Worked
from playground.output import is_regression
from playground.source_lines import Source
from playground.step_trace import Path, StepTrace

Stage = Literal["batch", "forward", "cost", "backward", "update", "after"]
Band = Literal["", "row", "column"]


class Name(NamedTuple):
    """The stage of the step, its layer, or 0 without one, and which gradients, if a layer has
    several slides.
    """

    stage: Stage
    layer: int = 0
    of: str = ""


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
    row, column  what they stand for
    unsigned whether its entries cannot be negative: 0 is black then, and the largest white
    worked   the calculation of its entry on the path; None if the slide only uses the matrix
    band     the factor of that calculation that it is: its row, its column, or "" for one entry
    """

    key: str
    symbol: str
    what: str
    M: Array
    row: Axis
    column: Axis
    unsigned: bool = False
    worked: Worked | None = None
    band: Band = ""

    def entry(self, path: Path) -> tuple[int, int]:
        """The row and column of the entry on the path."""
        return index_on(path, self.row), index_on(path, self.column)

    def moved(self, path: Path, entry: tuple[int, int]) -> Path:
        """The path, changed to pass through this entry."""
        for axis, at in zip((self.row, self.column), entry, strict=True):
            if axis == EXAMPLE:
                path = Path(at, path.units)
            elif axis != ONE:
                path = path.with_unit(axis, at)
        return path


Cell = Card | str | None


@dataclass(frozen=True, eq=False)
class Slide:
    """The content of one slide.

    board   rows of cards, arranged as a product: the left operand is to the left of the result and
            the right operand above it, so that a row and a column meet at their entry. A str is a
            sign between two cards, None an empty cell.
    worked  a calculation that belongs to no card
    """

    name: Name
    title: str
    about: str
    equations: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    board: tuple[tuple[Cell, ...], ...] = ()
    worked: Worked | None = None

    @property
    def cards(self) -> list[Card]:
        return [cell for row in self.board for cell in row if isinstance(cell, Card)]

    @property
    def results(self) -> list[Card]:
        """The cards that have a calculation."""
        return [card for card in self.cards if card.worked is not None]

    @property
    def axes(self) -> list[Axis]:
        """The axes along which the path can be chosen here, those of the results first."""
        order = sorted(self.cards, key=lambda card: card.worked is None)
        axes = [axis for card in order for axis in (card.row, card.column)]
        return list(dict.fromkeys(axis for axis in axes if axis != ONE))


def index_on(path: Path, axis: Axis) -> int:
    """The index at which the path crosses this axis of a matrix."""
    if axis == ONE:
        return 0
    return path.example if axis == EXAMPLE else path.units[axis]


def sized(symbol: str, M: Array) -> str:
    """The symbol of a matrix with its shape underneath."""
    return rf"\underset{{\scriptsize {M.shape[0]}\times{M.shape[1]}}}{{{symbol}}}"


def S(name: str, l: int) -> str:
    """A matrix of layer l in LaTeX."""
    return rf"{name}^{{[{l}]}}"


def s(name: str, l: int, *indices: int | str) -> str:
    """An entry of a matrix of layer l in LaTeX."""
    return rf"{name}^{{[{l}]}}_{{{','.join(map(str, indices))}}}"


def has_dropout(step: StepTrace, l: int) -> bool:
    """Whether the activations of layer l are multiplied by a dropout mask."""
    return l > 0 and step.caches[l - 1].D is not None


def A_prev(step: StepTrace, l: int, *, transposed: bool = False) -> Card:
    """The input of layer l, as the right operand of a product."""
    dropped = has_dropout(step, l - 1)
    symbol = S("A", l - 1) + (rf"\odot {S('D', l - 1)}" if dropped else "")
    if l == 1:
        symbol = "X" if transposed else "X = A^{[0]}"
    M = step.caches[l - 1].A_prev
    unsigned = l == 1 and never_negative(M)
    if transposed:
        symbol = rf"({symbol})^T" if dropped else symbol + ("^T" if l == 1 else "{}^T")
        return Card(
            f"A{l - 1}T", symbol, "from the cache", M.T, EXAMPLE, l - 1, unsigned,
            band="column",
        )  # fmt: skip
    return Card(
        f"A{l - 1}", symbol, "the layer's input", M, l - 1, EXAMPLE, unsigned, band="column"
    )


def input_symbol(step: StepTrace, l: int) -> str:
    """The input of layer l in LaTeX, as a factor of a product."""
    symbol = S("A", l - 1)
    return rf"({symbol} \odot {S('D', l - 1)})" if has_dropout(step, l - 1) else symbol


def a_prev(step: StepTrace, l: int, *indices: int | str) -> str:
    """An entry of the input of layer l in LaTeX."""
    mask = rf" \, {s('d', l - 1, *indices)}" if has_dropout(step, l - 1) else ""
    return s("a", l - 1, *indices) + mask


def a_factor(step: StepTrace, l: int, k: int | str, j: int | str) -> str:
    """As a_prev, without the layer: the head of a column in a table of products."""
    mask = f" d_{{{k},{j}}}" if has_dropout(step, l - 1) else ""
    return f"a_{{{k},{j}}}" + mask


def never_negative(M: Array) -> bool:
    """Whether 0 can be drawn black: true for images, but not for points of the plane."""
    return not bool((M < 0).any())


def target_name(step: StepTrace) -> str:
    """What a column of Y is."""
    return "value" if is_regression(step.config) else "label"


def targets(step: StepTrace) -> Card:
    """Y."""
    return Card(
        "Y", "Y", f"the true {target_name(step)}s", step.Y, step.L, EXAMPLE,
        unsigned=never_negative(step.Y),
    )  # fmt: skip
