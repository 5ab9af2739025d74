"""View 6: how much each pixel contributes to a prediction, and a test of these attributions."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from data.dataset import Dataset
from netcore.array import Array
from netcore.network import Network
from playground.inspect.attribution import (
    RANDOM_ORDERS,
    area,
    by_attribution,
    deletion_curve,
    gradient_times_input,
    ink,
    integrated_gradients,
    occlusion,
    random_deletion,
)
from playground.inspect.figures import deletion_figure
from playground.inspect.kept import kept
from playground.inspect.logits import in_float64
from playground.run import Snapshot
from ui import session
from ui.inspect.chosen import Example
from ui.inspect.pictures import Picture, pictures
from ui.inspect.reading import how_to_read
from ui.live_plot import live_plot
from ui.text import as_is

TILE = 140
METHODS = ("gradient × input", "occlusion", "integrated gradients")


def attribution(shown: Snapshot, example: Example) -> None:
    """The attribution of the predicted class, or of another one that is chosen."""
    names, shape = shown.data.train.class_names, shown.data.train.image_shape
    assert shape is not None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = class_widget("Evidence for", "attribution class", example, names)
        square = st.slider("Occluding square (pixels)", 1, max(2, min(shape) // 2),
                           default_square(shape), key="square", width=220)  # fmt: skip
        st.markdown(
            f"**{example.name}** · probability of {as_is(names[label])}: "
            f"{100 * example.a[label]:.1f} %"
        )
    found = attributed(shown, example, label, square)
    left, right = st.columns([1, 1], gap="medium")
    with left:
        _pictures(example.x, found.attributions, shape)
        how_to_read(
            f"Red pixels are evidence for {as_is(names[label])}, blue ones against it. Each image "
            "has its own scale. The better the attribution, the faster its curve falls.",
            '"This is the reason for the prediction." It shows how one logit depends on the pixels '
            "near this image. An attribution that looks sensible may be no better than chance.",
        )
    with right:
        if not len(ink(example.x)):
            st.caption("This image is empty: there are no pixels to delete.")
            return
        curves = [(name, *curve) for name, curve in zip(METHODS, found.deletion, strict=True)]
        live_plot(
            deletion_figure(curves, found.chance),
            key="deletion",
            height=350,
            alt="The probability while the most important pixels are deleted, or random ones",
        )
        areas = ", ".join(f"{name} {area(shares, p):.2f}" for name, shares, p in curves)
        st.caption(
            f"The area under each curve, smaller is better: {areas}. Deleting in random order "
            f"gives {area(*found.chance[:2]):.2f}, the mean of {RANDOM_ORDERS} orders."
        )


@dataclass(frozen=True, eq=False)
class Attributed:
    """What the methods say of one example, in the order of METHODS: the attribution of each pixel,
    and the deletion curve; and the curve of random orders, with its standard deviation.
    """

    attributions: list[Array]
    deletion: list[tuple[Array, Array]]
    chance: tuple[Array, Array, Array]


def attributed(shown: Snapshot, example: Example, label: int, square: int) -> Attributed:
    """Computed once, in float64."""
    network, x = float64_of(shown.network), example.x.astype(float)
    shape = shown.data.train.image_shape
    assert shape is not None

    def find() -> Attributed:
        attributions = [
            gradient_times_input(network, x, label),
            occlusion(network, x, label, shape, square),
            integrated_gradients(network, x, label),
        ]
        curves = [
            deletion_curve(network, x, label, by_attribution(x, each)) for each in attributions
        ]
        return Attributed(attributions, curves, random_deletion(network, x, label))

    return kept(shown.network, ("attribution", example.key, label, square), find)


def default_square(shape: tuple[int, int]) -> int:
    return max(1, round(min(shape) / 7))


def attribution_ahead(shown: Snapshot, dataset: Dataset, example: Example) -> None:
    """Compute what the view shows at first."""
    shape = shown.data.train.image_shape
    assert shape is not None
    attributed(shown, example, example.predicted, default_square(shape))


def float64_of(network: Network) -> Network:
    """The network in float64: for one example, precision costs little."""
    return kept(network, "float64", lambda: in_float64(network))


def class_widget(label: str, key: str, example: Example, names: tuple[str, ...]) -> int:
    """A choice of class. It starts at the predicted class, anew for each example."""
    remembered = f"{key} {example.number} {example.predicted}"
    value = session.get(remembered, example.predicted)
    session.show(key, value if value < len(names) else example.predicted)
    st.selectbox(
        label,
        range(len(names)),
        key=key,
        format_func=lambda each: names[each],
        on_change=lambda: session.put(remembered, session.get(key)),
        width=150,
    )
    chosen: int = session.get(key)
    return chosen


def _pictures(x: Array, found: list[Array], shape: tuple[int, int]) -> None:
    shown = [Picture(x.reshape(shape), "the input")]
    for method, each in zip(METHODS, found, strict=True):
        limit = float(np.abs(each).max()) or 1.0
        name = f"{method}, ±{limit:.2g}"
        shown.append(Picture(each.reshape(shape), method, "diverging", limit, name))
    pictures(shown, key="attribution", tile=TILE)
