"""Training examples that a person marks, to leave them out of training or to relabel them: a new
run, with corrections among its settings.
"""

import re
from collections.abc import Sequence

import streamlit as st

from data.corruption import numbers_left
from data.dataset import Dataset
from playground.config import NUMBERED_BY
from playground.inspect.outcome import Outcome
from playground.run import Snapshot
from playground.settings import Correction
from ui import runs, session
from ui.text import as_is

MARKED, _OF = "marked examples", "training set of the marked examples"
_NUMBER = re.compile(r"\d[\d,]*")  # at the start of an option


def marked_in(shown: Snapshot, train: Dataset) -> list[int]:
    """The marked examples of this training set. In another one, the numbers mean other examples, so
    the marks are dropped.
    """
    config = shown.config
    of = [getattr(config, name) for name in (*NUMBERED_BY, "corrections")]
    if session.get(_OF) != of:
        session.put(_OF, of)
        session.put(MARKED, [])
    return [number for number in _numbers() if number < train.m]


def _numbers() -> list[int]:
    """The numbers in the widget. Where a person chose an option of an earlier draw that the latest
    does not have, Streamlit gives its text.
    """
    found = (_NUMBER.match(str(each)) for each in session.get(MARKED, []))
    return [int(each[0].replace(",", "")) for each in found if each is not None]


def marked_widget(shown: Snapshot, train: Dataset, found: Outcome, offered: Sequence[int]) -> None:
    """Which examples are marked, and what to do with them; and the corrections made so far."""
    names = train.class_names
    marked = marked_in(shown, train)
    session.put(MARKED, marked)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.multiselect(
            "Marked",
            sorted({*marked, *offered}),
            key=MARKED,
            placeholder="Mark images, or choose numbers",
            format_func=lambda number: f"{number:,}: {names[found.labels[number]]}",
            width=360,
        )
        st.button(
            f"Leave {len(marked):,} out of training", key="leave out", disabled=not marked,
            on_click=_begin, args=(corrected(shown.config.corrections, train.m, marked, None),),
            help="A new run without the marked examples.",
        )  # fmt: skip
        label = st.selectbox("Right label", range(len(names)), key="right label", width=120,
                             format_func=names.__getitem__)  # fmt: skip
        st.button(
            f"Relabel {len(marked):,} as {as_is(names[label])}", key="relabel",
            disabled=not marked, on_click=_begin,
            args=(corrected(shown.config.corrections, train.m, marked, label),),
            help="A new run in which the marked examples have this label.",
        )  # fmt: skip
    made = shown.config.corrections
    if made:
        out = sum(label is None for _, label in made)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"This run trains with {out:,} examples left out and {len(made) - out:,} "
                        "relabeled.", width="content")  # fmt: skip
            st.button("Undo all corrections", key="undo corrections", on_click=_begin, args=((),))


def toggle(number: int) -> None:
    """For callbacks: mark this example, or no longer."""
    marked = _numbers()
    session.put(MARKED, [each for each in marked if each != number] if number in marked
                else [*marked, number])  # fmt: skip


def corrected(
    made: tuple[Correction, ...], m: int, marked: Sequence[int], label: int | None
) -> tuple[Correction, ...]:
    """The corrections so far and those of the marked examples, numbered as before all of them.

    m  the number of examples that are left now

    >>> corrected(((0, None), (2, 7)), 4, [1, 2], None)
    ((0, None), (2, None), (3, None))
    """
    known = dict(made)
    before = numbers_left(m + sum(each is None for each in known.values()), known)
    known |= {int(before[number]): label for number in marked}
    return tuple(sorted(known.items()))


def _begin(corrections: tuple[Correction, ...]) -> None:
    """A new run with these corrections, trained at once; the old curves are in the background."""
    runs.configure(corrections=corrections)
    if runs.now().config.corrections == corrections:  # not refused
        session.put(MARKED, [])
        runs.play()
