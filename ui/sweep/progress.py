"""A sweep while it trains, and its results."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from playground.comparison import MAX_RUNS
from playground.formatting import counted, duration
from playground.library.entry import SPARKS
from playground.library.opened import library
from playground.measure import measure_of
from playground.sweep import by_owner
from playground.sweep.figures import (
    best_first,
    brushed,
    curves_figure,
    dimensions,
    parcoords_figure,
)
from playground.sweep.ranges import short_label
from playground.sweep.sweep import ShownSweep, Sweep, SweepStatus
from playground.sweep.trial import ShownTrial, TrialStatus
from ui import session
from ui.browser_key import owner
from ui.live_plot import live_plot
from ui.notes import draw_again
from ui.runs_page.chosen import choose
from ui.runs_page.compare import read
from ui.runs_page.edit import open_run
from ui.runs_page.networks import weights
from ui.text import as_is

POLL = 0.6  # seconds
_BRUSH = "sweep brush"


def progress(sweep: Sweep) -> None:
    """All of it, refreshed as long as something new is to come."""
    start = sweep.shown()
    first: ShownSweep | None = start
    comes = _comes(start)

    def part() -> None:
        nonlocal first
        shown, first = first or sweep.shown(), None
        _head(sweep, shown)
        if shown.trials:
            _results(shown)
        is_another = by_owner.sweep_of(owner()) is not sweep  # after New sweep
        if is_another or _comes(shown) != comes:  # with or without the timer
            draw_again()

    st.fragment(part, run_every=POLL if comes else None, key="sweep progress")()
    if _comes(sweep.shown()) != comes:
        draw_again()


def _comes(shown: ShownSweep) -> bool:
    """Whether there is something new to come: its last runs reach the library after its end."""
    return shown.busy or (shown.over and not shown.landed)


def _head(sweep: Sweep, shown: ShownSweep) -> None:
    ended = sum(trial.over for trial in shown.trials)
    stopped = sum(trial.status is TrialStatus.STOPPED for trial in shown.trials)
    parts = [f"**{shown.status}**", f"{ended:,} of {counted(shown.count, 'run')} ended"]
    if stopped:
        parts.append(f"{stopped:,} stopped early")
    parts.append(duration(shown.seconds))
    if shown.seconds_left is not None and not shown.over:
        parts.append(f"about {duration(shown.seconds_left)} left")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(" · ".join(parts), width="stretch")
        with st.container(key="controls", horizontal=True, gap="small", width="content"):
            _buttons(sweep, shown)
    st.progress(shown.share)
    if shown.message:
        st.error(as_is(shown.message), icon=":material/error:")


def _buttons(sweep: Sweep, shown: ShownSweep) -> None:
    if shown.over:
        st.button("New sweep", type="primary", key="new sweep", on_click=_forget)
        return
    if shown.status is SweepStatus.CANCELLING:
        return
    if shown.status in (SweepStatus.PAUSED, SweepStatus.PAUSING):
        st.button("Resume", type="primary", key="resume sweep", on_click=sweep.resume)
    else:
        st.button(
            "Pause",
            key="pause sweep",
            on_click=sweep.pause,
            help="Each run that trains stops within about a second.",
        )
    st.button(
        "Cancel",
        key="cancel sweep",
        on_click=sweep.cancel,
        help="Runs that have begun stay in the library, where they can continue.",
    )


def _forget() -> None:
    by_owner.forget(owner())
    session.take(_BRUSH)


def _results(shown: ShownSweep) -> None:
    scored = [trial for trial in shown.trials if trial.over and len(trial.curves)]
    dims = dimensions(scored, shown.plan.space.axes)
    brush = session.get(_BRUSH, {})
    inside = brushed(scored, dims, brush) if brush else scored
    numbers = {trial.number for trial in inside} | {
        trial.number for trial in shown.trials if not trial.over and not brush
    }
    chosen = best_first(inside)[:MAX_RUNS]
    live_plot(
        curves_figure(shown.trials, chosen, numbers),
        key="sweep curves",
        height=340,
        alt=f"Validation {measure_of(shown.plan.space.base).name} of {len(shown.trials)} runs",
    )
    if shown.plan.halving:
        st.caption("A cross is where a run was stopped early, because others were better there.")
    if len(scored) > 1:
        live_plot(
            parcoords_figure(scored, dims, brush),
            key="sweep coordinates",
            height=312,
            alt="Parallel coordinates: settings and results of each run that has ended",
            on_brush=lambda ranges: session.put(_BRUSH, ranges),
        )
        st.caption(
            "Drag along an axis to choose a part of it: the curves and weights are those of the "
            f"runs inside, {len(inside)} of {len(scored)}, the best {MAX_RUNS} in colors. Click an "
            "axis to choose all of it again."
        )
    _table(shown, numbers if brush else None)
    _networks(chosen)


def _table(shown: ShownSweep, numbers: set[int] | None) -> None:
    """The runs, with what is done to those that are selected."""
    trials = [trial for trial in shown.trials if numbers is None or trial.number in numbers]
    picked = st.dataframe(
        _columns(shown, trials),
        key=f"sweep table {shown.tag} {'' if numbers is None else sorted(numbers)}",
        hide_index=True,
        height=min(330, 38 + 35 * len(trials)),
        on_select="rerun",
        selection_mode="multi-row",
        column_config=_HOW,
    )
    rows = [n for n in picked["selection"]["rows"] if n < len(trials)]
    ids = [trials[n].run_id for n in rows if trials[n].run_id]
    if not ids:
        st.caption("Select rows to open a run in Train, or to compare up to eight.")
        return
    entries = library().find(ids)
    with st.container(horizontal=True, gap="small"):
        if len(entries) == 1 and st.button("Open", type="primary", key="open sweep run"):
            open_run(entries[0])
        if st.button("Compare", key="compare sweep runs"):
            choose(ids)
            st.switch_page("pages/runs.py")


def _columns(shown: ShownSweep, trials: Sequence[ShownTrial]) -> dict[str, list[Any]]:
    measure = measure_of(shown.plan.space.base)
    varied = {
        short_label(name): [trial.values[name] for trial in trials]
        for name in shown.plan.space.axes
    }
    return {
        "run": [trial.number for trial in trials],
        "status": [_word(trial, shown) for trial in trials],
        **varied,
        measure.name: [measure.unit * trial.score for trial in trials],
        "cost": [trial.cost for trial in trials],
        "curve": [
            (measure.unit * trial.measured("validation_accuracy")[-SPARKS:]).tolist()
            for trial in trials
        ],
        "iteration": [trial.iteration for trial in trials],
        "parameters": [trial.parameters for trial in trials],
        "seconds": [trial.seconds for trial in trials],
        "why": [trial.message for trial in trials],
    }


def _word(trial: ShownTrial, shown: ShownSweep) -> str:
    """The status of a run; one between two stints does not train while the sweep is paused."""
    if trial.status is TrialStatus.TRAINING and shown.status is SweepStatus.PAUSED:
        return str(SweepStatus.PAUSED)
    return str(trial.status)


_HOW = {
    "run": st.column_config.NumberColumn("Run", width=50),
    "status": st.column_config.TextColumn("Status", width=105),
    "Accuracy": st.column_config.NumberColumn("Accuracy", format="%.2f %%"),
    "cost": st.column_config.NumberColumn("Cost", format="%.4f", help="Validation cost, the last"),
    "curve": st.column_config.LineChartColumn("Curve", width="small"),
    "iteration": st.column_config.NumberColumn("Iteration"),
    "parameters": st.column_config.NumberColumn("Parameters", format="localized"),
    "seconds": st.column_config.NumberColumn("Seconds", format="%.1f"),
    "why": st.column_config.TextColumn("Why it ended"),
}


def _networks(chosen: Sequence[ShownTrial]) -> None:
    """The weights of the best runs inside the brush that are in the library, under the letters that
    their curves have.
    """
    places = {trial.run_id: place for place, trial in enumerate(chosen) if trial.run_id}
    if not places:
        return
    runs = [replace(run, index=places[run.entry.id]) for run in read(library(), list(places))]
    if len({run.image_shape for run in runs}) == 1:
        weights(runs)
