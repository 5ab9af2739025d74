"""The page Train while presenting: one chart, which the teacher chooses."""

from functools import partial

import streamlit as st

from playground.snapshot import Snapshot
from ui.live import Draw, live
from ui.train.curves import accuracy_curve, cost_curve
from ui.train.samples import samples
from ui.train.weights import weights

HEIGHT = 560  # pixels
CHARTS: dict[str, Draw] = {
    "Accuracy": partial(accuracy_curve, height=HEIGHT),
    "Cost": partial(cost_curve, height=HEIGHT),
    "Weights": weights,
    "Digits": samples,
}


def presented(shown: Snapshot) -> None:
    name = st.segmented_control(
        "Chart",
        list(CHARTS),
        default="Accuracy",
        key="present chart",
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    live(shown, CHARTS[name or "Accuracy"], key="presented")
