"""An example's pathway through the hidden layers to the outputs: on Draw the drawing's."""

import numpy as np
import streamlit as st

from netcore.array import Array
from netcore.network import Network
from playground.formatting import formatted
from playground.pathway import pathway
from playground.run import Snapshot
from ui.hood.followed import follow
from ui.image_grid import image_grid
from ui.pathway import pathway_view
from ui.text import as_is

HEIGHT = 280
MAX_LISTED = 6  # contributions listed for a unit of a deeper layer
PICTURE = 140


def way_on(shown: Snapshot, network: Network, x: Array) -> None:
    """The network with the units' activations for x (n_x, 1). A selected unit shows its weights."""
    data = shown.data.train
    way = pathway(network, x)
    st.markdown("**Through the network** · each square is a unit; its brightness is its activation")
    picked = pathway_view(
        way,
        shown.config,
        key="way",
        height=HEIGHT,
        inputs="pixels",
        classes=data.class_names,
        image_shape=data.image_shape,
        clickable=True,
    )
    if picked is not None:
        follow(shown.token, *picked)
    if picked is None:
        st.caption(
            "Lines are the largest contributions w·a to the most active units; red adds, blue "
            "subtracts. Select a unit to see its weights."
        )
        return
    l, unit = picked
    W = network.layers[l - 1].W[unit]
    b = float(network.layers[l - 1].b[unit, 0])
    with np.errstate(over="ignore", invalid="ignore"):
        carried = W * way.A[l - 1]
    name = f"output {as_is(data.class_names[unit])}" if _is_class(shown, l) else f"unit {unit}"
    z = formatted(float(carried.sum()) + b, "+.3f")
    st.markdown(
        f"**Layer {l}, {name}** · w·a + b = {z}, b = {formatted(b, '+.3f')}, activation "
        f"a = {formatted(float(way.A[l][unit]), '.3f')}"
    )
    if l == 1 and data.image_shape is not None:
        _pictures(W, carried, data.image_shape)
    else:
        _listed(W, way.A[l - 1], carried)


def _is_class(shown: Snapshot, l: int) -> bool:
    layers = shown.config.layers
    return l == len(layers) - 1 and layers[-1] == shown.data.train.n_classes


def _pictures(W: Array, carried: Array, shape: tuple[int, int]) -> None:
    """The unit's weights as an image, and the contribution of each pixel."""
    limits = [max(float(np.abs(each).max()), 1e-9) for each in (W, carried)]
    captions = [f"w, ±{limits[0]:.2g}", f"w·a, ±{limits[1]:.2g}"]
    image_grid(
        np.stack([W / limits[0], carried / limits[1]]).reshape(-1, *shape),
        key="way unit",
        alt="The unit's weights, and the contribution of each pixel",
        tile=PICTURE,
        scale="diverging",
        labels=captions,
        captions=captions,
    )


def _listed(W: Array, a: Array, carried: Array) -> None:
    """The largest contributions of the units in the previous layer."""
    order = np.argsort(-np.nan_to_num(np.abs(carried)))[:MAX_LISTED]
    rows = [
        f"| unit {i} | {formatted(float(W[i]), '+.3f')} | {formatted(float(a[i]), '.3f')} | "
        f"{formatted(float(carried[i]), '+.3f')} |"
        for i in order
    ]
    rest = float(carried.sum() - carried[order].sum())
    rows.append(f"| {len(W) - len(order)} others | | | {formatted(rest, '+.3f')} |")
    st.markdown("\n".join(["| from | w | a | w·a |", "| --- | ---: | ---: | ---: |", *rows]))
