"""View 1: the confusion matrix."""

from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from playground.inspect.confusion import (
    Cell,
    cell_at,
    confusion_figure,
    largest_errors,
    matrix_of,
    over_training,
)
from playground.inspect.outcome import outcome
from playground.inspect.selection import Selection
from playground.run import Snapshot
from ui import session
from ui.inspect.chosen import examples, select, selection
from ui.inspect.reading import how_to_read
from ui.live_plot import Point, live_plot
from ui.text import as_is

ANY = -1
MAX_LISTED = 6


def confusion(shown: Snapshot, chosen: Selection) -> None:
    """The matrix of the whole part. A click on a cell selects its examples."""
    dataset = examples(shown, chosen.part)
    found, names = outcome(shown.network, dataset), dataset.class_names
    matrix = matrix_of(found)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        live_plot(
            confusion_figure(matrix, names, chosen, shares=_shares()),
            key="confusion",
            height=470,
            alt=f"Confusion matrix: {found.wrong.sum():,} of {found.m:,} predicted wrongly",
            on_pick=partial(_take_cell, len(names)),
        )
    with right:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            _class("True", "true", chosen.true, names)
            _class("Predicted", "predicted", chosen.predicted, names)
            st.toggle("Shares", key="confusion shares", help="Per cent of each true class")
        wrong = int(found.wrong.sum())
        st.markdown(
            f"**{wrong:,} of {found.m:,} predicted wrongly**, accuracy {100 * found.accuracy:.1f} %"
        )
        _most_confused(matrix, names)
        if chosen.part == "validation" and len(shown.confusions) > 1:
            _over_training(shown, chosen, names)
        how_to_read(
            "Each cell off the diagonal counts one kind of error. A click on a cell or on a total "
            "selects those examples for every view.",
            '"Two classes are alike because a share is large." It may come from a few examples.',
        )


def _shares() -> bool:
    return bool(session.get("confusion shares", False))


def _class(label: str, key: str, value: int | None, names: tuple[str, ...]) -> None:
    """The same choice as a widget, for the keyboard."""
    session.show(f"confusion {key}", ANY if value is None or value >= len(names) else value)
    st.selectbox(
        label,
        [ANY, *range(len(names))],
        key=f"confusion {key}",
        format_func=lambda each: "any" if each == ANY else names[each],
        on_change=_take_classes,
        width=120,
    )


def _take_classes() -> None:
    true, predicted = (session.get(f"confusion {key}") for key in ("true", "predicted"))
    _select((None if true == ANY else true, None if predicted == ANY else predicted))


def _take_cell(n_classes: int, points: list[Point]) -> None:
    match points[0]:
        case (_, row, column) if max(row, column) <= n_classes:
            _select(cell_at(row, column, n_classes))


def _select(cell: Cell) -> None:
    true, predicted = cell
    select(Selection(selection().part, true, predicted))


def _over_training(shown: Snapshot, chosen: Selection, names: tuple[str, ...]) -> None:
    n = len(names)
    true, predicted = (
        None if each is None or each >= n else each for each in (chosen.true, chosen.predicted)
    )
    what = Selection(true=true, predicted=predicted).reason(names) or "all"
    title = f"Over training: {what}"
    if true is None or predicted is None:
        title += ", errors"
    live_plot(
        over_training(shown.confusions, (true, predicted), title),
        key="confusion curve",
        height=190,
        alt=title,
    )


def _most_confused(matrix: NDArray[np.integer], names: tuple[str, ...]) -> None:
    """Buttons that select the cells with the most errors."""
    cells = largest_errors(matrix, MAX_LISTED)
    if not cells:
        return
    st.caption("Most often confused: true → predicted")
    with st.container(horizontal=True, gap="xsmall"):
        for i, (true, predicted) in enumerate(cells):
            st.button(
                f"{as_is(names[true])} → {as_is(names[predicted])}: {matrix[true, predicted]:,}",
                key=f"confused {i}",
                on_click=_select,
                args=((true, predicted),),
            )
