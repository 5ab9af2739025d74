"""What a network predicts all over the plane: its output as colors, and a map for every neuron.

Images have their rows from the top of the plane (x2 = 6) to the bottom, and columns from left to
right.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from data.points import HALF, inputs_of
from netcore.array import Array
from netcore.network import Network
from playground.colors import CLASSES, DIVERGING

SURFACE, MAP = 120, 30  # pixels on each side of the output's image and of a neuron's map
MAX_SHOWN = 8  # neurons of a layer with a map; the page gives the number of the others
CLEAR = 0.45  # share of white mixed into the colors of classes, so that points stand out
SCALE = DIVERGING[1:-1]  # colors of maps and output: without the darkest two, which points have
LIMIT = 1.0  # the value of the darkest color, in maps and output; zero is white

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Maps:
    """surface (SURFACE, SURFACE, 3): the colors of the output. maps: (n, MAP, MAP) for the input
    and for every layer, at most MAX_SHOWN neurons of each: the activation at each point, with 0 in
    the middle of the scale, so probabilities are shown as 2A − 1.
    """

    surface: Bytes
    maps: tuple[Array, ...]


def maps_of(network: Network, inputs: Sequence[str], *, crisp: bool = False) -> Maps:
    """Run a grid of points through the network. If crisp, the output shows the predicted class
    instead of its probability.
    """
    numbers = network.activations[-1] == "identity"  # regression: A is not a probability
    with np.errstate(over="ignore", invalid="ignore"):  # a diverged network has gray areas
        A = network.predict(_grid(tuple(inputs), SURFACE))
        X = _grid(tuple(inputs), MAP)
        caches = network.forward(X)
        last = caches[-1].A
        layers = [X, *(cache.A for cache in caches[:-1]), last if numbers else 2 * last - 1]
        if numbers:
            A = (A + LIMIT) / (2 * LIMIT)
    pictures = tuple(layer[:MAX_SHOWN].reshape(-1, MAP, MAP) for layer in layers)
    return Maps(surface_colors(A, crisp=crisp).reshape(SURFACE, SURFACE, 3), pictures)


@lru_cache(maxsize=32)
def _grid(inputs: tuple[str, ...], side: int) -> Array:
    """X (n_x, side²): the inputs at the centers of side × side squares."""
    middles = HALF * ((2 * np.arange(side) + 1) / side - 1)
    x1, x2 = np.meshgrid(middles, -middles)
    return inputs_of(np.stack([x1.ravel(), x2.ravel()]), inputs)


def surface_colors(A: Array, *, crisp: bool = False) -> Bytes:
    """The color (m, 3) of each column of the prediction A (n, m).

    For one output unit: blue for class 0 (or −1), white for undecided, red for class 1 (or 1). For
    several: the colors of the classes mixed by probability. Gray stands for NaN.
    """
    if crisp:
        A = (A > 0.5).astype(A.dtype) if len(A) == 1 else _winner(A)
    if len(A) == 1:
        stops = _rgb(SCALE)
        place = np.linspace(0, 1, len(stops))
        mixed = np.stack([np.interp(A[0], place, stops[:, i]) for i in range(3)], axis=1)
    else:
        mixed = (1 - CLEAR) * (A.T @ _rgb(CLASSES[: len(A)])) + CLEAR * 255
    finite = np.isfinite(mixed)  # in each row, all three or none
    return np.rint(np.where(finite, mixed, 128)).astype(np.uint8)


def _winner(A: Array) -> Array:
    return np.eye(len(A), dtype=A.dtype)[A.argmax(axis=0)].T


def _rgb(colors: Sequence[str]) -> Array:
    """RGB values (n, 3), from 0 to 255, of "#RRGGBB" strings."""
    return np.array([[int(color[i : i + 2], 16) for i in (1, 3, 5)] for color in colors], float)
