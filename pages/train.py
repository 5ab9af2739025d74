"""Train: the network, its curves, the first layer's weights, and validation examples."""

import streamlit as st

from playground.run import Snapshot
from ui.live import CALM, live
from ui.page import show
from ui.present import presenting
from ui.save_load import save_and_load
from ui.share import share
from ui.time_machine.slider import time_slider
from ui.train.controls import controls
from ui.train.curves import curves, log_toggle
from ui.train.layer_statistics import layer_statistics_part
from ui.train.network import network_card, network_live
from ui.train.outcome import outcome
from ui.train.own_digit import own_digit
from ui.train.presented import presented
from ui.train.printed_cost import printed_cost
from ui.train.samples import samples
from ui.train.two_classes import two_classes
from ui.train.weights import weights


def main(shown: Snapshot) -> None:
    if presenting():
        presented(shown)
        return
    controls(shown.now)
    with st.sidebar, st.container(horizontal=True, gap="xsmall", key="share-and-save"):
        share(shown.now)
        save_and_load(shown.now)
    left, right = st.columns(2, gap="medium")
    with right:
        own_digit(shown)
    with left:
        live(shown, _curves, key="curves")
        st.page_link("pages/race.py", label="Race against other settings …", icon=":material/flag:")
    with right:
        network_card(shown)
        live(shown, _pictures, key="pictures", every=CALM)
        st.page_link(
            "pages/hood.py",
            label="Why did a weight change by that much?",
            query_params={"slide": "update"},
        )


def _curves(shown: Snapshot) -> None:
    curves(shown)
    time_slider(shown, parts=("curves", "pictures"), beside=log_toggle)
    outcome(shown.now)
    printed_cost(shown)
    two_classes(shown)
    layer_statistics_part(shown)


def _pictures(shown: Snapshot) -> None:
    network_live(shown)
    samples(shown)
    weights(shown)


show(main)
