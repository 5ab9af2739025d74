"""Data: what the network learns from, and what it is tested on."""

import streamlit as st

from playground.run import Snapshot
from playground.words import about, how_split, split_of
from ui.data_choice import alterations, data_set
from ui.data_portrait import portrait_charts
from ui.data_samples import samples_by_class
from ui.data_upload import upload
from ui.page import show


def main(shown: Snapshot) -> None:
    left, right = st.columns([2, 3], gap="large")
    with left:
        _choice(shown)
    with right:
        samples_by_class(shown)
    portrait_charts(shown)


def _choice(shown: Snapshot) -> None:
    data_set(shown)
    st.markdown(
        f"{about(shown.config)} {split_of(shown.config, shown.data)}",
        help=how_split(shown.config) or None,
    )
    with st.container(border=True):
        alterations(shown)
    with st.expander("Bring your own", icon=":material/upload:"):
        upload(shown)


show(main)
