"""Train: the network, its curves, the first layer's weights, and examples it never saw."""

import streamlit as st

from playground.run import Snapshot, Status
from playground.words import things
from ui.controls import controls
from ui.curves import curves
from ui.findings import findings
from ui.keep import save_and_load
from ui.live import CALM, live
from ui.network import network_card
from ui.page import show
from ui.printed_cost import printed_cost
from ui.reading import reads_drawings
from ui.samples import samples
from ui.share import share
from ui.two_classes import two_classes
from ui.vital_signs import vital_signs_part
from ui.weights import weights


def main(shown: Snapshot) -> None:
    controls(shown)
    with st.sidebar, st.container(horizontal=True, gap="xsmall"):
        share(shown)
        save_and_load(shown)
    left, right = st.columns(2, gap="medium")
    with left:
        network_card(shown)
        live(shown, _curves, key="curves")
    with right:
        live(shown, _pictures, key="pictures", every=CALM)


def _curves(shown: Snapshot) -> None:
    curves(shown)
    printed_cost(shown)
    two_classes(shown)
    vital_signs_part(shown)


def _pictures(shown: Snapshot) -> None:
    findings(shown)
    if shown.status in (Status.DONE, Status.STOPPED):
        _invitation(shown)
    samples(shown)
    weights(shown)
    st.page_link("pages/hood.py", label="Why did a weight change by that much?")


def _invitation(shown: Snapshot) -> None:
    held_out, m = shown.measured.held_out, shown.data.held_out.m
    right = round(held_out.accuracy * m)
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        what = things(shown.config)
        st.markdown(f"**{right:,} of {m:,}** {what} it never saw, read right.", width="stretch")
        if reads_drawings(shown.data):
            st.page_link("pages/draw.py", label="Draw one yourself", icon=":material/draw:")


show(main)
