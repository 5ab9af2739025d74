"""What a network makes of the plane: its answer as colors, and every neuron's own map.

Pictures have their rows from the top of the plane (x2 = 6) to its bottom, columns from left to
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

SURFACE, MAP = 120, 30  # sides of the answer's and of a neuron's picture
MAX_SHOWN = 8  # neurons of a layer; a wider one is told by a number
CLEAR = 0.45  # of white in the colors of several classes, so that points stand out on them
SCALE = DIVERGING[1:-1]  # of maps and answer: without the darkest ends, which the points have
LIMIT = 1.0  # the value at the scale's end, for every map and the answer: zero is white

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Maps:
    """surface (SURFACE, SURFACE, 3): colors. maps: for the input and every layer (n, MAP, MAP),
    at most MAX_SHOWN neurons of each, what each gives for a point, 0 in the middle: probabilities
    are shown as 2A − 1."""

    surface: Bytes
    maps: tuple[Array, ...]


def maps_of(network: Network, inputs: Sequence[str], *, crisp: bool = False) -> Maps:
    """Run a grid of points through the network; discretize shows the class, not its probability."""
    numbers = network.activations[-1] == "identity"  # a regression's, not probabilities
    with np.errstate(over="ignore", invalid="ignore"):  # a network that diverged shows as such
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
    """X (n_x, side²): the middles of side × side squares."""
    middles = HALF * ((2 * np.arange(side) + 1) / side - 1)
    x1, x2 = np.meshgrid(middles, -middles)
    return inputs_of(np.stack([x1.ravel(), x2.ravel()]), inputs)


def surface_colors(A: Array, *, crisp: bool = False) -> Bytes:
    """The color of each column of a prediction A (n, m): (m, 3).

    One unit: blue for class 0 (or −1), white where it is undecided, red for class 1 (or 1).
    Several: their colors mixed by their probabilities. Gray is for what is not a number.
    """
    if crisp:
        A = (A > 0.5).astype(A.dtype) if len(A) == 1 else _winner(A)
    if len(A) == 1:
        stops = _rgb(SCALE)
        place = np.linspace(0, 1, len(stops))
        mixed = np.stack([np.interp(A[0], place, stops[:, i]) for i in range(3)], axis=1)
    else:
        mixed = (1 - CLEAR) * (A.T @ _rgb(CLASSES[: len(A)])) + CLEAR * 255
    finite = np.isfinite(mixed)  # all three or none
    return np.rint(np.where(finite, mixed, 128)).astype(np.uint8)


def _winner(A: Array) -> Array:
    return np.eye(len(A), dtype=A.dtype)[A.argmax(axis=0)].T


def _rgb(colors: Sequence[str]) -> Array:
    """(n, 3), 0 … 255, of "#RRGGBB"."""
    return np.array([[int(color[i : i + 2], 16) for i in (1, 3, 5)] for color in colors], float)
