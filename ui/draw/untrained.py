"""The page Draw for a network that cannot classify drawings yet."""

import streamlit as st

from data.preprocessing import SIDE
from playground.config import RunConfig
from playground.run import Run, Snapshot
from ui import runs


def reads_no_drawings(shown: Snapshot) -> None:
    shape = shown.data.train.image_shape
    what = f"images of {shape[1]}×{shape[0]} pixels" if shape else "points"
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"This network takes {what}; a drawing is preprocessed to {SIDE}×{SIDE}, as MNIST's "
            "digits were. Train a network on images of that size to classify drawings.",
            width="stretch",
        )
        st.button(
            "Train the default network",
            on_click=_train_default,
            type="primary",
            key="train default",
        )


def untrained(shown: Snapshot) -> None:
    with st.container(key="untrained", border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"This network, {list(shown.config.layers)}, is untrained: it only guesses.",
            width="stretch",
        )
        st.button(
            "Train it now",
            on_click=runs.act,
            args=(shown.token, Run.play),
            type="primary",
            key="train now",
        )
        if shown.config != RunConfig():
            st.button("Train the default network", on_click=_train_default, key="train default")


def _train_default() -> None:
    runs.configure(**RunConfig().values())
    runs.play()
