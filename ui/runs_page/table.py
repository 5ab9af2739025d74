"""The table of runs, with a filter; its selected rows are compared. It refreshes itself while runs
train.
"""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any

import numpy as np
import streamlit as st

from playground.library.entry import Entry
from playground.library.family import branch_of
from playground.library.opened import library
from playground.library.table import Row, as_csv, matching, names_of, rows_of
from playground.registry import RUNS
from playground.run import Status
from ui import notes, session
from ui.browser_key import owners
from ui.runs_page.chosen import choose, chosen_ids
from ui.runs_page.edit import delete_button, export_button
from ui.runs_page.library_state import size_line

_FILTER, _FOLD = "filter runs", "fold seeds"
_TOOK, _DRAWN = "seconds that the table took", "runs in the table"
HEIGHT = 330  # pixels
REFRESH = 1.0  # seconds between two refreshings while runs train, at least
SHARE = 0.1  # of the time that refreshing may take, where the table is long
LOOK = 3.0  # seconds between two looks whether a run trains again, or was stored at its end


def table(mine: Sequence[Entry]) -> None:
    """Draw the runs of this browser. The selected rows are compared."""
    chosen, training = chosen_ids(), _training(mine)
    every: float | None = None
    if training:
        every = max(REFRESH, session.get(_TOOK, 0.0) / SHARE)
    is_new, n = True, len(mine)

    def part() -> None:
        nonlocal is_new, n
        began, entries = time.perf_counter(), mine if is_new else own_runs()
        is_new, before, n = False, n, len(entries)
        if chosen_ids() != chosen or _training(entries) != training or n < before:
            notes.draw_again()  # with what is compared, with another timer, and with Undo
        _table(entries)
        session.put(_DRAWN, _state(entries))
        session.put(_TOOK, time.perf_counter() - began)

    unseen = False

    def look() -> None:
        nonlocal unseen
        if unseen:
            entries = own_runs()
            if _training(entries) or _state(entries) != session.get(_DRAWN):
                notes.draw_again()
        unseen = True

    st.fragment(part, run_every=every, key="runs table")()
    if not training:
        st.fragment(look, run_every=LOOK, key="runs that train")()


def _state(entries: Sequence[Entry]) -> tuple[int, float]:
    """What differs once a run was stored or deleted."""
    return len(entries), max((entry.changed for entry in entries), default=0.0)


def own_runs() -> list[Entry]:
    return library().entries(*owners())


def _training(entries: Sequence[Entry]) -> bool:
    """Whether one of these runs trains on this server."""
    return any(status_of(entry) == Status.TRAINING for entry in entries)


