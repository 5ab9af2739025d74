"""Which run this browser tab shows, and the notes it has to say.

A tab holds no run, only the tokens of two in the registry: one that learns from images, shown by
most pages, and one that learns from points, shown by The plane. The address carries the token and
the settings of the one shown, so that a reload finds the run, and a stranger's server starts the
same one anew.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from typing import Any, BinaryIO, NoReturn

import streamlit as st

from data import catalog
from data.dataset import DataError, Dataset, Splits
from data.points import POINT_SETS
from playground import renamed
from playground.config import ConfigError, RunConfig, read_address
from playground.memory_return import give_back_soon
from playground.registry import RUNS, RegistryFullError
from playground.run import Run, Snapshot
from playground.run_data import comparable, fitted, is_plane, load_data
from playground.saved import SavedRun, load_run
from playground.settings import SETTINGS
from playground.step_trace import copy_of
from playground.storage.train_state import StorageError
from playground.trainer import Trainer
from ui import deferred, hidden_controls, session
from ui.text import as_is

_VIEWER, _NOTES, _SAID, _ON_PLANE = "viewer", "notes", "notes on the page", "on the plane"
_WANTED = "wanted settings"
PLANE = RunConfig.default("spiral")
REFUSALS = (ConfigError, DataError, StorageError, RegistryFullError)
Refusal = ConfigError | DataError | StorageError | RegistryFullError
"""What cannot be; each says why in a sentence."""


class Presence:
    """That a tab shows a run. Streamlit drops it when the tab's connection ends."""

    def __init__(self, token: str, viewer: str) -> None:
        self.token = token
        self.viewer = viewer

    def end(self) -> None:
        if (run := RUNS.get(self.token)) is not None:
            run.leave(self.viewer)
        give_back_soon()  # Streamlit is about to forget all that the tab remembered


@st.cache_resource(scope="session", on_release=Presence.end, show_spinner=False)
def _presence(token: str, viewer: str) -> Presence:
    return Presence(token, viewer)


def enter(*, plane: bool) -> None:
    """app.py says which of the tab's two runs the page about to be drawn shows."""
    session.put(_ON_PLANE, plane)


def belongs_elsewhere() -> bool:
    """Whether somebody came with an address of the other kind: the other page shows those."""
    query = st.query_params
    dataset, token = query.get("dataset"), query.get("run")
    came = token is None or token != session.get(_run_key(plane=not _on_plane()))
    return came and dataset is not None and (dataset in POINT_SETS) != _on_plane()


def _on_plane() -> bool:
    return bool(session.get(_ON_PLANE, False))


def _run_key(*, plane: bool) -> str:
    return "run of points" if plane else "run"


def _before_key() -> str:
    return "run of points before" if _on_plane() else "run before"


def _show(run: Run) -> None:
    """This run from now on, where runs of its kind are shown."""
    session.put(_run_key(plane=is_plane(run.config)), run.token)


def run_to_show() -> Run:
    """This tab's run for the page about to be drawn, once what was deferred has been done."""
    with st.container(key="waiting"):  # empty but for a spinner while data are read
        deferred.catch_up()
        return current_run()


def current_run() -> Run:
    """This tab's run: the one it had, else the one its address names, else a fresh one."""
    run = RUNS.get(session.get(_run_key(plane=_on_plane()), ""))
    if run is None:
        try:
            run = _from_address()
        except RegistryFullError as error:
            st.error(as_is(str(error)), icon=":material/error:")
            st.stop()
    _presence(run.token, viewer())
    run.watch(viewer())
    return run


def viewer() -> str:
    """A name for this tab."""
    return session.keep(_VIEWER, lambda: secrets.token_hex(8))


def _from_address() -> Run:
    # Kept until its run is shown: while large data are read, a click on another page ends this
    # half way and empties the address.
    address = "address of points" if _on_plane() else "address"
    query = session.keep(address, st.query_params.to_dict)
    run = _named_by(query)
    session.take(address)
    return run


def _named_by(query: dict[str, str]) -> Run:
    token = query.get("run", "")
    run = RUNS.get(token)
    if run is not None:
        if is_plane(run.config) == _on_plane():
            _show(run)
            return run
        query, token = {}, ""  # what is left of the page before
    default = PLANE if _on_plane() else RunConfig()
    config, complaints = read_address(
        {"dataset": default.dataset} | query if _on_plane() else query
    )
    for sentence in complaints:
        note(sentence)
    try:
        with _spinner_over(config):
            data = load_data(config)
            if "layers" not in query:
                config = fitted(config, data)
            run = _adopt(config, data)
    except (ConfigError, DataError) as error:
        if _lacks_files(config):
            fixed = () if "layers" in query else ("layers", "activations")
            _want({name: value for name, value in config.values().items() if name not in fixed})
        note(f"The address does not fit: {error} The app's default is shown.")
        run = _adopt(default, load_data(default))
    if token and RUNS.get(token) is None:
        note("The run in the address is not on this server any more. Here is the same start.")
    return run


def _adopt(config: RunConfig, data: Splits) -> Run:
    """Start a run with these settings and show it in this tab."""
    run = Run(config, data)
    RUNS.add(run, viewer())
    _show(run)
    return run


def configure(**values: Any) -> None:
    """Change settings: at once where they are live, else in a new run with the old curves
    behind it. What cannot be is told in a sentence, and everything stays as it is. A data set
    that is not on this computer is wanted: pages that choose one offer to bring it."""
    old = current_run()
    with _noting_refusals():
        config = old.config.with_values(**values)
        if not old.config.needs_new_run(config):
            old.adjust(config)
            return
        _begin(old.snapshot.shared_config.with_values(**values), values)


