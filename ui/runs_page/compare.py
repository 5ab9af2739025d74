"""The chosen runs side by side: curves, settings, and a view of their networks."""

from collections.abc import Sequence

import streamlit as st

from playground.comparison import Compared, differing_settings, names_of
from playground.library.library import Library
from playground.library.opened import library
from playground.library.schema import LibraryError
from ui import session
from ui.compared_curves import compared_curves
from ui.runs_page.networks import confusions, one_drawing, weights
from ui.text import as_is

_COMPARED = "runs that are compared"
VIEWS = {"Weights": weights, "Confusion": confusions, "One drawing": one_drawing}


def compare(ids: Sequence[str]) -> None:
    runs = read(library(), ids)
    if not runs:
        return
    compared_curves(runs, [run.entry.settings for run in runs], key="compared")
    if session.get("compared by") == "seconds":
        st.caption("Seconds are measured at each checkpoint, and interpolated between checkpoints.")
    _settings(runs)
    view = st.segmented_control(
        "Side by side", list(VIEWS), default="Weights", key="compare view", required=True
    )
    VIEWS[view or "Weights"](runs)


def read(kept: Library, ids: Sequence[str]) -> list[Compared]:
    """The runs with their networks and curves. The tab keeps a run until it has a new checkpoint
    or is no longer chosen.
    """
    before: dict[str, Compared] = session.get(_COMPARED, {})
    found: dict[str, Compared] = {}
    entries = kept.find(ids)
    for index, (entry, name) in enumerate(zip(entries, names_of(entries), strict=True)):
        old = before.get(entry.id)
        if old is not None and (old.entry, old.index, old.name) == (entry, index, name):
            found[entry.id] = old
            continue
        try:
            saved = kept.saved(entry)
        except LibraryError as error:
            st.warning(as_is(str(error)), icon=":material/info:")
            continue
        found[entry.id] = Compared(
            index,
            name,
            entry,
            saved.state.network,
            saved.curves,
            saved.class_names,
            saved.image_shape,
        )
    session.put(_COMPARED, found)
    return list(found.values())


def _settings(runs: Sequence[Compared]) -> None:
    """A table of the settings that differ."""
    if len(runs) < 2:
        return
    differing = differing_settings([run.entry for run in runs])
    if not differing:
        st.caption("These runs have the same settings.")
        return
    head = "| setting | " + " | ".join(_head(run) for run in runs) + " |"
    rule = "|---" * (len(runs) + 1) + "|"
    lines = [
        f"| {as_is(label)} | " + " | ".join(as_is(text[:60]) for text in texts) + " |"
        for label, texts in differing
    ]
    st.markdown("**Settings that differ**")
    st.markdown("\n".join([head, rule, *lines]))


def _head(run: Compared) -> str:
    return f"**{run.letter}** {as_is(run.entry.given_name[:40])}"
