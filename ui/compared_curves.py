"""Curves of several runs in one chart, with the choice of curve, axis and smoothing above it."""

from collections.abc import Mapping, Sequence

import streamlit as st

from playground.comparison import AXES, MEASURES, Drawn, curves_figure, not_comparable, title_of
from ui.live_plot import live_plot
from ui.text import as_is


def compared_curves(
    runs: Sequence[Drawn],
    settings: Sequence[Mapping[str, str]],
    *,
    key: str,
    by: str = "iteration",
    height: int = 360,
    may_smooth: bool = True,
) -> None:
    """Draw the chart and the widgets above it.

    settings  of each run, as text
    by        the axis before a person chooses one
    """
    smoothing, log = 0.0, False
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        measure = st.selectbox(
            "Curve", list(MEASURES), format_func=MEASURES.__getitem__, key=f"{key} curve", width=220
        )
        axis = st.segmented_control("By", list(AXES), default=by, key=f"{key} by", required=True)
        if may_smooth:
            smoothing = st.slider(
                "Smoothing", 0.0, 0.95, 0.0, 0.05, key=f"{key} smoothing", width=200,
                help="An exponential moving average. The measured curve stays behind it.",
            )  # fmt: skip
        if measure.endswith("cost"):
            log = st.toggle("Log scale", key=f"{key} log")
    title = title_of(measure, settings)
    figure = curves_figure(
        runs, measure=measure, by=axis or by, smoothing=smoothing, log=log, title=title
    )
    names = "; ".join(f"{run.letter}: {run.name}" for run in runs)
    live_plot(figure, key=f"{key} curves", height=height, alt=f"{title} of the runs {names}")
    if warning := not_comparable(settings, measure):
        st.warning(as_is(warning), icon=":material/info:")
