"""The network at a glance: its drawing, its size, and what an epoch will take."""

import streamlit as st

from netcore.network import n_parameters
from playground.config import RunConfig
from playground.diagram import network_svg
from playground.forecast import Forecast, forecast
from playground.run import Snapshot
from playground.words import things
from ui.status import duration
from ui.svg import show_svg
from ui.text import as_is

HEIGHT = 190


@st.cache_resource(max_entries=256, show_spinner=False)  # cache_data would copy at every poll
def _forecast(config: RunConfig, _shown: Snapshot) -> Forecast:
    return forecast(config, _shown.data)


def _outputs(config: RunConfig) -> str:
    what = things(config)
    return what if what == "digits" else "classes"


def network_card(shown: Snapshot) -> None:
    """The drawing with one line of numbers under it."""
    config = shown.config
    show_svg(network_svg(config, "pixels", _outputs(config)), key="network", height=HEIGHT)
    expected = _forecast(config, shown)
    st.caption(
        f"**{as_is(str(list(config.layers)))}** · {n_parameters(config.layers):,} parameters · "
        f"about {expected.memory / 2**20:,.0f} MB · "
        f"about {duration(expected.seconds)} an epoch here"
    )
