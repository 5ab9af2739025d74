"""View 6: what the answer hangs on, pixel by pixel, and whether that is true."""

import numpy as np
import streamlit as st

from netcore.array import Array
from netcore.network import Network
from playground.inspect.attribution import (
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
    """Of the predicted class, or of another that is chosen."""
    names, shape = shown.data.train.class_names, shown.data.train.image_shape
    assert shape is not None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = class_widget("What speaks for", "attribution class", example, names)
        square = st.slider("Occlusion's square (pixels)", 1, max(2, min(shape) // 2),
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
            f"red pixels speak for {as_is(names[label])}, blue ones against it; each picture on "
            "a scale of its own. The better a map, the steeper its curve falls.",
            "that this is why. It says how one number reacts to pixels, near this image; a map "
            "that looks sensible may fall no faster than chance.",
        )
    with right:
        if not len(ink(x)):
            st.caption("An empty image has no ink to delete.")
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
            alt="The probability as the most important pixels are deleted, beside random ones",
        )
        st.caption(
            f"In brackets the area under each curve, smaller is better; of random ink "
            f"{area(*chance[:2]):.2f}, the mean of ten orders."
        )


def float64_of(network: Network) -> Network:
    """What is worked out of a single example is cheap enough to be precise."""
    return kept(network, "float64", lambda: in_float64(network))


def class_widget(label: str, key: str, example: Example, names: tuple[str, ...]) -> int:
    """The predicted class of each example that is looked at, until another is chosen for it."""
    of = f"{key} {example.number} {example.predicted}"
    value = session.get(of, example.predicted)
    session.put(key, value if value < len(names) else example.predicted)
    st.selectbox(
        label,
        range(len(names)),
        key=key,
        format_func=lambda each: names[each],
        on_change=lambda: session.put(of, session.get(key)),
        width=150,
    )
    chosen: int = session.get(key)
    return chosen


def _pictures(x: Array, found: list[Array], shape: tuple[int, int]) -> None:
    shown = [Picture(x.reshape(shape), "the input")]
    for method, each in zip(METHODS, found, strict=True):
        limit = float(np.abs(each).max()) or 1.0
        caption = f"{method}, ±{limit:.2g}"
        shown.append(Picture(each.reshape(shape), caption, "diverging", limit))
    pictures(shown, key="attribution", tile=TILE)
