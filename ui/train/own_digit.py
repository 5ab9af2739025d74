"""A small canvas beside the curves, with a prediction that follows training."""

import streamlit as st

from playground.descriptions import has_digits
from playground.run import Snapshot
from ui.draw.answer import answer, prediction_for, reads_drawings
from ui.draw.canvas import canvas, drawn
from ui.live import along, live

SIDE = 156  # of the canvas, in pixels
KEY = "own digit"


def own_digit(shown: Snapshot) -> None:
    """The canvas, and the current prediction for the drawing beside it, which refreshes together
    with the next live part of the page.
    """
    if not reads_drawings(shown.data):
        return
    what = "digit" if has_digits(shown.config) else "drawing"
    st.markdown(f"**Your own {what}** · draw one, press Play, and watch the prediction")
    with st.container(horizontal=True, gap="small", key="own-digit"):
        with st.container(width=SIDE):
            pad = st.container()
        with st.container(width="stretch"):
            place = st.empty()

    def read(now: Snapshot) -> None:
        with place:
            answer(now, prediction_for(now, drawn()), small=True)

    def on_canvas(now: Snapshot) -> None:
        canvas(key="small canvas", parts=(KEY,))
        read(now)

    def read_again(now: Snapshot) -> None:
        if drawn() is not None:  # otherwise nothing has changed
            read(now)

    with pad:
        live(shown, on_canvas, key=KEY, every=None)
    along(shown, read_again)
