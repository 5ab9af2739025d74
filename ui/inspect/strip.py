"""The line above every view: the selection in words, and its examples."""

from dataclasses import replace

import streamlit as st

from data.points import Plane
from netcore.array import Array
from playground.inspect.outcome import outcome
from playground.inspect.selection import PARTS, Part, Selection
from playground.run import Snapshot
from ui import session
from ui.draw.answer import reads_drawings
from ui.image_grid import image_grid
from ui.inspect.chosen import (
    DRAWING,
    Example,
    examples,
    leave_drawing,
    look_at,
    part_noun,
    select,
    selection,
)
from ui.inspect.points import points_of
from ui.pager import pages
from ui.text import as_is

SHOWN = 16  # examples at once
TILE = 56  # an image's width in pixels
SHORT = 2  # characters of a class's name that fit into a line with its percentage
# Pixels of a letter of a caption, and of a caption: SHOWN of them fit into a row on a wide screen.
PER_CHARACTER, MAX_ROOM = 5.75, 77
TITLES: dict[Part, str] = {
    "validation": "Validation",
    "training": "Training",
    "drawings": "My drawings",
}


def strip(shown: Snapshot, chosen: Selection, looked_at: Example | None) -> None:
    """The selection in words, and its examples, the worst first."""
    dataset = examples(shown, chosen.part)
    members = chosen.members(shown.network, dataset)
    reason = as_is(chosen.reason(dataset.class_names)) or "all"
    with st.container(horizontal=True, vertical_alignment="center", key="selection"):
        _parts(shown, chosen)
        st.markdown(
            f"**{reason}: {len(members):,}** of {dataset.m:,} {part_noun(shown, chosen.part)}",
            width="content",
        )
        if not chosen.is_all:
            st.button("Select all", key="select all", type="tertiary", icon=":material/close:",
                      on_click=select, args=(Selection(chosen.part),))  # fmt: skip
        if looked_at is not None and looked_at.number == DRAWING:
            st.button("Back to the selection", key="leave drawing", on_click=leave_drawing,
                      type="tertiary")  # fmt: skip
        on_page = range(0)
        if dataset.image_shape is not None:
            count = st.empty()
            on_page, which = pages(len(members), SHOWN, key="strip page")
            if len(members) > SHOWN:
                count.markdown(which, width="content")
    if not dataset.m:
        st.caption("There are none yet. Label a drawing on the page Draw to add it here.")
        return
    if not len(members):
        st.caption("No example fits this selection any more. Choose another cell, or select all.")
        return
    if isinstance(shown.data, Plane):
        points_of(shown, shown.data, chosen, members)
        return
    few = members[on_page.start : on_page.stop]
    found, names = outcome(shown.network, dataset), dataset.class_names
    at = [int(number) for number in few]
    image_grid(
        dataset.take(few).images,
        key="selected",
        alt="The selected examples, with the predicted class and its probability",
        tile=TILE,
        labels=[
            f"number {i:,}, true {names[found.labels[i]]}: {most_probable(found.A[:, i], names)}"
            for i in at
        ],
        room=room(names),
        captions=[caption(names[found.predicted[i]], found.confidence[i], names) for i in at],
        marks=["wrong" if found.wrong[i] else "right" for i in at],
        on_pick=lambda tile: look_at(at[tile]),
        selected=at.index(looked_at.number)
        if looked_at is not None and looked_at.number in at
        else None,
    )


def caption(of: str, share: float, names: tuple[str, ...]) -> str:
    """A class and its probability, below each other if the classes have long names.

    >>> caption("7", 0.98, ("6", "7")), caption("not 7", 0.98, ("7", "not 7"))
    ('7 98 %', 'not 7\\n98 %')
    """
    apart = "\n" if max(map(len, names)) > SHORT else " "
    return f"{of}{apart}{100 * share:.0f} %"


def room(names: tuple[str, ...]) -> int:
    """The width in pixels that the longest of these names takes; longer ones are cut.

    >>> room(("7", "not 7")), room(("Trouser", "T-shirt/top")), room(("x" * 40,))
    (29, 63, 77)
    """
    return min(round(PER_CHARACTER * max(map(len, names))), MAX_ROOM)


def most_probable(a: Array, names: tuple[str, ...], n: int = 3) -> str:
    """Such as "9 (87 %), 4 (12 %), 7 (1 %)".

    >>> import numpy as np
    >>> most_probable(np.array([0.12, 0.88]), ("4", "9"))
    '9 (88 %), 4 (12 %)'
    """
    order = (-a).argsort(kind="stable")[:n]
    return ", ".join(f"{names[label]} ({100 * a[label]:.0f} %)" for label in order)


def _parts(shown: Snapshot, chosen: Selection) -> None:
    there = PARTS if reads_drawings(shown.data) else PARTS[:2]
    session.show("inspect part", chosen.part)
    st.segmented_control(
        "Examples of",
        there,
        key="inspect part",
        format_func=TITLES.__getitem__,
        required=True,
        label_visibility="collapsed",
        on_change=_take_part,
    )


def _take_part() -> None:
    part: Part = session.get("inspect part")
    old = selection()
    # The rule applies to another part as well, except a lasso, which has indices of one part.
    select(Selection(part) if old.points is not None else replace(old, part=part))
