"""The digit forms as images, with their names and the regions where people write them."""

import numpy as np
import streamlit as st

from data.digit_forms import FORMS
from data.form_images import N_IMAGES, load_form_images
from data.mnist_5k import DIGITS
from playground.config import RunConfig
from playground.settings import FORM_SETS
from ui.image_grid import image_grid

SHOWN = 6  # images shown of each form
FIRST = "1"  # the digit with the largest differences


def digit_forms(config: RunConfig) -> None:
    """The forms of one digit, as a strip of images each. Nothing for data sets that cannot have
    them.
    """
    if config.dataset not in FORM_SETS:
        return
    st.markdown(
        f"**Digit forms** · {len(FORMS)} ways to write a digit, {N_IMAGES} images of each: "
        f"{len(FORMS) * N_IMAGES:,}. "
        + (
            "This run is also trained on them."
            if config.has_forms
            else "This run is trained on MNIST only; the setting Digit forms, above, adds them."
        ),
        help="MNIST is American handwriting. These forms were defined as strokes, and then drawn "
        "with random variation. Validation is on MNIST alone.",
    )
    digit = st.segmented_control(
        "Digit", DIGITS, key="digit of forms", default=FIRST, required=True
    )
    chosen = [i for i, form in enumerate(FORMS) if form.digit == int(digit)]
    strips = [_strip(form) for form in chosen]
    names = [f"{FORMS[i].name} · {FORMS[i].where}" for i in chosen]
    image_grid(
        np.stack(strips),
        key="digit forms",
        alt=f"Forms of the digit {digit}: {', '.join(FORMS[i].name for i in chosen)}",
        tile=56 * SHOWN,
        labels=names,
        captions=names,
    )


def _strip(form: int) -> np.ndarray:
    """Some images of a form, side by side (28, 28 · SHOWN)."""
    images = load_form_images()
    some = images.take(np.flatnonzero(images.forms == form)[:SHOWN])
    return np.hstack(list(some.images))
