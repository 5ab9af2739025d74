"""A slider over the steps of a run: what a page shows follows it; a branch goes on from there."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from playground.run import Snapshot
from ui import past, runs, session

HERE = Path(__file__).parent
KEY = "time slider"
_mount = st.components.v2.component(
    "time_slider",
    css=(HERE / "slider.css").read_text("utf-8"),
    js=(HERE / "slider.js").read_text("utf-8"),
)


def time_slider(
    shown: Snapshot, *, parts: Sequence[str], beside: Callable[[], None] | None = None
) -> None:
    """Show the slider, and below it which step the page shows, and what can be done there.

    parts   keys of the live parts of the page that follow it
    beside  draws what else stands in that line
    """
    now = shown.now
    _mount(
        key=KEY,
        data={
            "label": "Step of the run that the page shows",
            "iterations": now.iterations,
            "latest": now.iteration,
            "step": _step(shown),
        },
        height="content",
        on_chosen_change=partial(_take, shown.token, parts),
    )
    with st.container(horizontal=True, vertical_alignment="center", key="time-line"):
        if beside is not None:
            beside()
        _line(shown)


def _step(shown: Snapshot) -> int | None:
    if shown.coming is not None:
        return shown.coming
    return shown.iteration if shown.is_past else None


def _take(token: str, parts: Sequence[str]) -> None:
    step: Any = ((session.get(KEY) or {}).get("chosen") or {}).get("step")
    if step is None or (type(step) is int and 0 <= step < 2**31):
        past.look_at(token, step)
        st.rerun(parts)


def _line(shown: Snapshot) -> None:
    if shown.coming is not None:
        st.caption(f"Rebuilding step {shown.coming:,} …", width="stretch")
        _back_to_now(shown)
    elif shown.is_past:
        st.caption(f"**Step {shown.iteration:,}** of {shown.now.iteration:,}", width="stretch")
        with st.container(horizontal=True, gap="small", width="content"):
            _back_to_now(shown)
            branch_button(shown)
    else:
        st.caption("Drag to see the run as it was after any step.", width="stretch")


def _back_to_now(shown: Snapshot) -> None:
    st.button(
        "Now",
        key="now",
        icon=":material/last_page:",
        on_click=past.look_at,
        args=(shown.token, None),
        help="Show the latest step again.",
    )


def branch_button(shown: Snapshot) -> None:
    st.button(
        "Branch here",
        key="branch",
        icon=":material/call_split:",
        on_click=_branch,
        args=(shown.token,),
        help="Start a new run from this step: change its settings, and press Play. Its charts "
        "also show the curves of this run, pale.",
    )


def _branch(token: str) -> None:
    if (moment := past.moment_seen(token)) is not None:
        runs.branch(token, moment)


def past_banner(shown: Snapshot) -> None:
    """On a page without the slider: that it shows an earlier step, and the way back."""
    if not shown.is_past:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="past-banner"):
        st.caption(
            f"This page shows **step {shown.iteration:,}**, as the run was then; it is at step "
            f"{shown.now.iteration:,} now.",
            width="content",
        )
        _back_to_now(shown)
        branch_button(shown)
