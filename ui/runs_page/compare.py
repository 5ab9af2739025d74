"""The chosen runs side by side: curves, settings, and a view of their networks."""

from collections.abc import Sequence

import streamlit as st

from playground.comparison import (
    AXES,
    MEASURES,
    Compared,
    curves_figure,
    differing_settings,
    names_of,
    not_comparable,
)
from playground.library.library import Library
from playground.library.opened import library
from playground.library.schema import LibraryError
from ui import session
from ui.live_plot import live_plot
from ui.runs_page.networks import confusions, one_drawing, weights
from ui.text import as_is

_READ = "runs that are compared"
VIEWS = {"Weights": weights, "Confusion": confusions, "One drawing": one_drawing}


def compare(ids: Sequence[str]) -> None:
    runs = _read(library(), ids)
    if not runs:
        return
    _curves(runs)
    _settings(runs)
    view = st.segmented_control(
        "Side by side", list(VIEWS), default="Weights", key="compare view", required=True
    )
    VIEWS[view or "Weights"](runs)


def _read(kept: Library, ids: Sequence[str]) -> list[Compared]:
    """The runs with their networks and curves; what was read stays in the tab until the run is
    kept anew, or no longer chosen.
    """
    before: dict[str, Compared] = session.get(_READ, {})
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
    session.put(_READ, found)
    return list(found.values())


def _curves(runs: Sequence[Compared]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        measure = st.selectbox(
            "Curve", list(MEASURES), format_func=_measure_name, key="compare curve", width=220
        )
        by = st.segmented_control(
            "By", list(AXES), default="iteration", key="compare by", required=True
        )
        smoothing = st.slider(
            "Smoothing", 0.0, 0.95, 0.0, 0.05, key="compare smoothing", width=200,
            help="An exponential moving average; the measured curve stays behind it.",
        )  # fmt: skip
        log = st.toggle("Log scale", key="compare log", disabled=not measure.endswith("cost"))
    figure = curves_figure(
        runs, measure=measure, by=by or "iteration", smoothing=smoothing, log=log
    )
    names = "; ".join(f"{run.letter}: {run.name}" for run in runs)
    live_plot(
        figure, key="compared curves", height=360, alt=f"{MEASURES[measure]} of the runs {names}"
    )
    if warning := not_comparable([run.entry.settings for run in runs], measure):
        st.warning(as_is(warning), icon=":material/info:")
    if by == "seconds":
        st.caption("Seconds are measured at each checkpoint, and interpolated between two of them.")


def _measure_name(name: str) -> str:
    return MEASURES[name].split(" (")[0].split(",")[0]


def _settings(runs: Sequence[Compared]) -> None:
    """Only what differs."""
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
