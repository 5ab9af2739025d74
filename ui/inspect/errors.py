"""View 2: the mistakes it is most certain of; and whether the network is wrong or the label."""

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
    """Of the selection, the examples predicted wrongly with the highest probability; or those
    whose label has the lowest, among which wrong labels are."""
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
        listed = members[:SHOWN]  # the label least probable first, as they are
    at = [int(number) for number in listed]
    if at:
        _grid(dataset, found, at)
    if dataset.true_labels is not None and shown.config.label_noise:
        shuffled = dataset.labels != dataset.true_labels
        st.markdown(
            f"The settings shuffled {shuffled.sum():,} labels of this part; of the {len(at)} shown "
            f"here, **{shuffled[listed].sum()}** have a shuffled one."
        )
    how_to_read(
        "would you have said otherwise? Where a label has almost no probability, either the "
        "network is wrong, or the label is.",
        "that the label is wrong because the network is certain: it is certain of many mistakes. "
        "Of training examples it may have memorized wrong labels, which then look right.",
    )


def _grid(dataset: Dataset, found: Outcome, at: list[int]) -> None:
    names = dataset.class_names
    image_grid(
        dataset.take(at).images,
        key="errors",
        alt="Examples with their label and what is predicted; a click traces one",
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
