"""For a network with one output unit: precision and recall at another threshold, and the ROC
curve.
"""

import math

import numpy as np
import streamlit as st

from netcore.metrics import confusion_matrix, precision, predicted_labels, recall, roc_curve
from playground.figures import roc_figure
from playground.output import is_binary
from playground.run import Snapshot
from ui.live_plot import live_plot
from ui.text import as_is

OPEN, THRESHOLD = "two classes", "threshold"


def two_classes(shown: Snapshot) -> None:
    """Class balance, precision, recall and ROC on the validation set. Nothing for more than two
    classes.
    """
    if not is_binary(shown.config):
        return
    st.caption(_balance(shown))
    if not st.toggle("Threshold, precision, recall, ROC", key=OPEN):
        return
    validation = shown.data.validation
    with np.errstate(over="ignore", invalid="ignore"):  # a diverged network
        A = shown.network.predict(validation.X)
    if not np.isfinite(A).all():
        st.caption("The run diverged: its outputs are not numbers.")
        return
    wanted = as_is(validation.class_names[1])
    left, right = st.columns(2, gap="medium")
    with left:
        threshold = st.slider(
            f"Predict {wanted} from a probability of", 0.0, 1.0, 0.5, 0.01, key=THRESHOLD
        )
        matrix = confusion_matrix(predicted_labels(A, threshold), validation.labels, 2)
        found, there = matrix[:, 1].sum(), matrix[1].sum()
        with st.container(horizontal=True):
            st.metric("Accuracy", _percent(np.trace(matrix) / matrix.sum()))
            st.metric("Precision", _percent(precision(matrix)))
            st.metric("Recall", _percent(recall(matrix)))
        st.caption(
            f"Precision: {matrix[1, 1]:,} of {found:,} examples predicted as {wanted} are correct. "
            f"Recall: {matrix[1, 1]:,} of {there:,} examples of {wanted} are predicted as such. "
            "(Validation set)"
        )
    with right:
        if 0 < there < validation.m:
            roc = roc_curve(A, validation.labels)
            others = validation.m - there
            live_plot(
                roc_figure(roc, at=(matrix[0, 1] / others, matrix[1, 1] / there)),
                key="roc",
                height=280,
                alt=f"ROC curve, area {roc.area:.3f}",
            )


def _balance(shown: Snapshot) -> str:
    counts = np.bincount(shown.data.train.labels, minlength=2)
    names = [as_is(name) for name in shown.data.train.class_names]
    counted = f"Training examples: {counts[1]:,} are {names[1]}, {counts[0]:,} are {names[0]}."
    if shown.config.class_weights == "balanced":
        return f"{counted} Class weights give both the same influence."
    always = 100 * counts.max() / counts.sum()
    if always < 55:
        return counted
    larger = names[int(counts.argmax())]
    return f"{counted} Always answering {larger} would give {always:.0f} % accuracy."


def _percent(share: float) -> str:
    return "–" if math.isnan(share) else f"{100 * share:.1f} %"
