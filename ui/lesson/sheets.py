"""For teachers: many answer sheets as one table."""

from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from playground.csv_bytes import csv_bytes, plain
from playground.formatting import counted
from playground.learn.answer_sheet import Sheet, SheetError, as_table, read_sheet
from ui import session
from ui.text import as_is

MAX_FILES = 500
_READ = "answer sheets read"


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
    for name, sheet in _read(files[:MAX_FILES]):
        if isinstance(sheet, SheetError):
            st.warning(f"{as_is(name)} {as_is(str(sheet))}")
        else:
            found.append(sheet)
    if len(files) > MAX_FILES:
        st.warning(f"Only the first {MAX_FILES} files were read.")
    if not found:
        return
    rows = as_table(sorted(found, key=lambda sheet: (sheet.title, sheet.learner)))
    st.dataframe(rows, hide_index=True, key="answer table")
    changed = sum(not sheet.intact for sheet in found)
    reached = sum(sheet.reached is not None for sheet in found)
    st.caption(
        f"{counted(len(found), 'sheet')}, {reached} with the goal reached"
        + (f"; {changed} changed after download." if changed else ".")
    )
    st.download_button(
        "CSV",
        lambda: csv_bytes([rows[0], *([plain(value) for value in row.values()] for row in rows)]),
        file_name="answers.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def _read(files: Sequence[UploadedFile]) -> list[tuple[str, Sheet | SheetError]]:
    """Each file's name and what is in it. The page is drawn often, and a class hands in many: each
    file is read once, and what was read is kept as long as the file is chosen.
    """
    before: dict[str, Sheet | SheetError] = session.get(_READ, {})
    now = {file.file_id: before.get(file.file_id) or _sheet_in(file) for file in files}
    session.put(_READ, now)
    return [(file.name, now[file.file_id]) for file in files]


def _sheet_in(file: UploadedFile) -> Sheet | SheetError:
    try:
        return read_sheet(file.getvalue())
    except SheetError as error:
        return error
