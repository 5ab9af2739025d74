"""Save and load: the run as a file, which goes on where it was, bit for bit."""

from functools import partial

import streamlit as st

from playground.run import Snapshot, Status
from playground.storage.npz import MAX_MB
from ui import runs, session

_FILE = "saved run"


def save_and_load(shown: Snapshot) -> None:
    """A popover with a button that saves this run, and a field for the file of another."""
    with st.popover("Save · Load", icon=":material/save:", width="stretch"):
        st.markdown(
            "A file holds all of a run: settings, weights, the optimizer's memory, curves. "
            "Loaded, it goes on as if it had never stopped."
        )
        st.download_button(
            "Save this run",
            partial(runs.file_of, shown.token),
            file_name=f"{shown.config.dataset}-{shown.config.seed}.npz",
            mime="application/octet-stream",
            icon=":material/download:",
            on_click="ignore",
            disabled=shown.status is Status.FAILED,
            key="save",
            width="stretch",
        )
        st.file_uploader(
            f"Load a run (.npz, up to {MAX_MB} MB)",
            type="npz",
            max_upload_size=MAX_MB,
            key=_FILE,
            on_change=_load,
        )


def _load() -> None:
    file = session.get(_FILE)
    if file is not None:
        runs.open_saved(file)
