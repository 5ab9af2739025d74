"""The board of a slide: its matrices as one writes a product, with what makes the entry marked.

The left operand stands left of the result and the right one above it, so that the row of the one
and the column of the other meet at their entry. Small matrices have their numbers printed.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from netcore.array import Array
from playground.slides import EXAMPLE, ONE, Axis, Card, Slide
from playground.step_trace import Path as Followed
from ui import session
from ui.hood.worked import axis_name
from ui.image_grid import COLORS, Scale, quantize
from ui.pixels import encode, pixel_component

PRINTED, WINDOW = 12, 8  # units whose numbers are printed; of more examples, so many at a time
MOST_ROWS = 26  # of numbers, one below the other: more do not fit the screen
NUMBER = (54, 19)  # CSS pixels of a printed number
CELL, NARROWEST, WIDEST, TALLEST = 14, 30, 300, 255  # of a picture: an entry, a matrix, the board

_mount = pixel_component(Path(__file__), "board", {"COLORS": COLORS})

Pick = Callable[[Card, tuple[int, int]], None]


@dataclass(frozen=True, eq=False)
class _Part:
    """What of a card is shown: all of it, or a window of its examples from `start` on."""

    card: Card
    M: Array
    start: tuple[int, int]


def show_board(slide: Slide, path: Followed, on_pick: Pick) -> None:
    """Draw the board, or feed it to the one that stands; a click, or the arrow keys, picks an
    entry."""
    printed = is_printed(slide)
    parts = [_part(card, path, printed) for card in slide.cards]
    blocks: list[bytes] = []
    cards: list[dict[str, Any]] = []
    for part in parts:
        header, pixels = _card(part, path, printed, len(slide.board))
        cards.append(header)
        blocks.append(pixels)
    at = iter(range(len(parts)))
    cells = [[next(at) if isinstance(cell, Card) else cell for cell in row] for row in slide.board]

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
    hidden = next((part for part in parts if part.M.size < part.card.M.size), None)
    if hidden is not None:
        first, m = _window(path.example, _examples(slide)), _examples(slide)
        st.caption(
            f"Examples {first} to {min(first + WINDOW, m) - 1} of {m:,} are printed, those around "
            "the one that is followed."
        )


def is_printed(slide: Slide) -> bool:
    """Whether the matrices are small enough for their numbers: by units, of examples some are
    printed at a time."""
    rows = 0
    for row in slide.board:
        cards = [cell for cell in row if isinstance(cell, Card)]
        for card in cards:
            for axis, n in zip((card.row, card.column), card.M.shape, strict=True):
                if axis != EXAMPLE and n > PRINTED:
                    return False
        rows += max(min(card.M.shape[0], PRINTED) for card in cards)
    return rows <= MOST_ROWS


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


def _window(example: int, m: int) -> int:
    """The first example of those shown, among them the one that is followed.

    >>> _window(3, 12), _window(3, 100), _window(50, 100), _window(99, 100)
    (0, 0, 48, 92)
    """
    if m <= PRINTED:
        return 0
    return min(example // WINDOW * WINDOW, m - WINDOW)


def _part(card: Card, path: Followed, printed: bool) -> _Part:
    start, M = [0, 0], card.M
    if printed:
        for side, axis in enumerate((card.row, card.column)):
            m = M.shape[side]
            if axis == EXAMPLE and m > PRINTED:
                start[side] = _window(path.example, m)
                M = np.take(M, range(start[side], start[side] + WINDOW), axis=side)
    return _Part(card, M, (start[0], start[1]))


def _card(
    part: _Part, path: Followed, printed: bool, rows_of_board: int
) -> tuple[dict[str, Any], bytes]:
    card, M = part.card, part.M
    scale: Scale = "sequential" if card.unsigned else "diverging"
    limit = limit_of(card)
    height, width = M.shape
    if printed:
        size = [width * NUMBER[0], height * NUMBER[1]]
    else:
        tallest = TALLEST // max(rows_of_board, 2)
        size = [max(min(width * CELL, WIDEST), NARROWEST), min(max(height * CELL, 18), tallest)]
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
        "texts": [[short(x) for x in row] for row in M.tolist()] if printed else None,
    }
    return header, quantize(np.ascontiguousarray(M)[None], scale, limit).tobytes()


def _axis(axis: Axis) -> str:
    return "" if axis == ONE else axis_name(axis)


def limit_of(card: Card) -> float:
    """The value at the color's end: nearly the largest, so that one odd entry dims no other."""
    sizes = np.abs(card.M[np.isfinite(card.M)])
    if not sizes.size:
        return 1.0
    limit = float(sizes.max() if card.unsigned else np.quantile(sizes, 0.999))
    return limit or float(sizes.max()) or 1.0


def short(x: float) -> str:
    """Three digits, in as few characters as they need.

    >>> short(0.12345), short(-3.0), short(0.0001234), short(float("nan"))
    ('0.123', '-3', '1.23e-4', '–')
    """
    if not np.isfinite(x):
        return "–"
    text = f"{x:.3g}" if x == 0 or 1e-3 <= abs(x) < 1e4 else f"{x:.2e}"
    return re.sub(r"\.?0*e([+-])0?", lambda found: "e" + found[1].strip("+"), text)


def pieces(symbol: str) -> list[tuple[str, str]]:
    """A matrix's symbol as text and how it stands: on the line, raised or lowered.

    >>> pieces(r"\\Delta W^{[1]}"), pieces("X^T")
    ([('ΔW', ''), ('[1]', 'sup')], [('X', ''), ('T', 'sup')])
    """
    text = symbol.replace(r"\odot", " ⊙ ").replace(r"\Delta ", "Δ").replace("{}", "")
    found = re.findall(r"(\^|_)(?:\{([^}]*)\}|(\w))|([^\^_]+)", text)
    return [
        (plain, "") if plain else (inner or single, "sup" if mark == "^" else "sub")
        for mark, inner, single, plain in found
    ]
