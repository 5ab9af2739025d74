"""View 7a: an image of each class that the network makes up, beside the nearest real one."""

import numpy as np
import streamlit as st

from playground.descriptions import example_noun
from playground.inspect.ascent import ideas as made_up
from playground.inspect.ascent import nearest
from playground.inspect.kept import kept
from playground.inspect.logits import class_logits, softmax
from playground.inspect.selection import Selection
from playground.run import Snapshot
from ui.image_grid import image_grid
from ui.inspect.reading import how_to_read

TILE = 84
NEAREST_OF = 10_000  # training examples


def ideas(shown: Snapshot, chosen: Selection) -> None:
    """For every class; what is selected is marked."""
    train = shown.data.train.first(NEAREST_OF)
    shape, names = train.image_shape, train.class_names
    assert shape is not None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        regularized = st.toggle(
            "Regularized", True, key="ideas regularized",
            help="Each step fades all pixels a little, and some blur: without it, whatever raises "
            "the logit stays.",
        )  # fmt: skip
    X = kept(
        shown.network,
        ("ideas", shape, regularized),
        lambda: made_up(shown.network, shape, regularized=regularized),
    )
    labels = np.arange(len(names))
    numbers = kept(
        shown.network, ("nearest", shown.data.train, regularized), lambda: nearest(X, train, labels)
    )
    A = softmax(class_logits(shown.network, X))
    real = softmax(class_logits(shown.network, train.X[:, numbers]))
    image_grid(
        np.concatenate([X.T, train.X[:, numbers].T]).reshape(-1, *shape),
        key="ideas",
        alt="Above what the network makes up for each class, below the nearest real examples",
        tile=TILE,
        scale="sequential",
        limit=1.0,
        columns=len(names),
        labels=[f"made up for {name}" for name in names]
        + [
            f"training example {number:,}, true {names[train.labels[number]]}" for number in numbers
        ],
        captions=[f"{names[i]}: {100 * A[i, i]:.0f} %" for i in labels]
        + [f"{100 * real[i, i]:.0f} %" for i in labels],
    )
    st.caption(
        "Above: made up, from faint noise, by 120 steps uphill on the class's logit, with the "
        f"probability that the network gives it. Below: the training {example_noun(shown.config)} "
        "of that class that are most like it."
    )
    how_to_read(
        "how little it takes to be certain: what the network finds most typical of a class is no "
        "digit that anybody would write.",
        "that the network has no idea of strokes: this is the one image that raises one number "
        "most, and no such image was ever among its data.",
    )
