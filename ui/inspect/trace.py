"""View 3: one example through the layers, down to the sums that decide the prediction."""

import numpy as np
import streamlit as st

from data.dataset import Dataset
from netcore.array import Array
from playground.descriptions import example_noun
from playground.formatting import formatted, times
from playground.inspect.kept import kept
from playground.inspect.logit_difference import LogitDifference, logit_difference, probability_ratio
from playground.inspect.neighbors import closest, last_hidden
from playground.inspect.selection import Selection
from playground.output import is_binary
from playground.run import Snapshot
from playground.step_trace import Chosen
from ui import session
from ui.draw.pathway import way_on
from ui.hood.step import EXAMPLE
from ui.image_grid import image_grid
from ui.inspect.beside import beside
from ui.inspect.chosen import Example, select, trace_example
from ui.inspect.reading import how_to_read
from ui.inspect.strip import most_probable, room
from ui.text import as_is

LISTED, PICTURES, TILE = 8, 6, 84
NEAREST, SMALL = 12, 56
NEAREST_OF = 10_000  # training examples


def trace(shown: Snapshot, example: Example) -> None:
    """Input, layers, and the sum behind the logits of the predicted class and the runner-up."""
    names = shown.data.train.class_names
    _head(shown, example)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        way_on(shown, shown.network, example.x)
        if len(shown.network.layers) > 1:
            _strongest_units(shown, example)
    with right:
        _sums(shown, logit_difference(shown.network, example.x), names)
        _training_neighbors(shown, example)
        how_to_read(
            "Some units contribute most to the difference between the two classes. Some training "
            "examples have almost the same activations as this one.",
            '"A unit stands for what its weights look like." Many units contribute a little each. '
            '"These training examples caused the prediction." All training examples did.',
        )


def _head(shown: Snapshot, example: Example) -> None:
    names, shape = shown.data.train.class_names, shown.data.train.image_shape
    assert shape is not None
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(width=TILE + 12):
            image_grid(
                example.x[:, 0].reshape(1, *shape),
                key="traced",
                alt=f"{example.name}, predicted {names[example.predicted]}",
                tile=TILE,
                labels=[example.name],
            )
        with st.container(width="stretch", gap="xsmall"):
            probable = most_probable(example.a, names).replace(" %", "\N{NO-BREAK SPACE}%")
            st.markdown(f"**{example.name}** · predicted {as_is(probable)}")
            with st.container(horizontal=True):
                session.put(EXAMPLE, _batch_of(shown, example))
                st.page_link("pages/hood.py", label="Under the hood, with this example",
                             query_params={"batch": "inspect"})  # fmt: skip


def _batch_of(shown: Snapshot, example: Example) -> Chosen:
    """The example as a batch for Under the hood. The label of a drawing is the predicted class."""
    train = shown.data.train
    label = example.predicted if example.label is None else example.label
    kept: Chosen | None = session.get(EXAMPLE)
    if kept is not None and kept.data.labels[0] == label and np.array_equal(kept.data.X, example.x):
        return kept  # the same object, so that the step on it is not computed again
    return Chosen(
        example.name,
        Dataset(
            train.name,
            np.asfortranarray(example.x, dtype=np.float32),
            np.array([label]),
            train.class_names,
            train.image_shape,
        ),
    )


