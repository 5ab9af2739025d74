"""Validation examples, with the network's prediction under each."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from data.dataset import Dataset
from netcore.metrics import predicted_labels
from playground.dataset_summary import some_of_each_class
from playground.descriptions import example_noun, learned_from, title_of
from playground.output import class_probabilities
from playground.run import Snapshot
from playground.weak_cache import WeakCache
from ui.image_grid import image_grid
from ui.text import as_is

SHOWN = 14  # two rows, or one for every class
_CHOSEN: WeakCache[Dataset, NDArray[np.integer]] = WeakCache("key")


def samples(shown: Snapshot) -> None:
    """A fixed row of validation examples with the current predictions."""
    validation = shown.data.validation
    if validation.image_shape is None:
        return
    chosen = _CHOSEN.get(validation, lambda: some_of_each_class(validation, SHOWN))
    few = validation.take(chosen)
    names, what = few.class_names, example_noun(shown.config)
    with np.errstate(over="ignore", invalid="ignore"):
        A = class_probabilities(shown.network.predict(few.X))
    is_number: NDArray[np.bool] = np.all(np.isfinite(A), axis=0)
    predicted = predicted_labels(A)
    right = (predicted == few.labels) & is_number
    if not is_number.all():
        how = "no predictions: the run diverged"
    elif shown.iteration == 0:
        start = "untrained" if shown.fine_tuning is None else "before fine-tuning"
        how = f"{start}: {right.sum()} of {few.m} correct"
    else:
        how = f"{right.sum()} of {few.m} correct"
    with st.container(key="samples-title"):  # as high with fewer words
        st.markdown(f"**Validation {what} (never trained on)** · {how}")
    st.caption(
        f"{few.m} of the {validation.m:,} validation {what} of "
        f"{as_is(title_of(shown.config.dataset))}. The network is trained on {learned_from(shown)}."
    )
    picked = image_grid(
        few.images,
        key="samples",
        alt=f"Validation {what} with the prediction under each",
        tile=56,
        columns=7,
        labels=[
            f"{names[label]}, predicted {names[guess]} with {100 * a:.0f} %"
            if sound
            else f"{names[label]}, no prediction: the run diverged"
            for label, guess, a, sound in zip(
                few.labels, predicted, A.max(axis=0), is_number, strict=True
            )
        ],
        captions=[
            names[guess] if sound else "–"
            for guess, sound in zip(predicted, is_number, strict=True)
        ],
        marks=["right" if ok else "wrong" for ok in right],
        clickable=True,
    )
    if picked is None:
        label, query = "Inspect its mistakes, or select an image to trace", {"view": "confusion"}
    else:
        label = f"Trace this {names[few.labels[picked]]}: why {names[predicted[picked]]}?"
        query = {"view": "trace", "select": "validation", "example": str(chosen[picked])}
    st.page_link("pages/inspect.py", label=as_is(label), query_params=query)
