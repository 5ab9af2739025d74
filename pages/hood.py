"""Under the hood: one real step taken apart, its gradients checked, and the code to take home."""

import streamlit as st

from playground.run import Snapshot
from ui.hood.export import take_home
from ui.hood.gradient_check import gradient_check
from ui.hood.step import one_step
from ui.page import show

PARTS = {"One step": one_step, "Gradient check": gradient_check, "Take it home": take_home}


def main(shown: Snapshot) -> None:
    part = st.segmented_control(
        "Under the hood",
        list(PARTS),
        default="One step",
        key="hood part",
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    PARTS[part or "One step"](shown)


show(main)
