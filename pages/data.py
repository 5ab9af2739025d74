"""Data: the training and the validation examples."""

import streamlit as st

from playground.descriptions import about, how_split, learned_from, split_of
from playground.run import Snapshot
from ui.data.choice import corruption, data_set
from ui.data.forms import digit_forms
from ui.data.samples import samples_by_class
from ui.data.summary import summary_charts
from ui.data.upload import upload
from ui.page import show


def main(shown: Snapshot) -> None:
    left, right = st.columns([2, 3], gap="large")
    with left:
        _choice(shown)
    with right:
        samples_by_class(shown)
    summary_charts(shown)
    digit_forms(shown.config)


def _choice(shown: Snapshot) -> None:
    data_set(shown)
    fine_tuned = ""
    if shown.fine_tuning is not None:
        fine_tuned = f" This run is fine-tuned: it learns from {learned_from(shown)}."
    st.markdown(
        f"{about(shown.config)} {split_of(shown.config, shown.learned_from)}{fine_tuned}",
        help=how_split(shown.config) or None,
    )
    with st.container(border=True):
        corruption(shown)
    with st.expander("Upload your own", icon=":material/upload:"):
        upload(shown)


show(main)
