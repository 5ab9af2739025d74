"""The network at a glance: its drawing, its size, and what an epoch will take."""

from math import inf

import streamlit as st

from netcore.network import n_parameters
from playground.config import RunConfig
from playground.descriptions import example_noun
from playground.diagram import network_svg
from playground.forecast import memory, seconds_per_epoch
from playground.formatting import duration
from playground.run import Snapshot
from ui import notes
from ui.svg import show_svg
from ui.text import as_is

HEIGHT = 190
MEASURING = 0.4  # seconds between two looks whether the time of an epoch is known


def _outputs(config: RunConfig) -> str:
    what = example_noun(config)
    return what if what == "digits" else "classes"


def network_card(shown: Snapshot) -> None:
    """The drawing with one line of numbers under it."""
    config = shown.config
    show_svg(network_svg(config, "pixels", _outputs(config)), key="network", height=HEIGHT)
    measured = seconds_per_epoch(config, shown.data) is not None

    def size() -> None:
        seconds = seconds_per_epoch(config, shown.data)
        time = "measuring the time of an epoch …"
        if seconds == inf:
            time = "the time of an epoch could not be measured"
        elif seconds is not None:
            time = f"about {duration(seconds)} an epoch here"
        st.caption(
            f"**{as_is(str(list(config.layers)))}** · {n_parameters(config.layers):,} parameters · "
            f"about {memory(config, shown.data.train.m) / 2**20:,.0f} MB · {time}"
        )
        if seconds is not None and not measured:
            notes.draw_again()  # the page without this timer

    st.fragment(size, run_every=None if measured else MEASURING, key="size of the network")()
