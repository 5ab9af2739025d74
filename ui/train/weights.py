"""The first layer's weights as images, live, and one neuron in large with its gradient."""

import numpy as np
import streamlit as st

from netcore.array import Array
from playground.formatting import formatted
from playground.layer_statistics import norm
from playground.run import Snapshot
from playground.trainer import first_layer_images
from ui.hood.followed import follow
from ui.image_grid import color_limit, image_grid
from ui.pager import pages

PER_PAGE = 28
LARGE = 140  # pixels: five times 28


def weights(shown: Snapshot) -> None:
    """A page of neurons on one color scale, zero in the middle."""
    shape = shown.data.train.image_shape
    if shape is None:
        return
    images = first_layer_images(shown.network, shown.network.theta, shape)
    biases = shown.network.layers[0].b[:, 0]
    limit = limit_of(images)
    n = len(images)
    heading = st.container(
        horizontal=True, wrap=False, vertical_alignment="center", height=48, border=False
    )
    place = heading.empty()
    with heading:
        numbers, which = pages(n, PER_PAGE, key="weights page")
    first = numbers.start
    which = "1 neuron" if n == 1 else f"{which} neurons"
    colors = f":blue[−{limit:.2g}] … :red[+{limit:.2g}]"
    place.markdown(f"**First layer's weights** · {which} · {colors}")
    if n == 1:
        _neuron(shown, images, 0, limit)
        return
    picked = image_grid(
        images[first : numbers.stop],
        key=f"weights {first // PER_PAGE + 1}",
        alt="Weights of the first layer, one image for each neuron",
        tile=max(56, min(LARGE, 7 * 56 // n)),
        scale="diverging",
        limit=limit,
        columns=7,
        labels=[f"neuron {i}, bias {formatted(biases[i], '+.3f')}" for i in numbers],
        clickable=True,
    )
    if picked is None:
        st.caption("Pick a neuron to see it large, with its gradient and its change.")
    else:
        _neuron(shown, images, first + picked, limit)


def _neuron(shown: Snapshot, images: Array, i: int, limit: float) -> None:
    """W, dW and the change since the start, each with its own color scale. The link to Under the
    hood then leads to this neuron.
    """
    follow(shown.token, 1, i)
    shape = images.shape[1:]
    changes = images - first_layer_images(shown.network, shown.start_theta, shape)
    parts = [("W", images, limit)]
    if shown.gradient is not None:
        gradients = first_layer_images(shown.network, shown.gradient, shape)
        parts.append(("dW", gradients, limit_of(gradients)))
    parts.append(("change", changes, limit_of(changes)))
    captions = [f"{name}, ±{size:.2g}" for name, _, size in parts]
    b = float(shown.network.layers[0].b[i, 0])
    st.markdown(
        f"**Neuron {i}** · bias b = {formatted(b, '+.4f')} · "
        f"change of W: {formatted(norm(changes[i]), '.3f')}"
    )
    image_grid(
        np.stack([all_of_it[i] / size for _, all_of_it, size in parts]),
        key="neuron",
        alt=f"Neuron {i}: weights, gradient of the last step, change since the start",
        tile=LARGE,
        scale="diverging",
        labels=captions,
        captions=captions,
    )


def limit_of(images: Array) -> float:
    """Their color limit, from every seventh pixel: sorting all pixels would take longer than
    everything else.
    """
    return color_limit(images.reshape(-1)[::7])
