"""Data: what the network learns from, and what it is tested on."""

import streamlit as st

from playground.run import Run
from playground.words import about, how_split, split_of
from ui import state
from ui.data_choice import alterations, data_set
from ui.data_portrait import portrait_charts
from ui.data_samples import samples_by_class
from ui.data_upload import upload
from ui.page import show


def main() -> None:
    run = state.current_run()
    left, right = st.columns([2, 3], gap="large")
    with left:
        _choice(run)
    with right:
        samples_by_class(run)
    portrait_charts(run)


def _choice(run: Run) -> None:
    data_set(run)
    st.markdown(
        f"{about(run.config)} {split_of(run.config, run.data)}", help=how_split(run.config) or None
    )
    with st.container(border=True):
        alterations(run)
    with st.expander("Bring your own", icon=":material/upload:"):
        upload(run)


show(main)
