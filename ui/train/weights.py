"""The first layer's weights as images, live; one picked is shown large with its gradient."""

import numpy as np
import streamlit as st

from netcore.array import Array
from playground.formatting import formatted
from playground.layer_statistics import norm
from playground.run import Snapshot
from playground.trainer import first_layer_images
from ui.image_grid import image_grid

PER_PAGE = 28


def weights(shown: Snapshot) -> None:
    """A page of neurons on one color scale, zero in the middle."""
    shape = shown.data.train.image_shape
    if shape is None:
        return
    images = first_layer_images(shown.network, shown.network.theta, shape)
    biases = shown.network.layers[0].b[:, 0]
    limit = scale_of(images)
    n = len(images)
    neurons = "1 neuron" if n == 1 else f"{n} neurons"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**First layer's weights** · {neurons}, −{limit:.2g} :blue[blue] … "
            f"+{limit:.2g} :red[red]"
        )
        page = 1
        if n > PER_PAGE:
            pages = -(-n // PER_PAGE)
            page = st.pagination(pages, key="weights page", max_visible_pages=5)
    first = (page - 1) * PER_PAGE
    numbers = range(first, min(first + PER_PAGE, n))
    picked = image_grid(
        images[first : first + PER_PAGE],
        key=f"weights {page}",
        alt="Weights of the first layer, one image for each neuron",
        tile=56,
        scale="diverging",
        limit=limit,
        columns=7,
        labels=[f"neuron {i}, bias {formatted(biases[i], '+.3f')}" for i in numbers],
        clickable=True,
        selected=0 if n == 1 else None,
    )
    if picked is None:
        st.caption("Pick a neuron to see it large, with its gradient and how it has changed.")
    else:
        _neuron(shown, images, first + picked, limit)


def _neuron(shown: Snapshot, images: Array, i: int, limit: float) -> None:
    """W, dW and the change since the start, each on a scale of its own that is said."""
    shape = images.shape[1:]
    start = first_layer_images(shown.network, shown.start_theta, shape)[i]
    change = images[i] - start
    pictures, captions = [images[i] / limit], [f"W, ±{limit:.2g}"]
    if shown.gradient is not None:
        gradient = first_layer_images(shown.network, shown.gradient, shape)
        size = scale_of(gradient)
        pictures.append(gradient[i] / size)
        captions.append(f"dW, ±{size:.2g}")
    pictures.append(change / limit)
    captions.append(f"change, ±{limit:.2g}")
    b = float(shown.network.layers[0].b[i, 0])
    st.markdown(
        f"**Neuron {i}** · bias b = {formatted(b, '+.4f')} · "
        f"change of W: {formatted(norm(change), '.3f')}"
    )
    image_grid(
        np.stack(pictures),
        key="neuron",
        alt=f"Neuron {i}: weights, gradient of the last step, change since the start",
        tile=140,
        scale="diverging",
        limit=1.0,
        labels=captions,
        captions=captions,
    )


def scale_of(images: Array) -> float:
    """The value at the color's end: nearly the largest, so that one odd pixel dims no other.

    Every seventh pixel tells it as well, and sorting them all would take longer than the rest.
    """
    sizes = np.abs(images.reshape(-1)[::7])
    sizes = sizes[np.isfinite(sizes)]
    limit = float(np.quantile(sizes, 0.999)) if sizes.size else 0.0
    return limit if limit > 0 else 1.0
