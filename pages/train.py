"""Train: the network, its curves, the first layer's weights, and examples it never saw."""

import streamlit as st

from playground.run import Run, Status
from playground.words import things
from ui import state
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


def main() -> None:
    run = state.current_run()
    controls(run)
    with st.sidebar, st.container(horizontal=True, gap="xsmall"):
        share(run)
        save_and_load(run)
    left, right = st.columns(2, gap="medium")
    with left:
        network_card(run)
        live(run, lambda: _curves(run), key="curves")
    with right:
        live(run, lambda: _pictures(run), key="pictures", every=CALM)


def _curves(run: Run) -> None:
    shown = run.snapshot
    curves(run, shown)
    printed_cost(run, shown)
    two_classes(run, shown)
    vital_signs_part(run, shown)


def _pictures(run: Run) -> None:
    shown = run.snapshot
    findings(run, shown)
    if shown.status in (Status.DONE, Status.STOPPED):
        _invitation(run)
    samples(run, shown)
    weights(run, shown)
    st.page_link("pages/hood.py", label="Why did a weight change by that much?")


def _invitation(run: Run) -> None:
    held_out, m = run.snapshot.measured.held_out, run.data.held_out.m
    right = round(held_out.accuracy * m)
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        what = things(run.config)
        st.markdown(f"**{right:,} of {m:,}** {what} it never saw, read right.", width="stretch")
        if reads_drawings(run.data):
            st.page_link("pages/draw.py", label="Draw one yourself", icon=":material/draw:")


show(main)
