"""For teachers: many answer sheets as one table."""

import streamlit as st

from playground.csv_bytes import csv_bytes, plain
from playground.learn.answer_sheet import Sheet, SheetError, as_table, read_sheet
from ui.text import as_is

MAX_FILES = 500


def sheets() -> None:
    """Files to choose, the table, and what could not be read. The files stay in this session."""
    files = st.file_uploader(
        "Answer sheets",
        type=["html"],
        accept_multiple_files=True,
        key="answer sheets",
        help="Choose all files of a folder at once, or drop them here.",
    )
    found: list[Sheet] = []
    for file in files[:MAX_FILES]:
        try:
            found.append(read_sheet(file.getvalue()))
        except SheetError as error:
            st.warning(f"{as_is(file.name)} {as_is(str(error))}")
    if len(files) > MAX_FILES:
        st.warning(f"Only the first {MAX_FILES} files were read.")
    if not found:
        return
    rows = as_table(sorted(found, key=lambda sheet: (sheet.title, sheet.learner)))
    st.dataframe(rows, hide_index=True, key="answer table")
    changed = sum(not sheet.whole for sheet in found)
    reached = sum(sheet.reached is not None for sheet in found)
    st.caption(
        f"{len(found)} sheets, {reached} with the goal reached"
        + (f"; {changed} changed since the app made them." if changed else ".")
    )
    st.download_button(
        "CSV",
        lambda: csv_bytes([rows[0], *([plain(value) for value in row.values()] for row in rows)]),
        file_name="answers.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )
