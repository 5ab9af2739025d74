"""The choice between a tab's two runs, on images and on points, for pages that show either."""

import streamlit as st

from playground.run import Snapshot
from playground.run_data import is_plane
from ui import address, session
from ui.widgets import show_value

IMAGES, POINTS = "The run on Train", "The run on The plane"


def run_kind(shown: Snapshot) -> None:
    st.segmented_control(
        "Which run",
        [IMAGES, POINTS],
        key=show_value("run kind", POINTS if is_plane(shown.config) else IMAGES),
        required=True,
        on_change=_take_run,
        label_visibility="collapsed",
    )


def _take_run() -> None:
    address.look_at_points(session.get("set run kind") == POINTS)
