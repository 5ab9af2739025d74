"""Draw: a canvas, the network's prediction, the preprocessing, and fine-tuning on drawings."""

import streamlit as st

from playground.descriptions import example_noun
from playground.ood_detector import prepare_detector
from playground.run import Snapshot
from ui import session
from ui.draw.answer import answer, nearest, prediction_for, reads_drawings, stages
from ui.draw.canvas import PEN, canvas, drawn, put
from ui.draw.example_strokes import EXAMPLES
from ui.draw.fine_tuning import before_and_after, fine_tune_button, my_drawings
from ui.draw.pathway import way_on
from ui.draw.untrained import reads_no_drawings, untrained
from ui.live import CALM, live
from ui.page import show
from ui.time_machine.slider import past_banner

CANVAS = "canvas"
PARTS = ("draw", "beside", "below")
PEN_WIDTH = "pen width"


def main(shown: Snapshot) -> None:
    if not reads_drawings(shown.data):
        reads_no_drawings(shown)
        return
    prepare_detector(shown)
    now = shown.now
    if now.iteration == 0 and now.fine_tuning is None and not now.busy:
        untrained(now)
    past_banner(shown)
    left, right = st.columns([4, 1], gap="large")
    with left:
        live(shown, _canvas_and_answer, key="draw")
    with right:
        live(shown, _beside, key="beside", every=None)
        st.page_link(
            "pages/inspect.py",
            label="Why this answer? Inspect the drawing",
            query_params={"example": "drawing", "view": "trace"},
        )
    live(shown, _below, key="below", every=CALM)


def _canvas_and_answer(shown: Snapshot) -> None:
    """Redrawn while the pen moves, so it contains nothing else."""
    left, right = st.columns([8, 5], gap="large")
    with left:
        prediction = prediction_for(shown, canvas(key=CANVAS, pen=_pen(), parts=PARTS))
    with right:
        answer(shown, prediction)


def _beside(shown: Snapshot) -> None:
    prediction = prediction_for(shown, drawn())
    fine_tune_button(shown, prediction, changed=_draw_again)
    if prediction is not None:
        nearest(shown, prediction)
    before_and_after(shown, prediction)
    if (what := example_noun(shown.config)) != "digits":
        st.caption(
            f"A drawing is preprocessed as MNIST's digits were. These {what} may have been made "
            "differently, so predictions may be wrong."
        )


def _below(shown: Snapshot) -> None:
    prediction = prediction_for(shown, drawn())
    _tools()
    if prediction is not None:
        stages(prediction.prepared, changed=_draw_again)
        if prediction.is_finite:
            way_on(shown, prediction.network, prediction.prepared.column)
    my_drawings(shown, changed=_draw_again)


def _tools() -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.slider(
            "Pen width (% of the canvas)",
            3,
            14,
            key=PEN_WIDTH,
            value=PEN // 10,
            width=260,
            on_change=_draw_again,
        )
        st.menu_button(
            "Draw an example",
            list(EXAMPLES),
            key="example",
            on_click=_example,
            icon=":material/gesture:",
            help="Draws an example digit on the canvas.",
        )


def _draw_again() -> None:
    st.rerun(PARTS)


def _pen() -> int:
    return 10 * int(session.get(PEN_WIDTH, PEN // 10))


def _example() -> None:
    put(CANVAS, EXAMPLES[session.get("example")], pen=_pen())
    _draw_again()


show(main)