def start_anew(config: RunConfig) -> None:
    """A new run with all of these settings, however little differs: a preset starts where it
    says that it starts."""
    with _noting_refusals():
        _begin(config, config.values())


def _begin(config: RunConfig, values: dict[str, Any]) -> None:
    """A new run in place of the one shown; values are what somebody chose of its settings."""
    if _lacks_files(config):
        _want(values | {"dataset": config.dataset})
        return
    if "dataset" in values:
        session.take(_WANTED)
    read, start = partial(_data, config), partial(_start, config, "layers" not in values)
    if catalog.takes_a_moment(config.dataset):
        deferred.soon(_reading(config), read, start)
    else:
        start(read())


def _data(config: RunConfig) -> Splits | Refusal:
    try:
        return load_data(config)
    except DataError as error:
        return error


def _start(config: RunConfig, fit: bool, data: Splits | Refusal) -> None:
    """A new run with these settings on these data in place of the one shown; fit gives its
    network ends that fit the data."""
    with _noting_refusals():
        if isinstance(data, Exception):
            raise data
        if fit:
            config = fitted(config, data)
        _replace(Run(config, data))


def open_saved(file: BinaryIO) -> None:
    """Show the run in this file where it was when it was saved, in place of the one shown."""
    deferred.soon("Reading the saved run …", partial(_read_saved, file), _open_saved)


def _read_saved(file: BinaryIO) -> tuple[SavedRun, Splits] | Refusal:
    """The run and its data. It may be begun again: the file is read from its start."""
    try:
        file.seek(0)
        saved = load_run(file)
        if is_plane(saved.config) != _on_plane():
            page = "The plane" if is_plane(saved.config) else "Train"
            raise ConfigError(f"This run belongs on the page {page}: load it there.")
        return saved, load_data(saved.config)
    except REFUSALS as error:
        return error


def _open_saved(read: tuple[SavedRun, Splits] | Refusal) -> None:
    with _noting_refusals():
        if isinstance(read, Exception):
            raise read
        saved, data = read
        _replace(Run(saved.config, data, saved=saved))


def fine_tune(drawings: Dataset) -> None:
    """Go on from the network shown, with these drawings among its old examples, in a new run in
    place of it."""
    with _noting_refusals():
        run = Run.fine_tuned(current_run(), drawings)
        _replace(run)
        run.play()


def start_beside(config: RunConfig) -> None:
    """Start a run with these settings, on the same data, in place of the one shown, whose curves
    stay behind it: to compare the two from their first step."""
    with _noting_refusals():
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
        old.leave(viewer())
    try:
        RUNS.add(run, viewer())
    except RegistryFullError:
        old.watch(viewer())
        raise
    _show(run)
    _leave(old, keep=trained)


@contextmanager
def _noting_refusals() -> Iterator[None]:
    """What cannot be is told in a sentence."""
    try:
        yield
    except REFUSALS as error:
        note(f"{error} Everything stays as it was.")


def _reading(config: RunConfig) -> str:
    return f"Reading {catalog.entry(config.dataset).title} …"


def _spinner_over(config: RunConfig) -> AbstractContextManager[None]:
    if catalog.takes_a_moment(config.dataset):
        return st.spinner(_reading(config))
    return nullcontext()


# A data set that was chosen and is not on this computer


def wanted() -> str | None:
    """The name of the data set that was chosen and is not there."""
    values = session.get(_WANTED)
    return None if values is None else values["dataset"]


def start_wanted() -> None:
    """Show a run with the settings that were wanted, now that their data set is there."""
    configure(**session.take(_WANTED, {}))


def forget_wanted() -> None:
    session.take(_WANTED)


def _want(values: dict[str, Any]) -> None:
    session.put(_WANTED, values)


def _lacks_files(config: RunConfig) -> bool:
    known = catalog.DATASETS.get(config.dataset)
    return known is not None and known.available() is not None


def back_to_run_before() -> None:
    """Show the run again that the last change of settings replaced."""
    before = run_before()
    if before is not None:
        old = current_run()
        _show(before)
        _leave(old, keep=True)


def run_before() -> Run | None:
    """The trained run that this tab showed before this one, while it is kept."""
    return RUNS.get(session.get(_before_key(), ""))


def shown_before() -> Snapshot | None:
    """That run, to be shown."""
    before = run_before()
    return None if before is None else before.snapshot


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
    if older is not None and older.token != current_run().token and not older.watched:
        RUNS.drop(older.token)
    session.put(_before_key(), run.token)


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
    if run.token == token:
        action(run)


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


def sync_address(shown: Snapshot) -> None:
    """Write the settings and the run's token into the address; other keys stay."""
    old = st.query_params.to_dict()
    replaced = {*SETTINGS, *renamed.SETTINGS, "run"}
    others = {name: text for name, text in old.items() if name not in replaced}
    new = (
        others | hidden_controls.in_address() | shown.shared_config.to_text() | {"run": shown.token}
    )
    if new != old:
        st.query_params.from_dict(new)


def note(sentence: str) -> None:
    """Say this on the next page drawn, until somebody acts."""
    session.keep(_NOTES, list[str]).append(sentence)


def take_notes() -> list[str]:
    """The sentences to say, which are then forgotten, unless the page draws itself again."""
    sentences: list[str] = session.take(_NOTES, [])
    session.put(_SAID, sentences)
    return sentences


def draw_again() -> NoReturn:
    """Draw the whole page anew, by itself. Nobody has acted: what it says is not read yet."""
    session.put(_NOTES, session.take(_SAID, []) + session.get(_NOTES, []))
    st.rerun()
