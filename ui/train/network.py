"""The network's diagram, its size, and the time of an epoch."""

from math import inf

import streamlit as st

from netcore.network import n_parameters
from playground.forecast import memory, seconds_per_epoch
from playground.formatting import duration
from playground.pathway import pathway
from playground.run import Snapshot
from ui import notes
from ui.draw.answer import prediction_for, reads_drawings
from ui.draw.canvas import drawn
from ui.pathway import pathway_view
from ui.text import as_is

HEIGHT = 150
MEASURING = 0.4  # seconds between two looks whether the time of an epoch is known


def network_live(shown: Snapshot) -> None:
    """The network with the pathway of one example: the person's drawing if there is one, else the
    first validation example.
    """
    prediction = prediction_for(shown, drawn()) if reads_drawings(shown.data) else None
    few = shown.data.validation.first(1)
    pathway_view(
        pathway(shown.network, few.X if prediction is None else prediction.prepared.column),
        shown.config,
        key="network",
        height=HEIGHT,
        inputs="pixels" if few.image_shape else "numbers",
        classes=few.class_names,
        image_shape=few.image_shape,
    )


def network_card(shown: Snapshot) -> None:
    """One line of numbers on the network."""
    config, data = shown.config, shown.data  # Streamlit keeps what the fragment uses
    measured = seconds_per_epoch(config, data) is not None

    def size() -> None:
        seconds = seconds_per_epoch(config, data)
        time = "measuring the time of an epoch …"
        if seconds == inf:
            time = "the time of an epoch could not be measured"
        elif seconds is not None:
            time = f"about {duration(seconds)} an epoch here"
        st.caption(
            f"**{as_is(str(list(config.layers)))}** · {n_parameters(config.layers):,} parameters · "
            f"about {memory(config, data.train.m) / 2**20:,.0f} MB · {time}"
        )
        if seconds is not None and not measured:
            notes.draw_again()  # the page without this timer

    st.fragment(size, run_every=None if measured else MEASURING, key="size of the network")()
