"""The prediction for a drawing, its probabilities, and the preprocessing."""

from collections.abc import Callable
from dataclasses import replace
from html import escape

import numpy as np
import streamlit as st
from PIL import Image

from data.dataset import NO_FORM, Dataset, Splits
from data.digit_forms import FORMS
from data.preprocessing import ALL, SIDE, Prepared, Stages, prepare
from netcore.array import Array
from netcore.network import Network
from playground.descriptions import example_noun, has_digits
from playground.ood_detector import CONFIDENT, detector_of
from playground.predictions import Prediction, predict
from playground.run import Snapshot
from ui import session
from ui.draw.canvas import Pixels
from ui.image_grid import image_grid
from ui.widgets import show_value

STAGE = 140  # pixels of a stage's image: five times 28 and seven times 20
NEAREST = 8

_STAGES, _PREDICTION = "stages", "prediction for the drawing"
_Kept = tuple[tuple[Network, Pixels | None, Stages], Prediction | None]
SWITCHES = {  # field of Stages -> label of its switch, and what happens without the stage
    "crop": ("Crop", "Off: the whole canvas is used, not only the drawing."),
    "pen_width": ("Normalize the pen width", "Off: strokes stay as thick or thin as drawn."),
    "keep_aspect": ("Keep proportions", "Off: the drawing is stretched to a square."),
    "margin": ("Add a margin", "Off: the drawing is scaled into 28×28, not into 20×20."),
    "centre_of_mass": (
        "Center of mass",
        "Off: the middle of the bounding box is centered instead.",
    ),
}


def reads_drawings(data: Splits) -> bool:
    """Whether a network trained on these data takes images of the size of preprocessed drawings."""
    return data.train.image_shape == (SIDE, SIDE)


def prediction_for(shown: Snapshot, drawing: Pixels | None) -> Prediction | None:
    """The prediction for the drawing with the selected preprocessing stages; None if it is blank.
    Computed once for all parts of the page.
    """
    of = shown.network, drawing, _stages()
    kept: _Kept | None = session.get(_PREDICTION)
    if kept is None or any(a is not b for a, b in zip(kept[0], of, strict=True)):
        prepared = None if drawing is None else prepare(drawing, _stages())
        with np.errstate(over="ignore", invalid="ignore"):
            kept = of, None if prepared is None else predict(shown.network, prepared)
        session.put(_PREDICTION, kept)
    return kept[1]


def answer(shown: Snapshot, prediction: Prediction | None, *, small: bool = False) -> None:
    """The predicted class in large type, its probability, a reason for doubt if there is one, and a
    bar for each class. The layout stays the same with and without a drawing; small: with fewer
    words.
    """
    names = shown.data.train.class_names
    blank = np.zeros(len(names))
    if prediction is None:
        one = "a digit " if has_digits(shown.config) else ""
        _say("?", f"Draw {one}on the black square.", blank, names, small=small)
        return
    if not prediction.is_finite:
        diverged = "The run diverged: this network cannot predict. Reset it on the page Train."
        _say("?", diverged, blank, names, small=small)
        return
    rejection = "" if small else detector_of(shown).rejection(prediction, names)
    a = prediction.a
    sentence = rejection or _confidence(a, names)
    ood = ""
    if rejection:
        what = example_noun(shown.config)
        like = "a digit" if has_digits(shown.config) else f"any of the {what} it learned from"
        ood = f"This does not look like {like}."
    _say(names[prediction.label], sentence, a, names, ood=ood, small=small)


def _say(
    word: str,
    sentence: str,
    A: Array,
    names: tuple[str, ...],
    *,
    small: bool,
    ood: str = "",
) -> None:
    """One element, of which only the text changes: nothing on the page moves with the pen."""
    size = "answer" if len(word) <= 3 else "answer answer-word"
    most = int(A.argmax()) if A.any() else -1
    bars = "".join(
        probability_bar(name, a, _percent(a), is_most=i == most)
        for i, (name, a) in enumerate(zip(names, A, strict=True))
    )
    word = escape(word)  # class names may come from an uploaded file
    question, mark, before = "", "", ""
    if ood:
        question, mark, before = "?", ' data-ood="yes"', f"<b>{escape(ood)}</b> "
    kind = "reading" + " reading-small" * small + " reading-ood" * bool(ood)
    st.html(
        f'<div class="{kind}">'
        f'<div role="status"><div class="{size}" data-answer="{word}"{mark}>{word}{question}</div>'
        f'<div class="answer-words">{before}{escape(sentence)}</div></div>'
        f'<div class="bars" role="img" aria-label="Probability of each class">{bars}</div></div>'
    )


def probability_bar(name: str, a: float, text: str, *, is_most: bool) -> str:
    """A row of a bar chart in HTML: a class, a bar as long as its probability, and a text."""
    return (
        f'<div class="bar{" bar-most" if is_most else ""}"><span>{escape(name)}</span>'
        f'<i><b style="width:{100 * a:.1f}%"></b></i><span>{text}</span></div>'
    )


