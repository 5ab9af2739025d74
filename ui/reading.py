"""What the network makes of a drawing: the answer, the probabilities, and the way to them."""

from html import escape

import numpy as np
import streamlit as st
from PIL import Image

from data.dataset import Splits
from data.drawing import SIDE, Prepared, prepare
from netcore.array import Array
from playground.figures import probability_figure
from playground.output import class_probabilities
from playground.run import Snapshot
from ui.canvas import Pixels
from ui.image_grid import image_grid
from ui.live_plot import live_plot

DOT = 0.1  # of the canvas: a drawing with no side longer than this is a dot
SURE = 0.7
STAGE = 140  # width of a stage's picture, in pixels: five times 28 and seven times 20


def reads_drawings(data: Splits) -> bool:
    """Whether a network that learned from these data can read what a drawing is made into."""
    return data.train.image_shape == (SIDE, SIDE)


def answer(shown: Snapshot, drawing: Pixels | None, names: tuple[str, ...]) -> Prepared | None:
    """The digit, large, with how sure the network is, and a bar for each class.

    Returns the drawing's stages, None where nothing was drawn.
    """
    prepared = None if drawing is None else prepare(drawing)
    if prepared is None:
        _say("?", "Draw a digit on the black square, or pick one below it.")
        return None
    A = class_probabilities(shown.network.predict(prepared.column))[:, 0]
    _say(names[int(A.argmax())], _how_sure(prepared, A, names))
    live_plot(
        probability_figure(A, names),
        key="probabilities",
        height=250,
        alt=", ".join(f"{name}: {100 * a:.1f} %" for name, a in zip(names, A, strict=True)),
    )
    return prepared


def _say(word: str, sentence: str) -> None:
    size = "answer" if len(word) <= 3 else "answer answer-word"
    word = escape(word)  # a class name from somebody's file
    st.html(f'<div class="{size}" data-answer="{word}" role="status">{word}</div>')
    st.markdown(sentence, text_alignment="center")


def _how_sure(prepared: Prepared, A: Array, names: tuple[str, ...]) -> str:
    if max(prepared.cropped.shape) < DOT * max(prepared.ink.shape):
        return "That is only a dot: draw larger, a digit fills half of the square."
    if not np.isfinite(A).all():
        return "This network ran away in training, it can read nothing: reset it on the Train page."
    first, second = np.argsort(A)[::-1][:2]
    if A[first] >= SURE:
        return f"{100 * A[first]:.1f} % sure."
    return (
        f"Not sure: {100 * A[first]:.0f} % for {names[first]}, "
        f"{100 * A[second]:.0f} % for {names[second]}."
    )


def stages(prepared: Prepared) -> None:
    """Every stage between the drawing and what the network sees, with a line for each."""
    height, width = prepared.cropped.shape
    pictures = [
        ("As drawn", prepared.ink, f"{prepared.ink.shape[1]}×{prepared.ink.shape[0]} pixels"),
        ("Cropped", prepared.cropped, f"to the ink, {width}×{height}"),
        ("Pen evened", prepared.evened, "strokes as wide as MNIST's"),
        ("Scaled", prepared.scaled, "longer side to 20 pixels"),
        ("Centred", prepared.centred, "centre of mass in 28×28: this is X"),
    ]
    st.markdown("**How the network saw it**")
    for column, (title, image, line) in zip(st.columns(len(pictures)), pictures, strict=True):
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
            st.caption(f"**{title}** {line}")


def _square(image: Array) -> Array:
    """The image in the middle of a black square, with no more pixels than are shown."""
    side = max(image.shape)
    square = np.zeros((side, side), dtype=np.float32)
    top, left = (side - image.shape[0]) // 2, (side - image.shape[1]) // 2
    square[top : top + image.shape[0], left : left + image.shape[1]] = image
    if side <= STAGE // 2:
        return square
    return np.asarray(Image.fromarray(square).resize((STAGE, STAGE), Image.Resampling.BOX))