def _table(entries: Sequence[Entry]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        menu = st.container(width="content")  # not under the table's own tools, at its right
        fold = st.toggle(
            "Fold seeds",
            key=_FOLD,
            value=True,
            help="Runs that differ only in their seed share a row: mean ± standard deviation.",
        )
        words = st.text_input(
            "Filter",
            key=_FILTER,
            placeholder="name, tag, or a setting such as optimizer=adam",
            label_visibility="collapsed",
        )
    found = matching(entries, words or "")
    with menu:
        _all_of(found)
    if not entries:
        if library().trouble:  # which is told above
            return
        st.info("There are no runs yet. Press Play: every run is kept from its first step on.")
        return
    names = {entry.id: entry.name for entry in entries}
    _show(rows_of(found, fold=fold), names)
    st.caption(f"{len(found):,} of {len(entries):,} runs · {size_line()}")


def _all_of(found: Sequence[Entry]) -> None:
    """What can be done with all runs in the table, however many they are."""
    with st.popover("All", icon=":material/table_rows:", disabled=not found):
        shown = "the run" if len(found) == 1 else f"all {len(found):,} runs"
        st.markdown(f"With {shown} in the table:")
        st.download_button(
            "CSV",
            lambda: as_csv(found),
            file_name="runs.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            help="The table with every setting",
        )
        export_button(found, key="export all runs")
        delete_button(found, key="delete all runs")


def _show(rows: list[Row], names: Mapping[str, str]) -> None:
    chosen = set(chosen_ids())
    ids = [entry.id for row in rows for entry in row.entries]
    # Streamlit remembers selected rows by their position. A table of other rows needs another key.
    key = f"runs {blake2b(','.join(ids).encode(), digest_size=8).hexdigest()}"

    def take() -> None:
        selected = session.get(key)["selection"]["rows"]
        shown = {entry.id for row in rows for entry in row.entries}
        hidden = [id for id in chosen_ids() if id not in shown]
        picked = [entry.id for n in selected for entry in rows[n].entries]
        choose(hidden + picked)

    st.dataframe(
        _columns(rows, names),
        key=key,
        hide_index=True,
        height=min(HEIGHT, 38 + 35 * len(rows)),
        on_select=take,
        selection_mode="multi-row",
        placeholder="–",
        selection_default={
            "selection": {
                "rows": [
                    n for n, row in enumerate(rows) if all(e.id in chosen for e in row.entries)
                ]
            }
        },
        column_config=_CONFIG,
    )


def status_of(entry: Entry) -> str:
    """The status: paused if the server ended while the run was training."""
    if entry.status != Status.TRAINING:
        return entry.status
    run = RUNS.get(entry.token)
    return Status.TRAINING if run is not None and run.busy else Status.PAUSED


def _columns(rows: list[Row], names: Mapping[str, str]) -> dict[str, list[Any]]:
    def percent(value: float | None) -> float | None:
        return None if value is None else 100 * value

    columns: dict[str, list[Any]] = {
        "pin": ["★" if row.first.pinned else "" for row in rows],
        "name": names_of(rows),
        "curve": [np.array(row.first.sparkline, np.float32) for row in rows],
        "accuracy": [percent(row.mean("accuracy")) for row in rows],
        "sd": [percent(row.sd("accuracy")) for row in rows],
        "best": [percent(row.mean("best_accuracy")) for row in rows],
        "cost": [row.mean("cost") for row in rows],
        "best cost": [row.mean("best_cost") for row in rows],
        "parameters": [row.first.parameters for row in rows],
        "epoch": [row.first.epoch for row in rows],
        "seconds": [row.mean("seconds") for row in rows],
        "status": [str(status_of(row.first)) for row in rows],
        "started": [datetime.fromtimestamp(row.first.created) for row in rows],
        "branch": [branch_of(row.first, names) for row in rows],
        "tags": [list(row.first.tags) for row in rows],
    }
    if not any(columns["branch"]):
        del columns["branch"]
    if not any(len(row.entries) > 1 for row in rows):
        del columns["sd"]
    return columns


_CONFIG = {
    "pin": st.column_config.TextColumn("", width=30, help="Pinned runs are never deleted"),
    "name": st.column_config.TextColumn("Run", width="medium"),
    "curve": st.column_config.LineChartColumn(
        "Curve", y_min=0, y_max=1, width="small", help="Validation accuracy so far"
    ),
    "accuracy": st.column_config.NumberColumn(
        "Accuracy", format="%.2f %%", help="The last validation accuracy; R² for regression"
    ),
    "sd": st.column_config.NumberColumn(
        "±", format="%.2f", help="Standard deviation over the seeds"
    ),
    "best": st.column_config.NumberColumn("Best", format="%.2f %%"),
    "cost": st.column_config.NumberColumn("Cost", format="%.4f", help="The last validation cost"),
    "best cost": st.column_config.NumberColumn("Best cost", format="%.4f"),
    "parameters": st.column_config.NumberColumn("Parameters", format="localized"),
    "epoch": st.column_config.NumberColumn("Epoch"),
    "seconds": st.column_config.NumberColumn("Seconds", format="%.1f"),
    "status": st.column_config.TextColumn("Status"),
    "started": st.column_config.DatetimeColumn("Started", format="distance"),
    "branch": st.column_config.TextColumn(
        "Branch", help="The run and the step that this run branched from"
    ),
    "tags": st.column_config.ListColumn("Tags"),
}
