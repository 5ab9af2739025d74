"""The life of a tab's runs: one is found, changed, replaced by another, gone back to, left."""

from collections.abc import Callable
from functools import partial
from typing import Any, BinaryIO

import streamlit as st

from data import catalog
from data.dataset import Dataset, Splits
from playground.config import RunConfig
from playground.registry import RUNS, RegistryFullError
from playground.run import Run, Snapshot
from playground.run_data import comparable, fitted
from playground.saved import SavedRun
from playground.step_trace import copy_of
from playground.storage.train_state import StorageError
from playground.trainer import Trainer
from ui import deferred, loading, tab, wanted_data, windows
from ui.address import run_of_address
from ui.notes import Refusal, draw_again, noting_refusals
from ui.text import as_is


def run_to_show() -> Run:
    """This tab's run for the page about to be drawn, once what was deferred has been done."""
    with st.container(key="waiting"):  # empty but for a spinner while data are read
        deferred.catch_up()
        return current_run()


def current_run() -> Run:
    """This tab's run: the one it had, else the one its address names, else a fresh one."""
    run = tab.run()
    if run is None:
        try:
            run = run_of_address()
        except RegistryFullError as error:
            st.error(as_is(str(error)), icon=":material/error:")
            st.stop()
    tab.look_at(run)
    return run


def configure(**values: Any) -> None:
    """Change settings: at once where they are live, else in a new run with the old curves
    behind it. What cannot be is told in a sentence, and everything stays as it is. A data set
    that is not on this computer is wanted: pages that choose one offer to bring it."""
    old = current_run()
    with noting_refusals():
        config = old.config.with_values(**values)
        if not old.config.needs_new_run(config):
            old.adjust(config)
            if not old.busy:
                windows.tell_the_others(old)
            return
        _begin(old.snapshot.shared_config.with_values(**values), values)


def start_anew(config: RunConfig) -> None:
    """A new run with all of these settings, however little differs: a preset starts where it
    says that it starts."""
    with noting_refusals():
        _begin(config, config.values())


def _begin(config: RunConfig, values: dict[str, Any]) -> None:
    """A new run in place of the one shown; values are what somebody chose of its settings."""
    if wanted_data.lacks_files(config):
        wanted_data.want(values | {"dataset": config.dataset})
        return
    if "dataset" in values:
        wanted_data.forget_wanted()
    read, start = (
        partial(loading.read_data, config),
        partial(_start, config, "layers" not in values),
    )
    if catalog.takes_a_moment(config.dataset):
        deferred.soon(loading.title(config), read, start)
    else:
        start(read())


def _start(config: RunConfig, fit: bool, data: Splits | Refusal) -> None:
    """A new run with these settings on these data in place of the one shown; fit gives its
    network ends that fit the data."""
    with noting_refusals():
        if isinstance(data, Exception):
            raise data
        if fit:
            config = fitted(config, data)
        _replace(Run(config, data))


def open_saved(file: BinaryIO) -> None:
    """Show the run in this file where it was when it was saved, in place of the one shown."""
    deferred.soon("Reading the saved run …", partial(loading.read_saved, file), _open_saved)


def _open_saved(read: tuple[SavedRun, Splits] | Refusal) -> None:
    with noting_refusals():
        if isinstance(read, Exception):
            raise read
        saved, data = read
        _replace(Run(saved.config, data, saved=saved))


def fine_tune(drawings: Dataset) -> None:
    """Go on from the network shown, with these drawings among its old examples, in a new run in
    place of it."""
    with noting_refusals():
        run = Run.fine_tuned(current_run(), drawings)
        _replace(run)
        run.play()


def start_beside(config: RunConfig) -> None:
    """Start a run with these settings, on the same data, in place of the one shown, whose curves
    stay behind it: to compare the two from their first step."""
    with noting_refusals():
        run = Run(config, current_run().snapshot.learned_from)
        _replace(run)
        run.play()


def _replace(run: Run) -> None:
    """Show this run in place of the one shown, whose curves stay behind it where the two can be
    compared."""
    old = current_run()
    last = old.snapshot
    trained = len(last.curves.step_cost) > 0
    if comparable(last.config, run.config):
        run.follow(last.curves if trained else last.before)
    run.set_speed(last.speed)
    if not trained:  # it goes, and so makes room; if it must stay after all, it comes back
        old.leave(tab.viewer())
    try:
        RUNS.add(run, tab.viewer())
    except RegistryFullError:
        old.watch(tab.viewer())
        raise
    tab.show(run)
    _leave(old, keep=trained)


def start_wanted() -> None:
    """Show a run with the settings that were wanted, now that their data set is there."""
    configure(**wanted_data.take())


def back_to_run_before() -> None:
    """Show the run again that the last change of settings replaced."""
    before = tab.run_before()
    if before is not None:
        old = current_run()
        tab.show(before)
        _leave(old, keep=True)


def shown_before() -> Snapshot | None:
    """That run, to be shown."""
    before = tab.run_before()
    return None if before is None else before.snapshot


def _leave(run: Run, *, keep: bool) -> None:
    """Turn this tab away from a run: kept as the one to go back to, or forgotten."""
    run.leave(tab.viewer())
    mine = not run.watched  # else another window shows it, too: there it goes on
    if mine:
        run.pause()
    if not keep:
        if mine:
            RUNS.drop(run.token)
        return
    older = tab.run_before()
    if older is not None and older.token != current_run().token and not older.watched:
        RUNS.drop(older.token)
    tab.keep_before(run)


def look_again(token: str) -> Snapshot:
    """The run of this token as it is now; the page is drawn anew where another is shown."""
    run = current_run()
    if run.token != token:
        draw_again()
    return run.snapshot


def now() -> Snapshot:
    """This tab's run as it is at this moment. For callbacks: a page is drawn from the snapshot
    that it is given."""
    return current_run().snapshot


def act(token: str, action: Callable[[Run], None]) -> None:
    """For on_click: do this to the run that the button was drawn for, if this tab shows it yet."""
    run = current_run()
    if run.token != token:
        return
    rested = not run.busy
    action(run)
    if rested:
        windows.tell_the_others(run)


def play() -> None:
    """Train the run that this tab shows by now, whichever it is."""
    current_run().play()


def look_at_updates(token: str) -> None:
    """The page shows what each step changes: the run publishes it for a while."""
    if (run := RUNS.get(token)) is not None:
        run.publish_updates()


def file_of(token: str) -> bytes:
    """The run of this token as a file. Raises StorageError, also where there is none any more."""
    run = RUNS.get(token)
    if run is None:
        raise StorageError("This run is not on this server any more.")
    return run.save()


def trainer_of(shown: Snapshot) -> Trainer:
    """A copy of the run's trainer between two steps: to be taken apart."""
    run = RUNS.get(shown.token) or current_run()
    return run.between_steps(copy_of)
