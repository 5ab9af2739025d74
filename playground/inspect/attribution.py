"""Attribution: three ways to distribute a logit over the pixels, and a test of them.

All take one example x (n_x, 1) and one class, and return (n_x,).
"""

import numpy as np
from numpy.typing import NDArray

from netcore.activations import softmax
from netcore.array import Array
from netcore.network import Network
from playground.inspect.logits import class_logits, logit_gradient

IG_STEPS = 512
RANDOM_ORDERS = 10
DELETION_POINTS = 41


def gradient_times_input(network: Network, x: Array, label: int) -> Array:
    """The derivative of the logit with respect to each pixel, times that pixel.

    Source: Shrikumar, Greenside & Kundaje, "Learning important features through propagating
            activation differences" (2017)
    """
    _, dX = logit_gradient(network, x, label)
    return dX[:, 0] * x[:, 0]


def integrated_gradients(network: Network, x: Array, label: int, steps: int = IG_STEPS) -> Array:
    """The mean gradient on the path from black to x, times x. The attributions sum to the logit of
    x minus that of black (completeness).

    Source: Sundararajan, Taly & Yan, "Axiomatic attribution for deep networks" (2017)
    """
    middles = (np.arange(steps) + 0.5) / steps
    _, dX = logit_gradient(network, x * middles, label)
    attribution: Array = dX.mean(axis=1) * x[:, 0]
    return attribution


def occlusion(network: Network, x: Array, label: int, shape: tuple[int, int], size: int) -> Array:
    """How much the logit falls if a black square of this size hides part of the image: for each
    pixel, the mean over the squares that cover it.

    Source: Zeiler & Fergus, "Visualizing and understanding convolutional networks" (2014)
    """
    height, width = shape
    size = min(size, height, width)
    corners = [(r, c) for r in range(height - size + 1) for c in range(width - size + 1)]
    masks = np.zeros((len(corners), height, width), dtype=bool)
    for mask, (r, c) in zip(masks, corners, strict=True):
        mask[r : r + size, c : c + size] = True
    covers = masks.reshape(len(corners), -1).T  # (n_x, squares)
    lost = logits_of(label, network, x)[0] - logits_of(label, network, np.where(covers, 0, x))
    total: Array = covers @ lost
    return total / covers.sum(axis=1)


def logits_of(label: int, network: Network, X: Array) -> Array:
    """The logits (m,) of one class. With one output unit, class 0 has the negative logit of class
    1, so that both have opposite attributions.
    """
    Z = class_logits(network, X)
    if network.layer_dims[-1] == 1:
        return Z[1] if label == 1 else -Z[1]
    return Z[label]


def deletion_curve(
    network: Network, x: Array, label: int, order: NDArray[np.integer]
) -> tuple[Array, Array]:
    """Shares of the pixels made black, in this order, and the class's probability for each.

    Source: Petsiuk, Das & Saenko, "RISE" (2018)
    """
    counts = np.unique(np.linspace(0, len(order), DELETION_POINTS).astype(int))
    X = np.repeat(x, len(counts), axis=1)
    for column, count in enumerate(counts):
        X[order[:count], column] = 0
    return counts / max(len(order), 1), softmax(class_logits(network, X))[label]


def ink(x: Array) -> NDArray[np.intp]:
    """The pixels that can be deleted: those that are not black."""
    return np.flatnonzero(x[:, 0])


def by_attribution(x: Array, attribution: Array) -> NDArray[np.intp]:
    """The ink pixels, those with the largest attribution first."""
    inked = ink(x)
    return inked[np.argsort(-attribution[inked], kind="stable")]


def random_deletion(
    network: Network, x: Array, label: int, *, seed: int = 0
) -> tuple[Array, Array, Array]:
    """The deletion curve for random orders: shares, and mean and standard deviation of the
    probability.
    """
    rng = np.random.default_rng(seed)
    curves = [
        deletion_curve(network, x, label, rng.permutation(ink(x))) for _ in range(RANDOM_ORDERS)
    ]
    p = np.array([each for _, each in curves])
    return curves[0][0], p.mean(axis=0), p.std(axis=0)


def area(shares: Array, p: Array) -> float:
    """The area under a deletion curve: smaller is better."""
    return float(np.trapezoid(p, shares))
