"""View 7a: activation maximization, an image for each class; and the nearest real example."""

import numpy as np
import streamlit as st

from data.dataset import Dataset
from netcore.activations import softmax
from netcore.array import Array
from playground.descriptions import example_noun
from playground.inspect.kept import kept
from playground.inspect.logits import class_logits
from playground.inspect.maximization import STEPS, maximizing_inputs, nearest
from playground.inspect.selection import Selection
from playground.run import Snapshot
from ui.image_grid import image_grid
from ui.inspect.chosen import Example
from ui.inspect.reading import how_to_read
from ui.inspect.strip import caption, room

TILE, REAL = 84, 24  # pixels of an image, and of the word "real" before the name of a class
NEAREST_OF = 10_000  # training examples


def maximization(shown: Snapshot, chosen: Selection) -> None:
    """Two rows of images, with a column for each class."""
    train = shown.data.train.first(NEAREST_OF)
    shape, names = train.image_shape, train.class_names
    assert shape is not None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        regularized = st.toggle(
            "Regularized", True, key="maximization regularized",
            help="Each step also fades all pixels a little, and some steps blur the image. Without "
            "that, every pixel that raises the logit stays.",
        )  # fmt: skip
    X, numbers = found(shown, regularized=regularized)
    labels = np.arange(len(names))
    A = softmax(class_logits(shown.network, X))
    real = softmax(class_logits(shown.network, train.X[:, numbers]))
    image_grid(
        X.T.reshape(-1, *shape),
        key="maximizing inputs",
        alt="An image that maximizes each class's logit",
        tile=TILE,
        columns=len(names),
        labels=[f"maximizes the logit of {name}" for name in names],
        room=room(names) + REAL,
        captions=[caption(names[i], A[i, i], names) for i in labels],
    )
    image_grid(
        train.X[:, numbers].T.reshape(-1, *shape),
        key="nearest examples",
        alt="The nearest training examples",
        tile=TILE,
        columns=len(names),
        labels=[
            f"training example {number:,}, true {names[train.labels[number]]}" for number in numbers
        ],
        room=room(names) + REAL,
        captions=[caption(f"real {names[i]}", real[i, i], names) for i in labels],
    )
    st.caption(
        f"The first {len(names)} images are from {STEPS} steps of gradient ascent on the logit of "
        "the class, starting from faint noise. Below each is the probability of the class. The "
        f"others are the nearest training {example_noun(shown.config)} of that class."
    )
    how_to_read(
        "The network is confident about images that nobody would draw.",
        '"The network knows nothing about strokes." These images only maximize one logit, and '
        "nothing like them was among its training examples.",
    )


def maximization_ahead(shown: Snapshot, dataset: Dataset, example: Example) -> None:
    """Compute what the view shows at first."""
    found(shown)


def found(shown: Snapshot, *, regularized: bool = True) -> tuple[Array, list[int]]:
    """X (n_x, n_classes), which maximizes each class's logit, and the numbers of the nearest
    training examples.
    """
    train = shown.data.train.first(NEAREST_OF)
    shape, labels = train.image_shape, np.arange(train.n_classes)
    assert shape is not None

    def find() -> tuple[Array, list[int]]:
        X = maximizing_inputs(shown.network, shape, regularized=regularized)
        return X, nearest(X, train, labels)

    return kept(shown.network, ("maximizing inputs", shown.data.train, regularized), find)
