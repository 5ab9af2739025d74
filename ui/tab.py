"""The identity of a browser tab: its name, and the runs it shows.

A tab stores only the tokens of two runs in the registry: one on images, which most pages show, and
one on points, which The plane shows. Under the hood and Inspect show either.
"""

import secrets

import streamlit as st

from playground.memory_return import give_back_soon
from playground.registry import RUNS, Computation
from playground.run import Run
from playground.run_data import is_plane
from ui import session

_VIEWER, _ON_PLANE = "viewer", "on the plane"


class Presence:
    """Marks that a tab shows a run or a race. Streamlit releases it when the connection ends."""

    def __init__(self, token: str, viewer: str) -> None:
        self.token = token
        self.viewer = viewer

    def end(self) -> None:
        RUNS.leave(self.token, self.viewer)
        give_back_soon()  # the session state is about to be dropped


@st.cache_resource(scope="session", on_release=Presence.end, show_spinner=False)
def _presence(token: str, viewer: str) -> Presence:
    return Presence(token, viewer)


def enter(*, plane: bool) -> None:
    """Called by app.py: whether the next page shows the tab's run on points."""
    session.put(_ON_PLANE, plane)


def on_plane() -> bool:
    return bool(session.get(_ON_PLANE, False))


def viewer() -> str:
    """A unique name for this tab."""
    return session.keep(_VIEWER, lambda: secrets.token_hex(8))


def _run_key(*, plane: bool) -> str:
    return "run of points" if plane else "run"


def _before_key() -> str:
    return "run of points before" if on_plane() else "run before"


def token(*, plane: bool) -> str | None:
    """The token of the tab's run of this kind."""
    named: str | None = session.get(_run_key(plane=plane))
    return named


def run() -> Run | None:
    """The run that the tab shows on this page; None if there is none (any more)."""
    return RUNS.get(token(plane=on_plane()) or "")


def show(run: Run) -> None:
    """Show this run from now on, on pages of its kind of data."""
    session.put(_run_key(plane=is_plane(run.config)), run.token)


def forget() -> None:
    """The tab shows no run of this kind now."""
    session.take(_run_key(plane=on_plane()))


def run_before() -> Run | None:
    """The trained run that this tab showed previously, as long as it is kept."""
    return RUNS.get(session.get(_before_key(), ""))


def keep_before(run: Run) -> None:
    """Remember this run as the previous one."""
    session.put(_before_key(), run.token)


def look_at(run: Computation) -> None:
    """Register that the tab shows this run, or race, until its connection ends."""
    _presence(run.token, viewer())
    run.watch(viewer())
