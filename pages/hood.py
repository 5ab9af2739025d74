"""Under the hood: one step of the run in full, a check of its gradients, and exports."""

import streamlit as st

from playground.run import Snapshot
from ui.hood.export import export
from ui.hood.gradient_check import gradient_check
from ui.hood.step import choose_batch, one_step
from ui.hood.styles import use_hood_styles
from ui.page import show
from ui.run_kind import run_kind
from ui.time_machine.slider import past_banner

PARTS = {"One step": one_step, "Gradient check": gradient_check, "Export": export}


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
        run_kind(shown)
        if part == "One step":
            choose_batch(shown)
    past_banner(shown)
    PARTS[part or "One step"](shown)


show(main)
