"""Save and load: a run as a file, from which training continues bit for bit."""

from functools import partial

import streamlit as st

from playground.run import Snapshot, Status
from playground.storage.npz import MAX_MB
from ui import runs, session

_FILE = "saved run"


def save_and_load(shown: Snapshot) -> None:
    """A popover with a button that saves this run, and a field to load one."""
    with st.popover("Save · Load", icon=":material/save:", width="stretch"):
        st.markdown(
            "A file contains the whole run: settings, weights, optimizer state, curves. "
            "After loading, training continues as if it had not been interrupted."
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
