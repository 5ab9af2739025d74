"""The runs of a tab: find one, change it, replace it by another, return to the previous one, leave
it.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, BinaryIO

import streamlit as st

from data import catalog
from data.dataset import Dataset, Splits
from data.upload_store import is_upload
from playground.config import RunConfig
from playground.registry import RUNS, RegistryFullError
from playground.run import Run, Snapshot
from playground.run_data import comparable, fitted
from playground.saved import SavedRun
from playground.step_trace import copy_of
from playground.storage.train_state import StorageError
from playground.time_machine.moment import Moment
from playground.trainer import Trainer
from ui import address, deferred, kept, loading, tab, wanted_data, windows
from ui.notes import Refusal, draw_again, noting_refusals
from ui.text import as_is


def run_to_show() -> Run:
    """This tab's run for the next draw, after deferred actions were run."""
    with st.container(key="waiting"):  # empty, except for a spinner while data are read
        deferred.catch_up()
        return current_run()


def current_run() -> Run:
    """This tab's run: the one it has, else the one that its address names, else a new one."""
    run = tab.run()
    if run is None:
        try:
            run = address.run_of_address()
        except RegistryFullError as error:
            st.error(as_is(str(error)), icon=":material/error:")
            st.stop()
    tab.look_at(run)
    return run


def configure(**values: Any) -> None:
    """Change settings: of the current run if they are live, else by a new run, with the old curves
    in the background. If a setting is refused, its sentence is shown and nothing changes. A data
    set that is not on this computer is remembered as wanted, and pages offer to download it.
    """
    old = current_run()
    with noting_refusals():
        config = old.config.with_values(**values)
        if not old.config.needs_new_run(config):
            old.adjust(config)
            if not old.busy:
                windows.tell_the_others(old)
            return
        _begin(old.snapshot.shared_config.with_values(**values), values)


def start_anew(config: RunConfig, *, play: bool = False) -> None:
    """A new run with all of these settings, even if they equal the current ones: a preset always
    starts from the beginning.

    play  whether it trains at once
    """
    with noting_refusals():
        _begin(config, config.values(), play=play)


def _begin(config: RunConfig, values: dict[str, Any], *, play: bool = False) -> None:
    """Replace the current run by a new one; values are the settings that a person chose."""
    if wanted_data.lacks_files(config):
        wanted_data.want(values | {"dataset": config.dataset})
        return
    if "dataset" in values:
        wanted_data.forget_wanted()
    read, start = (
        partial(loading.read_data, config),
        partial(_start, config, "layers" not in values, play),
    )
    if catalog.takes_a_moment(config.dataset):
        sets = (current_run().config.dataset, config.dataset)
        resized = "layers" not in values and any(map(is_upload, sets))
        address.announce(config, but=("layers", "activations") if resized else ())
        deferred.soon(loading.title(config), read, start)
    else:
        start(read())


def _start(config: RunConfig, fit: bool, play: bool, data: Splits | Refusal) -> None:
    """Replace the current run by a new one with these settings and data, and maybe train it. fit
    adapts the sizes of input and output to the data.
    """
    with noting_refusals():
        if isinstance(data, Exception):
            raise data
        if fit:
            config = fitted(config, data)
        run = Run(config, data)
        _replace(run)
        if play:
            run.play()


def open_saved(file: BinaryIO) -> None:
    """Replace the current run by the one in this file, in the state in which it was saved."""
    deferred.soon("Reading the saved run …", partial(loading.read_saved, file), _open_saved)


def _open_saved(read: tuple[SavedRun, Splits] | Refusal) -> None:
    with noting_refusals():
        if isinstance(read, Exception):
            raise read
        saved, data = read
        _replace(Run(saved.config, data, saved=saved))


def fine_tune(drawings: Dataset) -> None:
    """Replace the current run by one that fine-tunes its network on these drawings."""
    with noting_refusals():
        run = Run.fine_tuned(current_run(), drawings)
        _replace(run)
        run.play()


