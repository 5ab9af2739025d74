"""Under the hood: one step of the run in full, a check of its gradients, and exports."""

import streamlit as st

from playground.run import Snapshot
from playground.run_data import is_plane
from ui import address, session
from ui.hood.export import export
from ui.hood.gradient_check import gradient_check
from ui.hood.step import choose_batch, one_step
from ui.hood.styles import use_hood_styles
from ui.page import show
from ui.time_machine.slider import past_banner
from ui.widgets import show_value

PARTS = {"One step": one_step, "Gradient check": gradient_check, "Export": export}
IMAGES, POINTS = "The run on Train", "The run on The plane"


def main(shown: Snapshot) -> None:
    use_hood_styles()
    with st.container(horizontal=True, vertical_alignment="center"):
        part = st.segmented_control(
            "Under the hood",
            list(PARTS),
            default="One step",
            key="hood part",
            required=True,
            label_visibility="collapsed",
            persist_state="session",
        )
        st.segmented_control(
            "Which run",
            [IMAGES, POINTS],
            key=show_value("run kind", POINTS if is_plane(shown.config) else IMAGES),
            required=True,
            on_change=_take_run,
            label_visibility="collapsed",
        )
        if part == "One step":
            choose_batch(shown)
    past_banner(shown)
    PARTS[part or "One step"](shown)


def _take_run() -> None:
    address.look_at_points(session.get("set run kind") == POINTS)


show(main)
