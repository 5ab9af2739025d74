"""The networks of the chosen runs side by side: weights, confusion matrices, one drawing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape

import numpy as np
import streamlit as st

from data.dataset import DataError
from data.preprocessing import SIDE, prepare
from playground.comparison import Compared
from playground.config import ConfigError
from playground.inspect.confusion import largest_errors, matrix_of
from playground.inspect.outcome import outcome
from playground.library.schema import LibraryError
from playground.output import is_regression
from playground.predictions import predict
from playground.run_data import load_data
from ui.draw.answer import probability_bar
from ui.draw.canvas import canvas
from ui.image_grid import image_grid
from ui.loading import spinner_over
from ui.side_by_side import first_weights, side_by_side
from ui.text import as_is

BARS = 3  # classes shown: the most probable ones


def weights(runs: Sequence[Compared]) -> None:
    first_weights(runs, key="compared weights")


def confusions(runs: Sequence[Compared]) -> None:
    """The confusion matrix of each run on its validation set, without the diagonal."""
    st.caption(
        "Validation set. Rows are true labels, columns are predictions; correct predictions are "
        "left out. White is the most frequent error of each run."
    )
    for run in side_by_side(runs):
        with _showing_refusals():
            config = run.entry.config
            if is_regression(config):
                st.caption("This is a regression: it has no confusion matrix.")
                continue
            with spinner_over(config):
                validation = load_data(config).validation
            found = outcome(run.network, validation)
            matrix = matrix_of(found)
            errors = matrix - np.diag(np.diag(matrix))
            image_grid(
                errors[None],
                key=f"compared confusion {run.letter}",
                alt=f"Confusion matrix of run {run.letter}, without the diagonal",
                tile=220,
                limit=max(1, int(errors.max())),
                labels=[f"run {run.letter}"],
                columns=1,
            )
            names = validation.class_names
            most = ", ".join(
                f"{names[true]} as {names[predicted]} ({matrix[true, predicted]})"
                for true, predicted in largest_errors(matrix, 3)
            )
            st.caption(
                as_is(f"{found.accuracy:.2%} correct. {f'Most often {most}.' if most else ''}")
            )


def one_drawing(runs: Sequence[Compared]) -> None:
    """The predictions of all networks for the same drawing."""
    readers = [run for run in runs if run.image_shape == (SIDE, SIDE)]
    if not readers:
        st.caption("None of these networks can classify drawings.")
        return
    st.fragment(lambda: _drawing(readers), key="compared drawing")()


def _drawing(readers: Sequence[Compared]) -> None:
    left, right = st.columns([1, 3], gap="large")
    with left:
        picture = canvas(key="compared canvas", parts=("compared drawing",))
    with right:
        prepared = None if picture is None else prepare(picture)
        if prepared is None:
            st.caption("Draw a digit on the black square: all networks classify it.")
            return
        for run in side_by_side(readers):
            probabilities = predict(run.network, prepared).a
            if not np.isfinite(probabilities).all():
                st.caption("This run diverged.")
                continue
            order = np.argsort(-probabilities, kind="stable")[:BARS]
            name = escape(run.class_names[order[0]])
            bars = "".join(
                probability_bar(
                    run.class_names[n],
                    probabilities[n],
                    f"{100 * probabilities[n]:.1f} %",
                    is_most=n == order[0],
                )
                for n in order
            )
            st.html(
                f'<div class="answer answer-compared">{name}</div><div class="bars">{bars}</div>'
            )


@contextmanager
def _showing_refusals() -> Iterator[None]:
    """A context that shows why a run cannot be shown, so that the others still are."""
    try:
        yield
    except (ConfigError, DataError, LibraryError, ValueError) as error:
        st.caption(as_is(str(error)))
