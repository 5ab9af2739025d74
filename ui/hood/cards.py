"""Cards of a slide: a matrix with its size, its numbers at a glance, and one entry worked out."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st

from netcore.array import Array
from playground.arithmetic import Worked, number
from playground.formatting import formatted
from playground.slides import EXAMPLE, ONE, Axis, Card
from playground.step_trace import Path
from ui.image_grid import Scale
from ui.matrix import Entry, image_tiles, matrix

TILES = 24  # images of a card shown at once: those around the one picked
LARGE = 168  # pixels: six for each of an MNIST image's


@dataclass(frozen=True)
class View:
    """What cards need to know besides: the path, who moves it, and how images are shaped."""

    path: Path
    move: Callable[[Card, Entry], None]
    image_shape: tuple[int, int] | None


def show_results(cards: tuple[Card, ...], view: View) -> None:
    """One below the other: the matrix, and beside it the sum behind its entry on the path."""
    for card in cards:
        with st.container(border=True):
            _heading(card)
            left, right = st.columns([3, 4], gap="medium")
            with left:
                _picture(card, view)
            with right:
                if card.worked is not None:
                    show_worked(card.worked)
                else:
                    _entry(card, view)


def show_inputs(cards: tuple[Card, ...], view: View) -> None:
    """What the results are made from, two beside each other."""
    for first in range(0, len(cards), 2):
        for column, card in zip(st.columns(2), cards[first : first + 2], strict=False):
            with column.container(border=True):
                _heading(card)
                _picture(card, view)
                _entry(card, view)


def _heading(card: Card) -> None:
    n, m = card.M.shape
    st.markdown(f"${card.symbol}$ &nbsp;**{card.what}** · {n:,}×{m:,}")


def _entry(card: Card, view: View) -> None:
    i, k = card.entry(view.path)
    at = ", ".join(
        entry_name(axis, place) for axis, place in ((card.row, i), (card.column, k)) if axis != ONE
    )
    st.caption(f"{at}: **{formatted(card.M[i, k], '')}**")


def _at_a_glance(M: Array) -> str:
    finite = M[np.isfinite(M)]
    if not finite.size:
        return "no finite number"
    parts = [
        f"min {finite.min():.3g}",
        f"mean {finite.mean(dtype=np.float64):.3g}",
        f"max {finite.max():.3g}",
        f"{np.mean(M == 0):.0%} zeros",
    ]
    if finite.size < M.size:
        parts.append(f"{1 - finite.size / M.size:.0%} not finite")
    return " · ".join(parts)


def _limit(card: Card) -> float:
    """The value at the color's end: nearly the largest, so that one odd entry dims no other."""
    sizes = np.abs(card.M[np.isfinite(card.M)])
    if not sizes.size:
        return 1.0
    limit = float(sizes.max() if card.unsigned else np.quantile(sizes, 0.999))
    return limit or float(sizes.max()) or 1.0


def _picture(card: Card, view: View) -> None:
    limit = _limit(card)
    _image(card, view, limit)
    st.caption(_at_a_glance(card.M) + ("" if card.unsigned else f" · colors ±{limit:.2g}"))


def _image(card: Card, view: View, limit: float) -> None:
    entry = card.entry(view.path)
    scale: Scale = "sequential" if card.unsigned else "diverging"
    images = _images(card, view.image_shape)
    if images is None:
        matrix(
            card.M,
            key=f"matrix {card.key}",
            alt=f"{card.what}, {card.M.shape[0]} by {card.M.shape[1]}",
            scale=scale,
            limit=limit,
            picked=entry,
            on_pick=lambda picked: view.move(card, picked),
            axes=(axis_name(card.row), axis_name(card.column)),
        )
        return
    in_columns = card.row == 0
    at, pixel = entry[::-1] if in_columns else entry
    first = at // TILES * TILES
    what = axis_name(card.column if in_columns else card.row)

    for start, shown, size, part in (
        (at, images[at : at + 1], LARGE, "large"),
        (first, images[first : first + TILES], 56, "tiles"),
    ):
        image_tiles(
            shown,
            key=f"{part} {card.key}",
            alt=f"{card.what}: {what} {start} to {start + len(shown) - 1}",
            scale=scale,
            limit=limit,
            picked=(at - start, pixel),
            on_pick=_picker(card, view, start, in_columns),
            names=(what, start),
            tile=size,
        )
    if len(images) > TILES:
        st.caption(f"{what} {first} … {min(first + TILES, len(images)) - 1} of {len(images)}")


def _picker(card: Card, view: View, start: int, in_columns: bool) -> Callable[[Entry], None]:
    def pick(picked: Entry) -> None:
        number, pixel = picked[0] + start, picked[1]
        view.move(card, (pixel, number) if in_columns else (number, pixel))

    return pick


def _images(card: Card, shape: tuple[int, int] | None) -> Array | None:
    """(n, height, width) where the rows or the columns of the matrix are images."""
    if shape is None or 0 not in (card.row, card.column):
        return None
    rows = card.M.T if card.row == 0 else card.M
    return rows.reshape(-1, *shape)


def axis_name(axis: Axis) -> str:
    """What is counted along an axis, in words."""
    if axis == EXAMPLE:
        return "example"
    if axis == ONE:
        return "column"
    return "input" if axis == 0 else f"unit of layer {axis}"


def entry_name(axis: Axis, at: int) -> str:
    """One of what is counted along an axis, in words."""
    return f"unit {at} of layer {axis}" if axis > 0 else f"{axis_name(axis)} {at}"


def show_worked(worked: Worked) -> None:
    """The equations, the table of the sum's largest terms, the number as training has it."""
    for text in worked.lines:
        st.latex(text)
    if worked.terms:
        if worked.adds_to:
            st.markdown(f"${worked.adds_to}$, the sum of what each example says:")
        counter, left, right = worked.heads
        rows = [
            f"| {term.name} | ${number(term.left)}$ | ${number(term.right)}$ "
            f"| ${number(term.product)}$ |"
            for term in worked.terms
        ]
        if worked.others > 0:
            rows.append(f"| {worked.others:,} more | | | ${number(worked.rest)}$ |")
        if worked.bias is not None:
            rows.append(f"| bias | | | ${number(worked.bias)}$ |")
        st.markdown(
            f"| {counter} | ${left}$ | ${right}$ | product |\n|--:|--:|--:|--:|\n" + "\n".join(rows)
        )
    exact = np.float32(worked.value)  # what the network computes in; the cost is a float64
    digits = str(exact) if exact == worked.value else repr(worked.value)
    if not np.isfinite(worked.value):
        digits = "not finite"
    st.caption(f"${worked.symbol}$ exactly: `{digits}`")
