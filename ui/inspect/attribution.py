"""View 6: how much each pixel contributes to a prediction, and a test of these attributions."""

import numpy as np
import streamlit as st

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
                           max(1, min(shape) // 7), key="square", width=220)  # fmt: skip
        st.markdown(f"**{example.name}**, {as_is(names[label])}: {100 * example.a[label]:.1f} %")
    network, x = float64_of(shown.network), example.x.astype(float)
    found = [
        gradient_times_input(network, x, label),
        occlusion(network, x, label, shape, square),
        integrated_gradients(network, x, label),
    ]
    left, right = st.columns([1, 1], gap="medium")
    with left:
        _pictures(x, found, shape)
        how_to_read(
            f"Red pixels are evidence for {as_is(names[label])}, blue ones against it. Each image "
            "has its own scale. The better the attribution, the faster its curve falls.",
            "This is the reason for the prediction. (It shows how one logit depends on the pixels "
            "near this image. An attribution that looks sensible may be no better than chance.)",
        )
    with right:
        if not len(ink(x)):
            st.caption("This image is empty: there are no pixels to delete.")
            return
        curves = []
        for method, each in zip(METHODS, found, strict=True):
            shares, p = deletion_curve(network, x, label, by_attribution(x, each))
            curves.append((f"{method} ({area(shares, p):.2f})", shares, p))
        chance = random_deletion(network, x, label)
        live_plot(
            deletion_figure(curves, chance),
            key="deletion",
            height=330,
            alt="The probability while the most important pixels are deleted, or random ones",
        )
        st.caption(
            "The area under each curve is in brackets: smaller is better. Deleting in random order "
            f"gives {area(*chance[:2]):.2f}, the mean of {RANDOM_ORDERS} orders."
        )


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