def start_beside(config: RunConfig) -> None:
    """Replace the current run by one with these settings on the same data, with the old curves in
    the background, to compare both from the first step.
    """
    with noting_refusals():
        run = Run(config, current_run().snapshot.learned_from)
        _replace(run)
        run.play()


def _replace(run: Run) -> None:
    """Show this run instead of the current one, with the old curves in the background if both are
    comparable.
    """
    old = current_run()
    last = old.snapshot
    trained = len(last.curves.step_cost) > 0
    if comparable(last.config, run.config):
        run.follow(last.curves if trained else last.before)
    run.set_speed(last.speed)
    if not trained:  # dropped first, to free memory; added again if the new run still does not fit
        old.leave(tab.viewer())
    try:
        RUNS.add(run, tab.viewer())
    except RegistryFullError:
        old.watch(tab.viewer())
        raise
    kept.keep(run)
    tab.show(run)
    _leave(old, keep=trained)


def turn_away(*, plane: bool) -> None:
    """Leave the tab's run of this kind: the address says which one it shows next."""
    tab.enter(plane=plane)
    run = tab.run()
    if run is None:
        return
    run.leave(tab.viewer())
    if not run.watched:
        run.pause()
    if run.snapshot.iteration:
        tab.keep_before(run)
    tab.forget()


def start_wanted() -> None:
    """Start the run that was wanted, now that its data set is on this computer."""
    configure(**wanted_data.take())


def back_to_run_before() -> None:
    """Show the previous run, which the last change of settings replaced."""
    before = tab.run_before()
    if before is not None:
        old = current_run()
        tab.show(before)
        _leave(old, keep=True)


def shown_before() -> Snapshot | None:
    """A snapshot of the previous run."""
    before = tab.run_before()
    return None if before is None else before.snapshot


def _leave(run: Run, *, keep: bool) -> None:
    """Make the tab leave a run, and keep it as the previous run or drop it."""
    run.leave(tab.viewer())
    mine = not run.watched  # otherwise another window shows it, where it continues
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
    """The current snapshot of the run with this token. The page is redrawn if the tab shows another
    run.
    """
    run = current_run()
    if run.token != token:
        draw_again()
    return run.snapshot


def now() -> Snapshot:
    """This tab's current snapshot, for callbacks only: a page is drawn from the snapshot that it is
    given.
    """
    return current_run().snapshot


def act(token: str, action: Callable[[Run], None]) -> None:
    """For on_click: apply the action to the run that the button was drawn for, unless the tab shows
    another run by now.
    """
    run = current_run()
    if run.token != token:
        return
    rested = not run.busy
    action(run)
    if rested:
        windows.tell_the_others(run)


def play() -> None:
    """Train the run that this tab shows now."""
    current_run().play()


def look_at_updates(token: str) -> None:
    """The page shows updates of steps, so the run publishes them for some seconds."""
    if (run := RUNS.get(token)) is not None:
        run.publish_updates()


def file_of(token: str) -> bytes:
    """The run of this token as a file. Raises StorageError, also if there is no such run."""
    run = RUNS.get(token)
    if run is None:
        raise StorageError("This run is not on this server any more.")
    return run.save()


def moment_of(token: str, step: int, seconds: float) -> Moment | None:
    """The run of this token as it was after this step; None if rebuilding it takes longer than
    these seconds: then ask again. Raises TimelineError if nothing is known of that step.
    """
    run = RUNS.get(token)
    return None if run is None else run.past.at(step, tab.viewer(), seconds)


def leave_past(token: str) -> None:
    """This tab looks at the latest step of the run again."""
    if (run := RUNS.get(token)) is not None:
        run.past.leave(tab.viewer())


def branch(token: str, moment: Moment) -> None:
    """Replace the current run by one that goes on from this moment of it, with its curves in the
    background.
    """
    run = current_run()
    if run.token == token:
        with noting_refusals():
            _replace(Run.branched(run, moment))


def trainer_of(shown: Snapshot) -> Trainer:
    """A copy of the run's trainer between two steps, for Under the hood."""
    run = RUNS.get(shown.token) or current_run()
    return run.between_steps(copy_of)
