"""Which run this browser tab shows, and the notes it has to say.

A tab holds no run, only the token of one in the registry. The address carries the token and the
settings, so that a reload finds the run, and a stranger's server starts the same one anew.
"""

import secrets
from typing import Any

import streamlit as st

from data import catalog
from data.dataset import DataError
from playground.config import ConfigError, RunConfig, read_address
from playground.history import Curves
from playground.registry import RUNS
from playground.run import Run
from playground.settings import SETTINGS
from ui import session

_RUN, _BEFORE, _VIEWER, _NOTES = "run", "run before", "viewer", "notes"


class Presence:
    """That a tab shows a run. Streamlit drops it when the tab's connection ends."""

    def __init__(self, token: str, viewer: str) -> None:
        self.token = token
        self.viewer = viewer

    def end(self) -> None:
        if (run := RUNS.get(self.token)) is not None:
            run.leave(self.viewer)


@st.cache_resource(scope="session", on_release=Presence.end, show_spinner=False)
def _presence(token: str, viewer: str) -> Presence:
    return Presence(token, viewer)


def current_run() -> Run:
    """This tab's run: the one it had, else the one its address names, else a fresh one."""
    run = RUNS.get(session.get(_RUN, ""))
    if run is None:
        run = _from_address()
    _presence(run.token, viewer())
    run.watch(viewer())
    return run


def viewer() -> str:
    """A name for this tab."""
    return session.keep(_VIEWER, lambda: secrets.token_hex(8))


def _from_address() -> Run:
    query = st.query_params.to_dict()
    token = query.get("run", "")
    run = RUNS.get(token)
    if run is not None:
        session.put(_RUN, run.token)
        return run
    config, complaints = read_address(query)
    for sentence in complaints:
        note(sentence)
    try:
        run = _adopt(config)
    except (ConfigError, DataError) as error:
        note(f"The address does not fit: {error} The app's default is shown.")
        run = _adopt(RunConfig())
    if token:
        note("The run in the address is not on this server any more. Here is the same start.")
    return run


def _adopt(config: RunConfig, before: Curves | None = None) -> Run:
    """Start a run with these settings and show it in this tab."""
    run = Run(config, catalog.load(config.dataset), before)
    RUNS.add(run, viewer())
    session.put(_RUN, run.token)
    return run


def configure(**values: Any) -> None:
    """Change settings: at once where they are live, else in a new run with the old curves
    behind it. What cannot be is told in a sentence, and everything stays as it is."""
    old = current_run()
    try:
        config = old.config.with_values(**values)
        if not old.config.needs_new_run(config):
            old.adjust(config)
            return
        if config.dataset != old.config.dataset:
            train = catalog.load(config.dataset).train
            ends = (train.n_x, *config.layers[1:-1], train.n_classes)
            config = config.with_values(layers=ends, activations=config.activations)
        trained = len(old.snapshot.curves.step_cost) > 0
        _adopt(config, old.snapshot.curves if trained else old.before)
    except (ConfigError, DataError) as error:
        note(f"{error} Everything stays as it was.")
        return
    _leave(old, keep=trained)


def back_to_run_before() -> None:
    """Show the run again that the last change of settings replaced."""
    before = run_before()
    if before is not None:
        old = current_run()
        session.put(_RUN, before.token)
        _leave(old, keep=True)


def run_before() -> Run | None:
    """The trained run that this tab showed before this one, while it is kept."""
    return RUNS.get(session.get(_BEFORE, ""))


def _leave(run: Run, *, keep: bool) -> None:
    """Turn this tab away from a run: kept as the one to go back to, or forgotten."""
    run.leave(viewer())
    mine = not run.watched  # else another window shows it, too: there it goes on
    if mine:
        run.pause()
    if not keep:
        if mine:
            RUNS.drop(run.token)
        return
    older = run_before()
    if older is not None and older.token != session.get(_RUN) and not older.watched:
        RUNS.drop(older.token)
    session.put(_BEFORE, run.token)


def sync_address(run: Run) -> None:
    """Write the settings and the run's token into the address; other keys stay."""
    old = st.query_params.to_dict()
    others = {name: text for name, text in old.items() if name not in SETTINGS and name != "run"}
    new = others | run.config.to_text() | {"run": run.token}
    if new != old:
        st.query_params.from_dict(new)


def note(sentence: str) -> None:
    """Say this once, on the next page drawn."""
    session.keep(_NOTES, list[str]).append(sentence)


def take_notes() -> list[str]:
    """The sentences to say, which are then forgotten."""
    sentences: list[str] = session.take(_NOTES, [])
    return sentences
