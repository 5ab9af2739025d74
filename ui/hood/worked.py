"""The calculation of an entry: equations, a table of the largest terms, the exact value."""

from dataclasses import replace

import numpy as np
import streamlit as st

from netcore.array import Array
from playground.arithmetic import Worked, number
from playground.slides import EXAMPLE, ONE, Axis, Card
from playground.step_trace import Path


def show_each(cards: list[Card]) -> None:
    """The calculations of these cards, as tabs if there are several. An update has a second tab
    with its gradient, as a sum over the examples.
    """
    shown: list[tuple[str, Worked]] = []
    for card in cards:
        if (worked := card.worked) is None:
            continue
        if worked.adds_to:
            shown.append((worked.symbol, replace(worked, terms=())))
            shown.append((r"g = \sum_j \ldots", replace(worked, lines=())))
        else:
            shown.append((worked.symbol, worked))
    if len(shown) == 1:
        show_worked(shown[0][1])
        return
    for tab, (_, worked) in zip(st.tabs([f"${name}$" for name, _ in shown]), shown, strict=True):
        with tab:
            show_worked(worked)


def show_worked(worked: Worked) -> None:
    """The equations, the table of the largest terms, and the value that training computed."""
    for text in worked.lines:
        st.latex(text)
    if worked.terms:
        if worked.adds_to:
            st.markdown(f"${worked.adds_to}$, the sum over the examples:")
        st.markdown(_table(worked))
        if not worked.lines:
            return  # this is an update's gradient, while worked.value is the update's
    st.caption(f"${worked.symbol}$ exactly: `{exactly(worked.value)}`")


def exactly(x: float) -> str:
    """The number with as few digits as tell it from every other float32, the network's type; the
    cost, a float64, with its own.

    >>> exactly(np.float32(0.1)), exactly(0.1), exactly(-0.0), exactly(float("nan"))
    ('0.1', '0.1', '0.0', 'not finite')
    """
    value = float(x) + 0.0  # which makes 0 of −0
    if not np.isfinite(value):
        return "not finite"
    single = np.float32(value)
    return str(single) if single == value else repr(value)


def show_entries(cards: list[Card], path: Path) -> None:
    """For slides without a calculation: the entry of each matrix on the path."""
    for card in cards:
        i, k = card.entry(path)
        at = ", ".join(
            entry_name(axis, to) for axis, to in ((card.row, i), (card.column, k)) if axis != ONE
        )
        st.markdown(f"${card.symbol}$, {at}: **{exactly(card.M[i, k])}**")
        st.caption(f"{card.what}: {_at_a_glance(card.M)}")


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


def _table(worked: Worked) -> str:
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
    return f"| {counter} | ${left}$ | ${right}$ | product |\n|--:|--:|--:|--:|\n" + "\n".join(rows)


def axis_name(axis: Axis) -> str:
    """The name of an axis: what its indices count."""
    if axis == EXAMPLE:
        return "example"
    if axis == ONE:
        return "column"
    return "input" if axis == 0 else f"unit of layer {axis}"


def entry_name(axis: Axis, at: int) -> str:
    """The name of one index along an axis, such as "unit 3 of layer 1"."""
    return f"unit {at} of layer {axis}" if axis > 0 else f"{axis_name(axis)} {at}"
