"""The address: it contains the settings, and the token of the run that the tab shows. So a reload
finds the run, and another server can start the same one.
"""

from collections.abc import Collection
from functools import partial

import streamlit as st

from data.dataset import DataError, Splits
from data.points import POINT_SETS
from playground import renamed
from playground.config import ConfigError, RunConfig, read_address
from playground.library.opened import library
from playground.registry import RUNS
from playground.run import Run, Snapshot
from playground.run_data import fitted, is_plane, load_data
from playground.settings import SETTINGS
from ui import hidden_controls, kept, present, session, tab, wanted_data
from ui.browser_key import owners
from ui.lesson import state as lesson_address
from ui.loading import spinner_over
from ui.notes import REFUSALS, note
from ui.runs_page.chosen import keep_in_mind

PLANE = RunConfig.default("spiral")
EITHER = ("hood", "inspect", "lessons")  # pages that show a run of either kind


def shows_points(page: str) -> bool:
    """Whether this page shows the tab's run on points. Some pages show either kind: the run
    that the address names, else the one that the tab showed last."""
    if page not in EITHER:
        return page == "plane"
    dataset = _dataset()
    return tab.on_plane() if dataset is None else dataset in POINT_SETS


def _dataset() -> str | None:
    """The data set of the run that the address names, or that its settings name."""
    query = st.query_params
    token = query.get("run", "")
    run = RUNS.get(token)
    if run is not None:
        return run.config.dataset
    return query.get("dataset") or kept.dataset_of(token)


def look_at_points(points: bool) -> None:
    """For on_change, on pages of EITHER kind: show the tab's run of this kind from now on."""
    tab.enter(plane=points)
    st.query_params.clear()


def belongs_elsewhere(page: str) -> bool:
    """Whether the address names a run or a data set of the other kind, which another page shows."""
    if page in EITHER:
        return False
    dataset, token = _dataset(), st.query_params.get("run")
    came = token is None or token != tab.token(plane=not tab.on_plane())
    return came and dataset is not None and (dataset in POINT_SETS) != tab.on_plane()


def run_of_address() -> Run:
    # Kept until the run is shown: while large data are read, a click on another page ends this
    # script and empties the address.
    address = "address of points" if tab.on_plane() else "address"
    query = session.keep(address, st.query_params.to_dict)
    run = _named_by(query)
    session.take(address)
    return run


def _named_by(query: dict[str, str]) -> Run:
    token = query.get("run", "")
    run, theirs = RUNS.get(token), _of_another_browser(token)
    if theirs is not None:
        query = theirs | query
    elif run is not None:
        if is_plane(run.config) == tab.on_plane():
            tab.show(run)
            return run
        query, token = {}, ""  # keys of the previous page
    elif (found := _kept(token)) is not None:
        return found
    default = PLANE if tab.on_plane() else RunConfig()
    config, complaints = read_address(
        {"dataset": default.dataset} | query if tab.on_plane() else query
    )
    for sentence in complaints:
        note(sentence)
    try:
        with spinner_over(config):
            data = load_data(config)
            if "layers" not in query:
                config = fitted(config, data)
            run = _adopt(config, data)
    except (ConfigError, DataError) as error:
        if wanted_data.lacks_files(config):
            fixed = () if "layers" in query else ("layers", "activations")
            wanted_data.want(
                {name: value for name, value in config.values().items() if name not in fixed}
            )
        note(f"The address does not fit: {error} The app's default is shown.")
        run = _adopt(default, load_data(default))
    if theirs is not None:
        note(_note_on_another(token))
    elif token and RUNS.get(token) is None:
        note(
            "The run in the address is not on this server any more. This run has the same settings."
        )
    return run


def _of_another_browser(token: str) -> dict[str, str] | None:
    """The settings of the run of this token if it is another browser's; else None."""
    run = RUNS.get(token)
    if run is not None:
        return None if kept.is_mine(run) else run.config.to_text()
    entry = library().entry(token) if token else None
    return None if entry is None or entry.owner in owners() else entry.settings


def _note_on_another(token: str) -> str:
    """That only its owner steers the run of this token. It is chosen on Runs, to be looked at."""
    sentence = (
        "The run in the address belongs to another browser, which alone controls it. This is a "
        "new run with the same settings."
    )
    entry = library().entry(token)
    if entry is None:
        return sentence
    keep_in_mind([entry.id])
    return f"{sentence} The page Runs shows the other one, as it was stored last."


def _kept(token: str) -> Run | None:
    """The run of this token as the library has it, if this server does not have it in memory."""
    try:
        run = kept.restored(token)
    except REFUSALS as error:
        note(f"The run in the address is kept, and cannot be shown now. {error}")
        return None
    if run is None or is_plane(run.config) != tab.on_plane():
        return None
    return _show(run)


def _adopt(config: RunConfig, data: Splits) -> Run:
    """Start a run with these settings, and show it in this tab."""
    return _show(Run(config, data))


def _show(run: Run) -> Run:
    RUNS.add(run, tab.viewer())
    kept.keep(run)
    tab.show(run)
    return run


def announce(config: RunConfig, *, but: Collection[str] = ()) -> None:
    """For callbacks: write these settings into the address without a run, but not those named. They
    are those of a run whose data are still to be read: a reload meanwhile begins it, too.
    """
    settings = {name: text for name, text in config.to_text().items() if name not in but}
    session.whole(partial(_write, settings))


def sync_address(shown: Snapshot) -> None:
    """Write the settings and the run's token into the address. Other keys stay."""
    _write(shown.shared_config.to_text() | {"run": shown.token})


def _write(run: dict[str, str]) -> None:
    old = st.query_params.to_dict()
    replaced = {
        *SETTINGS,
        *renamed.SETTINGS,
        lesson_address.KEY,
        lesson_address.ASSIGNMENT,
        present.KEY,
        "run",
    }
    others = {name: text for name, text in old.items() if name not in replaced}
    new = (
        others
        | hidden_controls.in_address()
        | lesson_address.in_address()
        | present.in_address()
        | run
    )
    if new != old:
        st.query_params.from_dict(new)