def _percent(a: float) -> str:
    return f"{100 * a:.1f} %" if a >= 0.0005 else ""


def _confidence(A: Array, names: tuple[str, ...]) -> str:
    first, second = np.argsort(A)[::-1][:2]
    if A[first] >= CONFIDENT:
        return f"{100 * A[first]:.1f} % probability."
    return (
        f"Uncertain: {100 * A[first]:.0f} % for {names[first]}, "
        f"{100 * A[second]:.0f} % for {names[second]}."
    )


def nearest(shown: Snapshot, prediction: Prediction) -> None:
    """The training images most similar to the drawing, with their labels."""
    similarity = detector_of(shown).similarity
    found = similarity.nearest(prediction.prepared.column, NEAREST)
    names = [found.class_names[label] for label in found.labels]
    st.markdown("**Most similar training images**")
    image_grid(
        found.X.T.reshape(-1, SIDE, SIDE),
        key="nearest",
        alt="The training images most similar to the drawing",
        tile=56,
        columns=4,
        labels=_labels(found),
        captions=names,
    )
    st.caption(
        f"Of {similarity.known.m:,}, by the position and direction of edges (HOG features)."
        + _form_of_first(found)
    )


def _form_of_first(found: Dataset) -> str:
    """A sentence on the digit form of the first of these images, or ""."""
    if found.forms is None or found.forms[0] == NO_FORM:
        return ""
    form = FORMS[found.forms[0]]
    return f" The most similar one is of the digit form **{form.title}** ({form.where})."


def _labels(found: Dataset) -> list[str]:
    """The label of each of these training images: the name of its digit form, if it has one."""
    forms = np.full(found.m, NO_FORM) if found.forms is None else found.forms
    return [
        f"A training image: {found.class_names[label] if form == NO_FORM else FORMS[form].title}"
        for label, form in zip(found.labels, forms, strict=True)
    ]


def _stages() -> Stages:
    return session.keep(_STAGES, Stages)


def _switch(name: str, changed: Callable[[], None]) -> None:
    wanted = session.get(f"set stage {name}")
    if wanted is not None:  # as it is if the page was left before its widget was drawn: no click
        session.put(_STAGES, replace(_stages(), **{name: wanted}))
    changed()


def _all_on(changed: Callable[[], None]) -> None:
    session.put(_STAGES, ALL)
    changed()


def stages(prepared: Prepared, *, changed: Callable[[], None]) -> None:
    """Every preprocessing stage, with a caption each, and switches to see its effect.

    changed  redraws what a switch changes; called at the end of its callback
    """
    height, width = prepared.cropped.shape
    pictures = [
        ("As drawn", prepared.ink, f"{prepared.ink.shape[1]}×{prepared.ink.shape[0]} pixels", ()),
        ("Cropped", prepared.cropped, f"crop to the ink, {width}×{height}", ("crop",)),
        ("Pen evened", prepared.evened, "pen width as in MNIST", ("pen_width",)),
        ("Scaled", prepared.scaled, "longer side to 20 pixels", ("keep_aspect", "margin")),
        (
            "Centered",
            prepared.centered,
            "center of mass in the middle of 28×28: the input X",
            ("centre_of_mass",),
        ),
    ]
    on = _stages()
    with st.container(horizontal=True, vertical_alignment="center", height=40, border=False):
        st.markdown("**Preprocessing**", width="content")
        if on != ALL:
            st.button("All stages on", key="stages reset", on_click=_all_on, args=(changed,),
                      type="tertiary")  # fmt: skip
    for column, (title, image, line, fields) in zip(
        st.columns(len(pictures)), pictures, strict=True
    ):
        with column:
            image_grid(
                _square(image)[None],
                key=f"stage {title}",
                alt=f"{title}: {line}",
                tile=STAGE,
                labels=[title],
            )
            off = [SWITCHES[field][0].lower() for field in fields if not getattr(on, field)]
            st.caption(f"**{title}** {line}" if not off else f"**Without** {', '.join(off)}")
            for field in fields:
                _show_switch(field, changed)


def _show_switch(field: str, changed: Callable[[], None]) -> None:
    label, without = SWITCHES[field]
    key = show_value(f"stage {field}", getattr(_stages(), field), in_live_part=True)
    st.toggle(label, key=key, help=without, on_change=_switch, args=(field, changed))


def _square(image: Array) -> Array:
    """The image in the middle of a black square, with as many pixels as are shown."""
    side = max(image.shape)
    square = np.zeros((side, side), dtype=np.float32)
    top, left = (side - image.shape[0]) // 2, (side - image.shape[1]) // 2
    square[top : top + image.shape[0], left : left + image.shape[1]] = image
    if side <= STAGE // 2:
        return square
    return np.asarray(Image.fromarray(square).resize((STAGE, STAGE), Image.Resampling.BOX))
