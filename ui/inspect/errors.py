"""View 2: the most confident mistakes, and the labels that the network finds least probable."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from data.dataset import Dataset
from playground.inspect.labels import label_issues
from playground.inspect.outcome import Outcome, outcome
from playground.inspect.selection import Selection
from playground.optional_packages import missing
from playground.run import Snapshot
from ui.image_grid import image_grid
from ui.inspect.beside import beside
from ui.inspect.chosen import examples, trace_example
from ui.inspect.marked import marked_in, marked_widget, toggle
from ui.inspect.reading import how_to_read
from ui.inspect.strip import caption, room

SHOWN, TILE, ARROW = 20, 84, 14  # examples; pixels of an image, and of the arrow in a caption
CONFIDENT, SUSPECT = "Most confident mistakes", "Least probable labels"
CLEANLAB = "Labels that cleanlab doubts"


def errors(shown: Snapshot, chosen: Selection) -> None:
    """Of the selection, the wrong predictions of the highest confidence; or the examples whose
    label has the lowest probability, or that cleanlab doubts: wrong labels are among them.
    """
    dataset = examples(shown, chosen.part)
    found = outcome(shown.network, dataset)
    members = chosen.members(shown.network, dataset)
    wrong = members[found.wrong[members]]
    can_mark = chosen.part == "training" and shown.fine_tuning is None
    with st.container(horizontal=True, vertical_alignment="center"):
        order = st.segmented_control(
            "Order",
            [CONFIDENT, SUSPECT, CLEANLAB],
            default=CONFIDENT,
            key="errors order",
            required=True,
            label_visibility="collapsed",
        )
        st.markdown(f"**{len(wrong):,}** of the {len(members):,} selected are predicted wrongly",
                    width="content")  # fmt: skip
        marking = can_mark and st.toggle("Mark", key="marking", help="A click on an image marks it "
                                         "instead of tracing it.")  # fmt: skip
    if order == CONFIDENT:
        listed = wrong[np.argsort(-found.confidence[wrong], kind="stable")]
    elif order == SUSPECT:
        listed = members  # the label least probable first, as they are
    else:
        listed = _doubted(shown, dataset, found, members)
    at = [int(number) for number in listed[:SHOWN]]
    if at:
        marked = set(marked_in(shown, dataset)) if marking else set()
        _grid(dataset, found, at, marked, marking=bool(marking))
    if can_mark:
        marked_widget(shown, dataset, found, at)
    else:
        st.caption("To leave examples out of training, or to relabel them, choose Training above.")
    if dataset.true_labels is not None and shown.config.label_noise:
        shuffled = dataset.labels != dataset.true_labels
        st.markdown(
            f"The setting label noise shuffled {shuffled.sum():,} labels of this part. Of the "
            f"{len(at)} examples here, **{shuffled[at].sum()}** have a shuffled label."
        )
    how_to_read(
        "If a label has almost no probability, either the network or the label is wrong. Which is "
        "it, in your opinion?",
        '"The label is wrong because the network is confident." It is confident about many '
        "mistakes, and it may have memorized the wrong labels of training examples.",
    )


def _doubted(
    shown: Snapshot, dataset: Dataset, found: Outcome, members: NDArray[np.intp]
) -> NDArray[np.intp]:
    """The selected examples whose label cleanlab doubts; none, and a sentence, if that is not
    known.
    """
    if lacking := missing("cleanlab", "This"):
        st.info(lacking)
        return members[:0]
    if shown.busy:  # cleanlab takes much longer than everything else in this view
        st.caption("When training pauses, the labels that cleanlab doubts are here.")
        return members[:0]
    doubted = beside(
        shown,
        ("label issues", dataset),
        lambda: label_issues(found),
        what="the labels that cleanlab doubts",
    )
    if doubted is None:
        return members[:0]
    here = doubted[np.isin(doubted, members)]
    st.caption(
        f"cleanlab doubts {len(doubted):,} labels of this part, {len(here):,} of them selected: "
        "the network contradicts them more strongly than is usual for their class. Its score is "
        "the probability of the label."
    )
    return here


def mistake(found: Outcome, i: int, names: tuple[str, ...]) -> str:
    """The label and the prediction, below each other if their names are long."""
    apart = " " if 2 * room(names) + ARROW <= TILE else "\n"
    return f"{names[found.labels[i]]} →{apart}{names[found.predicted[i]]}"


def _grid(
    dataset: Dataset, found: Outcome, at: list[int], marked: set[int], *, marking: bool
) -> None:
    names = dataset.class_names
    click = "mark" if marking else "trace"
    image_grid(
        dataset.take(at).images,
        key="errors",
        alt=f"Examples with their label and prediction; a click {click}s an example",
        tile=TILE,
        labels=[
            f"number {i:,}: labeled {names[found.labels[i]]} ({100 * found.of_label[i]:.2g} %), "
            f"predicted {names[found.predicted[i]]} ({100 * found.confidence[i]:.1f} %). "
            f"{'Marked. Click to unmark it.' if i in marked else f'Click to {click} it.'}"
            for i in at
        ],
        room=room(names) + ARROW,
        captions=[
            "marked"
            if i in marked
            else caption(mistake(found, i, names), found.confidence[i], names)
            for i in at
        ],
        marks=["wrong" if found.wrong[i] else "right" for i in at],
        on_pick=lambda tile: toggle(at[tile]) if marking else trace_example(at[tile]),
    )
