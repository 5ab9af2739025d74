"""Buttons for the chosen runs: open, name, tag, pin, delete, export, share."""

from collections.abc import Callable, Sequence
from functools import partial
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from data.points import POINT_SETS
from playground.comparison import LETTERS, MAX_RUNS, names_of, shortened
from playground.config import ConfigError
from playground.formatting import counted
from playground.library.entry import MAX_NAME, Entry
from playground.library.opened import library
from playground.library.schema import LibraryError
from playground.library.table import as_zip
from playground.race.plan import MAX_RACERS, RacePlan, changes
from ui import runs, session
from ui.browser_key import owners
from ui.notes import note
from ui.race.wanted import Wanted, query_of
from ui.runs_page.chosen import KEY, choose
from ui.text import as_is

_DELETED = "deleted runs"
MAX_EXPORT = 256  # MB that a page packs into one file


def edit(ids: Sequence[str]) -> None:
    """Draw the buttons. Somebody else's runs can only be looked at, or started anew."""
    entries = library().find(ids)
    mine = [entry for entry in entries if entry.owner in owners()]
    theirs = [entry for entry in entries if entry not in mine]
    if missing := len(ids) - len(entries):
        some = f"{missing} of the" if entries else "The"
        are = "is" if entries and missing == 1 else "are"
        st.caption(f"{some} runs in this address {are} not kept here any more.")
    if not entries:
        return
    if theirs:
        st.caption(_from_a_link(len(theirs), len(entries)))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="edit-runs"):
        if theirs:
            _start_the_same(theirs, entries)
        elif len(entries) == 1:
            _one(entries[0])
        if mine:
            _all_mine(mine)
        _share(entries)
        if 1 < len(entries) <= MAX_RACERS and not any(map(_is_plane, entries)):
            _race(entries)
        st.button("Clear choice", on_click=choose, args=([],), key="choose none")


def _from_a_link(n: int, all: int) -> str:
    who = f"{n} of these runs" if n < all else "These runs" if n > 1 else "This run"
    if n == 1:
        return f"{who} came by a link. You can look at it, and start a run with the same settings."
    return f"{who} came by a link. You can look at them, and start runs with the same settings."


def _start_the_same(theirs: Sequence[Entry], entries: Sequence[Entry]) -> None:
    """A button for each run that came by a link, under the letter that it has in the comparison."""
    if len(entries) == 1:
        if st.button("Start with these settings", type="primary", key="start the same"):
            _go(theirs[0], theirs[0].settings)
        return
    with st.popover("Start with the settings of …"):
        for letter, name, entry in zip(LETTERS, names_of(entries), entries, strict=False):
            if entry in theirs and st.button(
                as_is(f"{letter} {shortened(name)}"), key=f"start the same as {letter}"
            ):
                _go(entry, entry.settings)


def _one(entry: Entry) -> None:
    name, tags = f"name {entry.id}", f"tags {entry.id}"
    st.text_input(
        "Name",
        value=entry.given_name,
        placeholder=entry.made_name,
        max_chars=MAX_NAME,
        key=name,
        on_change=lambda: _do(library().rename, entry.id, session.get(name) or ""),
    )
    st.text_input(
        "Tags, separated by commas",
        value=", ".join(entry.tags),
        key=tags,
        on_change=lambda: _do(library().tag, entry.id, (session.get(tags) or "").split(",")),
    )
    if st.button(
        f"Open in {'The plane' if _is_plane(entry) else 'Train'}",
        type="primary",
        help="Shows the run at its last checkpoint. There it can continue.",
        key="open run",
    ):
        open_run(entry)


def _all_mine(mine: Sequence[Entry]) -> None:
    ids = [entry.id for entry in mine]
    pinned = all(entry.pinned for entry in mine)
    st.button(
        "Unpin" if pinned else "Pin",
        on_click=_do,
        args=(library().pin, ids, not pinned),
        help="A full library deletes its oldest runs, but no pinned ones.",
        key="pin runs",
    )
    delete_button(mine, key="delete runs")
    export_button(mine, key="export runs")


def delete_button(mine: Sequence[Entry], *, key: str) -> None:
    ids = [entry.id for entry in mine]
    st.button("Delete", on_click=_delete, args=(ids,), icon=":material/delete:", key=key)


def export_button(mine: Sequence[Entry], *, key: str) -> None:
    megabytes = sum(entry.bytes for entry in mine) / 1e6
    st.download_button(
        "Export",
        partial(as_zip, library(), mine),
        file_name="runs.zip",
        mime="application/zip",
        on_click="ignore",
        disabled=megabytes > MAX_EXPORT,
        help="One ZIP file: a table of these runs, and a file for each run, as Save writes it."
        if megabytes <= MAX_EXPORT
        else f"{megabytes:,.0f} MB are too many for a page. On the server, run the command "
        "python -m playground runs export.",
        key=key,
    )


def _share(entries: Sequence[Entry]) -> None:
    with st.popover("Share", icon=":material/share:"):
        st.markdown("Anybody with this address can see these runs, but not change them:")
        parts = urlsplit(st.context.url or "http://localhost:8501/")
        query = urlencode({KEY: ",".join(entry.id for entry in entries)})
        address = urlunsplit((parts.scheme, parts.netloc, "/runs", query, ""))
        st.code(address, language=None, wrap_lines=True)


def _race(entries: Sequence[Entry]) -> None:
    """Race these settings from the same starts; the first is the baseline."""
    query, refused = dict[str, str](), ""
    try:
        first, *others = (entry.config for entry in entries)
        RacePlan((first, *(other.with_values(seed=first.seed) for other in others)))
        rivals = tuple(changes(other, first) for other in others)
        query = entries[0].settings | query_of(Wanted(rivals))
    except (ConfigError, LibraryError) as error:
        refused = str(error)
    if st.button(
        "Race these",
        key="race these",
        icon=":material/flag:",
        disabled=bool(refused),
        help=as_is(
            refused
            or "Train these settings again, each with the same seeds, and test which is better."
        ),
    ):
        runs.turn_away(plane=False)
        st.switch_page("pages/race.py", query_params=query)


def undo() -> None:
    """After a deletion, a box with the button Undo."""
    ids: list[str] = session.get(_DELETED, [])
    if not ids:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(f"{counted(len(ids), 'run')} deleted.", width="stretch")
        st.button("Undo", on_click=_undo, key="undo delete")
        st.button("OK", on_click=lambda: session.take(_DELETED), key="confirm delete")


def _is_plane(entry: Entry) -> bool:
    return entry.dataset in POINT_SETS


def open_run(entry: Entry) -> None:
    """Show the run on the page of its kind, where it can continue."""
    _go(entry, {"run": entry.token} | ({"dataset": entry.dataset} if _is_plane(entry) else {}))


def _go(entry: Entry, query: dict[str, str]) -> None:
    """Open the page for this run's kind of data, with this address."""
    runs.turn_away(plane=_is_plane(entry))
    page = "plane" if _is_plane(entry) else "train"
    st.switch_page(f"pages/{page}.py", query_params=query)


def _delete(ids: Sequence[str]) -> None:
    _do(library().delete, ids)
    session.put(_DELETED, list(ids))
    choose([])


def _undo() -> None:
    ids = session.take(_DELETED, [])
    _do(library().undelete, ids)
    if len(ids) <= MAX_RUNS:
        choose(ids)


def _do(action: Callable[..., None], *arguments: object) -> None:
    """Change the library as the owner of this browser, and show an error as a note."""
    try:
        action(*arguments, *owners())
    except LibraryError as error:
        note(str(error))