def _sums(shown: Snapshot, both: LogitDifference, names: tuple[str, ...]) -> None:
    """A table of the units that contribute most to the difference of the two logits; the others
    are one row.
    """
    win, run = as_is(names[both.predicted]), as_is(names[both.runner_up])
    difference = float(both.z[0] - both.z[1])
    st.markdown(
        f"**Logit of {win} minus logit of {run}** · {formatted(float(both.z[0]), '.2f')} − "
        f"{_subtracted(float(both.z[1]))} = {formatted(difference, '.2f')}, so {win} is "
        f"{times(probability_ratio(both))} times as probable"
    )
    if is_binary(shown.config):
        st.caption(f"One unit: it has the z of {as_is(names[1])}, and {as_is(names[0])} has 0.")
    source = "unit" if len(shown.network.layers) > 1 else "pixel"
    top = both.order[:LISTED]
    rows = [
        f"| {source}\N{NO-BREAK SPACE}{k} | {formatted(float(both.a[k]), '.2f')} | "
        f"{formatted(float(both.w[0, k]), '+.2f')} | {formatted(float(both.w[1, k]), '+.2f')} | "
        f"**{formatted(float(both.parts[k]), '+.2f')}** |"
        for k in top
    ]
    rest = float(both.parts.sum() - both.parts[top].sum())
    rows.append(f"| {len(both.a) - len(top)} others | | | | {formatted(rest, '+.2f')} |")
    b = both.b
    rows.append(
        f"| bias | | {formatted(float(b[0]), '+.2f')} | {formatted(float(b[1]), '+.2f')} | "
        f"{formatted(float(b[0] - b[1]), '+.2f')} |"
    )
    rows.append(f"| sum | | | | **{formatted(difference, '+.2f')}** |")
    head = [
        f"| from | a | w to {win} | w to {run} | contribution |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    st.markdown("\n".join([*head, *rows]))


def _subtracted(z: float) -> str:
    """The number as it is written after a minus.

    >>> _subtracted(1.5), _subtracted(-1.5)
    ('1.50', '(-1.50)')
    """
    text = formatted(z, ".2f")
    return f"({text})" if text.startswith("-") else text


def _training_neighbors(shown: Snapshot, example: Example) -> None:
    """The training examples nearest to it in the last hidden layer. To find them, all training
    examples go through the network, which would slow training down.
    """
    train = shown.data.train
    if shown.busy:
        st.caption("The nearest training examples appear when training pauses.")
        return
    few = train.first(NEAREST_OF)
    M = beside(
        shown,
        ("last hidden layer", train),
        lambda: of_training(shown),
        what="the nearest training examples",
    )
    if M is None:
        return
    at = [int(number) for number in closest(M, last_hidden(shown.network, example.x), NEAREST)]
    labels, names = train.labels[at], train.class_names
    where = "last hidden layer" if len(shown.network.layers) > 1 else "pixels"
    st.markdown(
        f"**Nearest training {example_noun(shown.config)}** · by distance in the {where}, among "
        f"{few.m:,}: {int(np.sum(labels == example.predicted))} of {len(at)} are labeled "
        f"{as_is(names[example.predicted])}"
    )
    image_grid(
        train.take(at).images,
        key="neighbors",
        alt="The nearest training examples; a click traces one",
        tile=SMALL,
        columns=NEAREST // 2,
        room=room(names),
        labels=[f"training example {number:,}, labeled {names[train.labels[number]]}. Click to "
                "trace it." for number in at],
        captions=[names[label] for label in labels],
        on_pick=lambda tile: _trace_training(at[tile]),
    )  # fmt: skip


def trace_ahead(shown: Snapshot, dataset: Dataset, example: Example) -> None:
    """Compute what the view shows at first."""
    of_training(shown)


def of_training(shown: Snapshot) -> Array:
    """The activations of the last hidden layer for the first training examples."""
    network, train = shown.network, shown.data.train
    return kept(
        network, ("of training", train), lambda: last_hidden(network, train.first(NEAREST_OF).X)
    )


def _trace_training(number: int) -> None:
    select(Selection("training"))
    trace_example(number)


def _strongest_units(shown: Snapshot, example: Example) -> None:
    """The most active units of the first layer: weights, and the contribution of each pixel."""
    shape = shown.data.train.image_shape
    assert shape is not None
    a = shown.network.forward(example.x)[0].A[:, 0]
    top = np.argsort(-np.abs(a), kind="stable")[:PICTURES]
    W = shown.network.layers[0].W[top]
    products = W * example.x[:, 0]
    st.markdown("**The most active units of the first layer** · above: w, below: w·x")
    image_grid(
        np.concatenate([scaled(W), scaled(products)]).reshape(-1, *shape),
        key="strongest units",
        alt="Weights of the most active units, and the contribution of each pixel",
        tile=TILE,
        scale="diverging",
        columns=len(top),
        labels=[f"unit {k}: w" for k in top] + [f"unit {k}: w·x" for k in top],
        captions=[f"unit {k}: {formatted(float(a[k]), '.2f')}" for k in top]
        + [f"unit {k}: w·x" for k in top],
    )


def scaled(rows: Array) -> Array:
    """Each row divided by its largest absolute value."""
    result: Array = rows / np.maximum(np.abs(rows).max(axis=1, keepdims=True), 1e-12)
    return result
