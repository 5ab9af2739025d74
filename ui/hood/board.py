"""The board of a slide: its matrices arranged as a product, with the entry of the path marked.

The left operand is to the left of the result and the right operand is above it, so that a row and a
column meet at the entry that they make. Small matrices have their numbers printed; where these are
too wide for a row, the matrices stand one below the other.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import zip_longest
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from netcore.array import Array
from playground.slides import EXAMPLE, ONE, Axis, Card, Cell, Slide
from playground.step_trace import Path as Followed
from ui import session
from ui.hood.worked import axis_name
from ui.image_grid import COLORS, Scale, color_limit, quantize
from ui.pixels import encode, pixel_component

MAX_PRINTED = 12  # the largest dimension of a matrix whose numbers are printed
WINDOW = 8  # examples printed at a time at most if there are more than MAX_PRINTED
MAX_ROWS = 26  # rows of printed numbers that fit a screen,
DENSE, DENSE_ABOVE = 16, 20  # where they are this high, in CSS pixels, if there are more than this
NUMBER = (52, 19)  # CSS pixels of a printed number
ROOM, SIGN, GAP = 750, 10, 8  # CSS pixels: a board's width at 1400; a sign; between columns
CELL = 14  # CSS pixels of an entry of a matrix that is drawn as an image
MIN_WIDTH, MAX_WIDTH, MAX_HEIGHT = 30, 300, 255  # CSS pixels of such a matrix; the board's height

_mount = pixel_component(Path(__file__), "board", {"COLORS": COLORS})

Pick = Callable[[Card, tuple[int, int]], None]
Rows = tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, eq=False)
class _Part:
    """The part of a card's matrix that is shown: all of it, or a window of examples.

    M      that part
    start  its first row and column in the whole matrix
    """

    card: Card
    M: Array
    start: tuple[int, int]


def show_board(slide: Slide, path: Followed, on_pick: Pick) -> None:
    """Draw the board, or update the one on the page. A click or the arrow keys pick an entry."""
    rows = rows_of_numbers(slide)
    number = (NUMBER[0], DENSE if rows and _height(rows) > DENSE_ABOVE else NUMBER[1])
    m = _examples(slide)
    window = _window(path.example, m, _fitting(rows, m)) if rows and m else range(m)
    parts = [_part(card, window) for card in slide.cards]
    blocks: list[bytes] = []
    cards: list[dict[str, Any]] = []
    for part in parts:
        header, pixels = _card(part, path, number if rows else None, len(slide.board))
        cards.append(header)
        blocks.append(pixels)
    place = {id(card): n for n, card in enumerate(slide.cards)}
    cells = [[place.get(id(cell), cell) for cell in row] for row in rows or slide.board]

    def take() -> None:
        match (session.get("board") or {}).get("entry"):
            case [int(n), int(row), int(column)] if 0 <= n < len(parts):
                rows, columns = slide.cards[n].M.shape
                if 0 <= row < rows and 0 <= column < columns:
                    on_pick(slide.cards[n], (row, column))

    _mount(
        key="board",
        data=encode(
            {"cells": cells, "cards": cards}, np.frombuffer(b"".join(blocks), dtype=np.uint8)
        ),
        height="content",
        on_entry_change=take,
    )
    if len(window) < m:
        st.caption(
            f"Examples {window[0]} to {window[-1]} of {m:,}, around the example on the path."
        )


def rows_of_numbers(slide: Slide) -> Rows | None:
    """The board's rows if its matrices have few enough units to print their numbers, else None. The
    number of examples does not matter, because a window of them can be printed.
    """
    for card in slide.cards:
        for axis, n in zip((card.row, card.column), card.M.shape, strict=True):
            if axis != EXAMPLE and n > MAX_PRINTED:
                return None
    rows = slide.board if _width(slide.board) <= ROOM else _upright(slide.board)
    return rows if _height(rows) <= MAX_ROWS else None


def _upright(rows: Rows) -> Rows:
    """Columns as rows, each with its signs before it. A product stays as it is: its operands are
    placed so that row and column meet.
    """
    if any(cell is None for row in rows for cell in row) or len(set(map(len, rows))) > 1:
        return rows
    upright: list[tuple[Cell, ...]] = []
    signs: list[str] = []
    for column in zip(*rows, strict=True):
        if isinstance(column[0], str):
            signs.append(column[0])
        else:
            upright.append((" ".join(signs) or None, *column))
            signs.clear()
    return tuple(upright)


def _width(rows: Rows) -> int:
    """CSS pixels of the printed board."""
    columns = zip_longest(*rows)
    return sum(max(map(_cell_width, column)) + GAP for column in columns) - GAP


def _height(rows: Rows) -> int:
    """Rows of numbers of the printed board."""
    return sum(max(_printed(card)[0] for card in _cards(row)) for row in rows)


def _cell_width(cell: Cell) -> int:
    if isinstance(cell, Card):
        return _printed(cell)[1] * NUMBER[0]
    return len(cell or "") * SIGN


def _cards(row: tuple[Cell, ...]) -> list[Card]:
    return [cell for cell in row if isinstance(cell, Card)]


def _printed(card: Card) -> tuple[int, int]:
    """How many rows and columns of a matrix are printed."""
    rows, columns = (n if n <= MAX_PRINTED else WINDOW for n in card.M.shape)
    return rows, columns


def _examples(slide: Slide) -> int:
    return max(
        (
            n
            for card in slide.cards
            for axis, n in zip((card.row, card.column), card.M.shape, strict=True)
            if axis == EXAMPLE
        ),
        default=0,
    )


def _fitting(rows: Rows, m: int) -> int:
    """How many of m examples are printed at a time: as many as the board has room for."""
    most = m if m <= MAX_PRINTED else WINDOW
    excess = max(0, _width(rows) - ROOM)
    return min(m, max(2, most - ceil(excess / NUMBER[0])))


def _window(example: int, m: int, size: int) -> range:
    """The examples of the window that has the example on the path.

    >>> _window(3, 8, 8), _window(3, 100, 8), _window(50, 100, 8), _window(99, 100, 8)
    (range(0, 8), range(0, 8), range(48, 56), range(92, 100))
    """
    first = min(example // size * size, m - size)
    return range(first, first + size)


def _part(card: Card, window: range) -> _Part:
    start, M = [0, 0], card.M
    for side, axis in enumerate((card.row, card.column)):
        if axis == EXAMPLE and len(window) < M.shape[side]:
            start[side] = window[0]
            M = np.take(M, window, axis=side)
    return _Part(card, M, (start[0], start[1]))


def _card(
    part: _Part, path: Followed, number: tuple[int, int] | None, rows_of_board: int
) -> tuple[dict[str, Any], bytes]:
    """What the browser draws of a part; number is the size of a printed one, None for an image."""
    card, M = part.card, part.M
    scale: Scale = "sequential" if card.unsigned else "diverging"
    limit = limit_of(card)
    height, width = M.shape
    if number:
        size = [width * number[0], height * number[1]]
    else:
        max_height = MAX_HEIGHT // max(rows_of_board, 2)
        size = [
            max(min(width * CELL, MAX_WIDTH), MIN_WIDTH),
            min(max(height * CELL, 18), max_height),
        ]
    rows, columns = card.M.shape
    header = {
        "key": card.key,
        "label": pieces(card.symbol),
        "what": card.what,
        "dims": f"{rows:,}×{columns:,}",
        "axes": [_axis(card.row), _axis(card.column)],
        "shape": M.shape,
        "start": part.start,
        "size": size,
        "scale": scale,
        "limit": limit,
        "picked": card.entry(path),
        "band": card.band,
        "result": card.worked is not None,
        "texts": [[short(x) for x in row] for row in M.tolist()] if number else None,
    }
    return header, quantize(np.ascontiguousarray(M)[None], scale, limit).tobytes()


def _axis(axis: Axis) -> str:
    return "" if axis == ONE else axis_name(axis)


def limit_of(card: Card) -> float:
    """The value with the strongest color; for images the largest, so that white stays white."""
    if card.unsigned:
        return float(card.M[np.isfinite(card.M)].max(initial=0.0)) or 1.0
    return color_limit(card.M)


def short(x: float) -> str:
    """Three digits, in as few characters as possible.

    >>> short(0.12345), short(-3.0), short(0.0001234), short(-0.0), short(float("nan"))
    ('0.123', '-3', '1.23e-4', '0', '–')
    """
    if not np.isfinite(x):
        return "–"
    x += 0.0  # which makes 0 of −0
    text = f"{x:.3g}" if x == 0 or 1e-3 <= abs(x) < 1e4 else f"{x:.2e}"
    return re.sub(r"\.?0*e([+-])0?", lambda found: "e" + found[1].strip("+"), text)


def pieces(symbol: str) -> list[tuple[str, str]]:
    """A matrix's symbol as pieces of text, each on the line (""), superscript or subscript.

    >>> pieces(r"\\Delta W^{[1]}"), pieces("X^T")
    ([('ΔW', ''), ('[1]', 'sup')], [('X', ''), ('T', 'sup')])
    """
    text = symbol.replace(r"\odot", " ⊙ ").replace(r"\Delta ", "Δ").replace("{}", "")
    found = re.findall(r"(\^|_)(?:\{([^}]*)\}|(\w))|([^\^_]+)", text)
    return [
        (plain, "") if plain else (inner or single, "sup" if mark == "^" else "sub")
        for mark, inner, single, plain in found
    ]
