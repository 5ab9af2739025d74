"""Examples that training never sees, with the network's guess under each."""

import streamlit as st

from netcore.metrics import predicted_labels
from playground.output import class_probabilities
from playground.run import Snapshot
from playground.words import things, title_of
from ui.image_grid import image_grid

SHOWN = 14


def samples(shown: Snapshot) -> None:
    """A fixed row of held-out examples; the guesses are those of this very moment."""
    held_out = shown.data.held_out
    if held_out.image_shape is None:
        return
    few = held_out.first(SHOWN)
    A = class_probabilities(shown.network.predict(few.X))
    guesses = predicted_labels(A)
    right = guesses == few.labels
    names = few.class_names
    what = things(shown.config)
    how = "Untrained, it guesses" if shown.iteration == 0 else "Its guess under each"
    st.markdown(f"**{what.capitalize()} it never saw** · {how}: {right.sum()} of {few.m} right")
    st.caption(
        f"{few.m} of the {held_out.m:,} held out of {title_of(shown.config.dataset)}; it learns "
        f"from {shown.data.train.m:,} others."
    )
    image_grid(
        few.X.T.reshape(-1, *held_out.image_shape),
        key="samples",
        alt=f"Held-out {what} with the network's guess under each",
        tile=56,
        scale="sequential",
        limit=1.0,
        columns=7,
        labels=[
            f"{names[label]}, read as {names[guess]} with {100 * a:.0f} %"
            for label, guess, a in zip(few.labels, guesses, A.max(axis=0), strict=True)
        ],
        captions=[names[guess] for guess in guesses],
        marks=["right" if ok else "wrong" for ok in right],
    )
