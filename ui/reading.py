"""What the network makes of a drawing: the answer, the probabilities, and the way to them."""

from dataclasses import replace
from html import escape

import numpy as np
import streamlit as st
from PIL import Image

from data.dataset import Splits
from data.drawing import ALL, SIDE, Prepared, Stages, prepare
from netcore.array import Array
from playground.doubt import SURE, judge_of
from playground.figures import probability_figure
from playground.predictions import Prediction, predict
from playground.run import Snapshot
from ui import session
from ui.canvas import Pixels
from ui.image_grid import image_grid
from ui.live_plot import live_plot
from ui.text import as_is

STAGE = 140  # width of a stage's picture, in pixels: five times 28 and seven times 20
NEAREST = 8

_STAGES = "stages"
SWITCHES = {  # a field of Stages -> what its switch is called, and what happens without it
    "crop": ("Crop", "Off: the whole canvas is used, wherever the drawing is on it."),
    "pen_width": ("Even the pen", "Off: strokes stay as thick or thin as they were drawn."),
    "keep_aspect": ("Keep proportions", "Off: the drawing is stretched to a square."),
    "margin": ("Leave a margin", "Off: scaled into all of 28×28, not into 20×20."),
    "centre_of_mass": ("Centre by mass", "Off: the middle of its box is put in the middle."),
}


def reads_drawings(data: Splits) -> bool:
    """Whether a network that learned from these data can read what a drawing is made into."""
    return data.train.image_shape == (SIDE, SIDE)


def prediction_for(shown: Snapshot, drawing: Pixels | None) -> Prediction | None:
    """What the network predicts for the drawing, on its way through the stages that are switched
    on; None where it is blank."""
    prepared = None if drawing is None else prepare(drawing, _stages())
    return None if prepared is None else predict(shown.network, prepared)


def answer(shown: Snapshot, prediction: Prediction | None) -> None:
    """The class, large, with how sure the network is and what speaks against it, and a bar for
    each class."""
    names = shown.data.train.class_names
    if prediction is None:
        _say("?", "Draw a digit on the black square, or pick one below it.")
        return
    if not prediction.is_finite:
        _say("?", "The run diverged: this network can read nothing. Reset it on the page Train.")
        return
    doubt = judge_of(shown).doubt(prediction, names)
    a = prediction.a
    sentence = f"**Doubtful.** {as_is(doubt)}" if doubt else _how_sure(a, names)
    _say(names[prediction.label], sentence, doubted=bool(doubt))
    live_plot(
        probability_figure(a, names),
        key="probabilities",
        height=250,
        alt=", ".join(f"{name}: {100 * each:.1f} %" for name, each in zip(names, a, strict=True)),
    )


def _say(word: str, sentence: str, *, doubted: bool = False) -> None:
    size = "answer" if len(word) <= 3 else "answer answer-word"
    word = escape(word)  # a class name from somebody's file
    if doubted:
        size, shown, mark = f"{size} answer-doubted", f"{word}?", ' data-doubted="yes"'
    else:
        shown, mark = word, ""
    st.html(f'<div class="{size}" data-answer="{word}"{mark} role="status">{shown}</div>')
    st.markdown(sentence, text_alignment="center")


def _how_sure(A: Array, names: tuple[str, ...]) -> str:
    first, second = np.argsort(A)[::-1][:2]
    if A[first] >= SURE:
        return f"{100 * A[first]:.1f} % sure."
    return (
        f"Not sure: {100 * A[first]:.0f} % for {as_is(names[first])}, "
        f"{100 * A[second]:.0f} % for {as_is(names[second])}."
    )


def nearest(shown: Snapshot, prediction: Prediction) -> None:
    """The training images that the drawing is most like, with what they are."""
    likeness = judge_of(shown).likeness
    found = likeness.nearest(prediction.prepared.column, NEAREST)
    names = [found.class_names[label] for label in found.labels]
    st.markdown("**Most like it of what it learned from**")
    image_grid(
        found.X.T.reshape(-1, SIDE, SIDE),
        key="nearest",
        alt="The training images most like the drawing",
        tile=56,
        scale="sequential",
        limit=1.0,
        columns=4,
        labels=[f"A training image: {name}" for name in names],
        captions=names,
    )
    st.caption(f"Of {likeness.known.m:,}, by where their edges lie and which way they run.")


def _stages() -> Stages:
    return session.keep(_STAGES, Stages)


def _switch(name: str) -> None:
    session.put(_STAGES, replace(_stages(), **{name: session.get(f"stage {name}")}))


def _all_on() -> None:
    session.put(_STAGES, ALL)


def stages(prepared: Prepared) -> None:
    """Every stage between the drawing and what the network sees, with a line for each, and a
    switch to see what it is worth."""
    height, width = prepared.cropped.shape
    pictures = [
        ("As drawn", prepared.ink, f"{prepared.ink.shape[1]}×{prepared.ink.shape[0]} pixels", ()),
        ("Cropped", prepared.cropped, f"to the ink, {width}×{height}", ("crop",)),
        ("Pen evened", prepared.evened, "strokes as wide as MNIST's", ("pen_width",)),
        ("Scaled", prepared.scaled, "longer side to 20 pixels", ("keep_aspect", "margin")),
        ("Centred", prepared.centred, "mass in 28×28's middle: this is X", ("centre_of_mass",)),
    ]
    on = _stages()
    with st.container(horizontal=True, vertical_alignment="center", height=40, border=False):
        st.markdown("**How the network saw it**", width="content")
        if on != ALL:
            st.button("All stages on", key="stages reset", on_click=_all_on, type="tertiary")
    for column, (title, image, line, fields) in zip(
        st.columns(len(pictures)), pictures, strict=True
    ):
        with column:
            image_grid(
                _square(image)[None],
                key=f"stage {title}",
                alt=f"{title}: {line}",
                tile=STAGE,
                scale="sequential",
                limit=1.0,
                labels=[title],
            )
            off = [SWITCHES[field][0].lower() for field in fields if not getattr(on, field)]
            st.caption(f"**{title}** {line}" if not off else f"**Without** {', '.join(off)}")
            for field in fields:
                _show_switch(field)


def _show_switch(field: str) -> None:
    label, without = SWITCHES[field]
    key = f"stage {field}"
    session.put(key, getattr(_stages(), field))
    st.toggle(label, key=key, help=without, on_change=_switch, args=(field,))


def _square(image: Array) -> Array:
    """The image in the middle of a black square, with no more pixels than are shown."""
    side = max(image.shape)
    square = np.zeros((side, side), dtype=np.float32)
    top, left = (side - image.shape[0]) // 2, (side - image.shape[1]) // 2
    square[top : top + image.shape[0], left : left + image.shape[1]] = image
    if side <= STAGE // 2:
        return square
    return np.asarray(Image.fromarray(square).resize((STAGE, STAGE), Image.Resampling.BOX))
