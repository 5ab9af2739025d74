"""View 2: the most confident mistakes, and the labels that the network finds least probable."""

import numpy as np
import streamlit as st

from data.dataset import Dataset
from playground.inspect.outcome import Outcome, outcome
from playground.inspect.selection import Selection
from playground.run import Snapshot
from ui.image_grid import image_grid
from ui.inspect.chosen import examples, trace_example
from ui.inspect.reading import how_to_read

SHOWN, TILE = 20, 84
CONFIDENT, SUSPECT = "Most confident mistakes", "Least probable labels"


def errors(shown: Snapshot, chosen: Selection) -> None:
    """Of the selection, the wrong predictions of the highest confidence; or the examples whose
    label has the lowest probability: wrong labels are among them.
    """
    dataset = examples(shown, chosen.part)
    found = outcome(shown.network, dataset)
    members = chosen.members(shown.network, dataset)
    wrong = members[found.wrong[members]]
    with st.container(horizontal=True, vertical_alignment="center"):
        order = st.segmented_control(
            "Order",
            [CONFIDENT, SUSPECT],
            default=CONFIDENT,
            key="errors order",
            required=True,
            label_visibility="collapsed",
        )
        st.markdown(f"**{len(wrong):,}** of the {len(members):,} selected are predicted wrongly",
                    width="content")  # fmt: skip
    if order == CONFIDENT:
        listed = wrong[np.argsort(-found.confidence[wrong], kind="stable")][:SHOWN]
    else:
        listed = members[:SHOWN]  # already sorted: the least probable label first
    at = [int(number) for number in listed]
    if at:
        _grid(dataset, found, at)
    if dataset.true_labels is not None and shown.config.label_noise:
        shuffled = dataset.labels != dataset.true_labels
        st.markdown(
            f"The setting label noise shuffled {shuffled.sum():,} labels of this part. Of the "
            f"{len(at)} examples here, **{shuffled[listed].sum()}** have a shuffled label."
        )
    how_to_read(
        "If a label has almost no probability, either the network or the label is wrong. Which is "
        "it, in your opinion?",
        "The label is wrong because the network is confident. (It is confident about many "
        "mistakes, and it may have memorized the wrong labels of training examples.)",
    )


def _grid(dataset: Dataset, found: Outcome, at: list[int]) -> None:
    names = dataset.class_names
    image_grid(
        dataset.take(at).images,
        key="errors",
        alt="Examples with their label and prediction; a click traces an example",
        tile=TILE,
        scale="sequential",
        limit=1.0,
        labels=[
            f"number {i:,}: labeled {names[found.labels[i]]} ({100 * found.of_label[i]:.2g} %), "
            f"predicted {names[found.predicted[i]]} ({100 * found.confidence[i]:.1f} %). "
            "Click to trace it."
            for i in at
        ],
        captions=[
            f"{names[found.labels[i]]} → {names[found.predicted[i]]} "
            f"{100 * found.confidence[i]:.0f} %"
            for i in at
        ],
        marks=["wrong" if found.wrong[i] else "right" for i in at],
        on_pick=lambda tile: trace_example(at[tile]),
    )
