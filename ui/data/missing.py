"""A data set that was chosen but is not on this computer: why, and the ways to get it."""

import streamlit as st

from data import catalog
from data.catalog import CatalogEntry
from data.dataset import DataError
from data.download import Download, Progress
from data.folders import data_folder, use_data_folder
from playground.formatting import duration
from playground.run import Snapshot
from ui import notes, runs, session, wanted_data
from ui.serving import serves_this_computer_alone
from ui.text import as_is

POLL = 0.5  # seconds
_FOLDER = "folder of data sets"


def missing(shown: Snapshot) -> None:
    """A box about the missing data set, if there is one. It shows the progress of its download."""
    name = wanted_data.wanted()
    if name is None:
        return
    entry, download = catalog.entry(name), catalog.last_download(name)
    with st.container(border=True, key="missing"):
        if download is not None and download.progress.state == "running":
            _under_way(entry, download, shown)
        else:
            _at_rest(entry, None if download is None else download.progress)


def _under_way(entry: CatalogEntry, download: Download, shown: Snapshot) -> None:
    """The progress of the download. At its end the page is redrawn, with the data set if no run
    trains.
    """

    def part() -> None:
        progress = download.progress
        st.progress(min(progress.done / progress.total, 1.0), text=how_far(progress))
        st.button("Cancel", key="cancel download", on_click=download.cancel, width="stretch")
        if progress.state != "running":
            if entry.available() is None and not runs.look_again(shown.token).busy:
                runs.start_wanted()
            notes.draw_again()

    st.fragment(part, run_every=POLL, key="download under way")()


def _at_rest(entry: CatalogEntry, progress: Progress | None) -> None:
    lacking = entry.available()
    if lacking is None:
        st.markdown(f"**{as_is(entry.title)}** is on this computer now.")
        st.button("Use it", key="use", type="primary", on_click=runs.start_wanted, width="stretch")
    else:
        _ways(entry, lacking, progress)
    st.button("Not now", key="not now", on_click=wanted_data.forget_wanted, width="stretch")


def _ways(entry: CatalogEntry, lacking: str, progress: Progress | None) -> None:
    """Why it is missing, a button to download it, and a field for its folder."""
    if progress is not None and progress.state == "failed":
        st.error(as_is(progress.error), icon=":material/error:")
    else:
        st.markdown(as_is(lacking))
    begun = progress is not None and progress.done > 0
    st.button(
        "Continue the download" if begun else "Download",
        key="download",
        type="primary",
        icon=":material/download:",
        on_click=_download,
        args=(entry.name,),
        width="stretch",
    )
    if serves_this_computer_alone():
        st.text_input(
            "Or name the folder where it is",
            value=str(data_folder() or ""),
            key=_FOLDER,
            placeholder="/home/me/data",
            on_change=_take_folder,
        )


def how_far(progress: Progress) -> str:
    """How much has arrived, and the remaining time.

    >>> how_far(Progress("running", total=11_600_000, done=2_900_000, seconds_left=8.2))
    '2.9 of 11.6 MB · 8.2 s left'
    """
    text = f"{progress.done / 1e6:,.1f} of {progress.total / 1e6:,.1f} MB"
    if progress.seconds_left is None:
        return text
    return f"{text} · {duration(progress.seconds_left)} left"


def _download(name: str) -> None:
    try:
        catalog.download(name)
    except DataError as error:
        notes.note(str(error))


def _take_folder() -> None:
    name = wanted_data.wanted()
    try:
        use_data_folder(session.get(_FOLDER, ""))
    except DataError as error:
        notes.note(str(error))
        return
    if name is not None and catalog.entry(name).available() is None:
        runs.start_wanted()
