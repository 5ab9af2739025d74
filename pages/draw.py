"""Draw: a canvas, the network's answer, how it saw the drawing, and how it learns your hand."""

from collections.abc import Callable

import streamlit as st

from data.drawing import SIDE
from playground.config import RunConfig
from playground.run import Run, Snapshot
from playground.words import things
from ui import session, state
from ui.canvas import canvas, clear, put, undo
from ui.example_strokes import EXAMPLES
from ui.hand import before_and_after, my_drawings, teach_it
from ui.live import live
from ui.page import show
from ui.reading import answer, nearest, prediction_for, reads_drawings, stages

CANVAS = "canvas"
PEN = "pen width"


def main(shown: Snapshot) -> None:
    if not reads_drawings(shown.data):
        _reads_no_drawings(shown)
        return
    if shown.iteration == 0 and shown.lesson is None and not shown.busy:
        _untrained(shown)
    live(shown, _page, key="draw")


def _reads_no_drawings(shown: Snapshot) -> None:
    shape = shown.data.train.image_shape
    what = f"images of {shape[1]}×{shape[0]} pixels" if shape else "points"
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"This network reads {what}, and a drawing is made into {SIDE}×{SIDE}, as MNIST's "
            "digits were. Train a network on images of that size to draw for it.",
            width="stretch",
        )
        st.button("Train the default", on_click=_train_default, type="primary", key="train default")


def _untrained(shown: Snapshot) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"This network, {list(shown.config.layers)}, has not learned anything yet: it guesses.",
            width="stretch",
        )
        st.button(
            "Train it now",
            on_click=state.act,
            args=(shown.token, Run.play),
            type="primary",
            key="train now",
        )
        if shown.config != RunConfig():
            st.button("Train the default", on_click=_train_default, key="train default")


def _train_default() -> None:
    state.configure(**RunConfig().values())
    state.play()


def _page(shown: Snapshot) -> None:
    left, middle, right = st.columns([10, 10, 7], gap="large")
    with left:
        pen_width = st.slider("Pen width (pixels)", 8, 40, 20, key=PEN, width=280)
        st.space("xsmall")  # the canvas's toolbar floats here
        with st.container(horizontal=True):
            with st.container(width=280):
                drawing = canvas(key=CANVAS, pen_width=pen_width)
            with st.container(width=130):
                _button("Clear", "delete", clear)
                _button("Undo", "undo", undo)
        st.caption("Nothing to draw with? Take one of these:")
        with st.container(horizontal=True, gap="xsmall"):
            for name in EXAMPLES:
                st.button(
                    name,
                    key=f"example {name}",
                    on_click=_example,
                    args=(name,),
                    help=f"Put a {name} on the canvas.",
                )
    prediction = prediction_for(shown, drawing)
    with middle:
        answer(shown, prediction)
        teach_it(shown, prediction)
        if (what := things(shown.config)) != "digits":
            st.caption(
                f"A drawing is prepared as MNIST's digits were. These {what} may have been made "
                "otherwise: expect odd answers."
            )
    with right:
        if prediction is not None:
            nearest(shown, prediction)
        before_and_after(shown, prediction)
    if prediction is not None:
        stages(prediction.prepared)
    my_drawings(shown)


def _button(label: str, icon: str, change: Callable[[str], None]) -> None:
    st.button(
        label,
        key=label.lower(),
        on_click=change,
        args=(CANVAS,),
        icon=f":material/{icon}:",
        width="stretch",
    )


def _example(name: str) -> None:
    put(CANVAS, EXAMPLES[name], pen_width=session.get(PEN, 20))


show(main)
