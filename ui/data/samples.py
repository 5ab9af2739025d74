"""Examples of the data set by class, with the labels that the network is trained with."""

import numpy as np
import streamlit as st

from playground.dataset_summary import first_of_each_class
from playground.descriptions import example_noun
from playground.run import Snapshot
from ui.image_grid import Mark, image_grid
from ui.pager import pages

TRAINING, VALIDATION = "To train on", "Validation"
EVERY = "all"
OF_EACH, OF_ONE = 10, 60  # examples shown at once, of every class or of one
MAX_ROWS = 10  # more classes than this scroll
HEIGHT = 760  # pixels of the scrolling area


def samples_by_class(shown: Snapshot) -> None:
    """One row of examples for each class, or many examples of one class."""
    data = shown.data
    names = data.train.class_names
    with st.container(horizontal=True, vertical_alignment="bottom"):
        part = st.segmented_control(
            "Part", [TRAINING, VALIDATION], key="part", default=TRAINING, required=True
        )
        label = st.selectbox(
            "Class",
            [EVERY, *range(len(names))],
            key="class",
            format_func=lambda each: "all of them" if each == EVERY else names[each],
            width=180,
        )
        dataset = data.validation if part == VALIDATION else data.train
        counts = np.bincount(dataset.labels, minlength=len(names))
        n = OF_EACH if label == EVERY else OF_ONE
        most = int(counts.max() if label == EVERY else counts[label])
        place = st.empty()
        on_page, which = pages(most, n, key=f"samples page {label}")
        each = " of each" if label == EVERY else ""
        place.markdown(f"{which}{each}", width="content")
    chosen = first_of_each_class(dataset, n, on_page.start)
    if label != EVERY:
        chosen = chosen[dataset.labels[chosen] == label]
    few = dataset.take(chosen)
    labels = [names[each] for each in few.labels]
    true = labels if part == VALIDATION else _true_names(shown, chosen)
    wrong = [one != other for one, other in zip(labels, true, strict=True)]
    marks: list[Mark] = ["wrong" if each else "" for each in wrong]
    image_grid(
        few.images,
        key="examples by class",
        alt=f"{example_noun(shown.config).capitalize()}, {part}, by class",
        tile=44,
        columns=OF_EACH,
        labels=[
            f"number {number:,}, label {name}" + f", true label {really}" * (name != really)
            for number, name, really in zip(chosen, labels, true, strict=True)
        ],
        captions=labels,
        marks=marks,
        height=HEIGHT if label == EVERY and len(names) > MAX_ROWS else None,
    )
    if shown.config.label_noise and part == TRAINING:
        st.caption("✗ marks a shuffled label: the network is trained with a wrong one.")


def _true_names(shown: Snapshot, chosen: np.ndarray) -> list[str]:
    """The names of these examples' labels before they were shuffled."""
    train = shown.data.train
    labels = train.labels if train.true_labels is None else train.true_labels
    return [train.class_names[label] for label in labels[chosen]]
