"""t-SNE, exact: a map on which neighbors attract each other, and all pairs repel each other.

Source: van der Maaten & Hinton, "Visualizing data using t-SNE" (2008)
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from netcore.array import Array

PERPLEXITY = 30.0
STAGES, STAGE = 3, 250  # iterations of each stage
EXAGGERATION = 12.0  # of all attractions in the first stage, so that groups form
MOMENTUM = (0.5, 0.8)  # in the first stage, and in the others
RATE, MIN_GAIN = 50.0, 0.01
BLOCK = 256  # rows at a time: the distances of a block stay in the processor's cache
HALVINGS = 64  # of the interval in which a bandwidth is searched


def tsne(rows: Array, positions: Array) -> Iterator[Array]:
    """The positions (m, 2) of examples (m, n) after each stage of gradient descent from first
    positions (m, 2).
    """
    P = joint_probabilities(rows, PERPLEXITY)
    Y = np.array(positions, dtype=np.float32)
    m = len(Y)
    rate = max(m / EXAGGERATION / 4, min(RATE, m / 10))  # Belkina et al. (2019); less for very few
    velocity: Array = np.zeros_like(Y)
    gains: Array = np.ones_like(Y)
    for stage in range(STAGES):
        exaggeration, momentum = (EXAGGERATION if stage == 0 else 1.0), MOMENTUM[stage > 0]
        for _ in range(STAGE):
            dY = gradient(P, Y, exaggeration)
            # A coordinate that keeps its direction takes longer steps: Jacobs (1988)
            gains = np.where(velocity * dY < 0, gains + 0.2, np.maximum(0.8 * gains, MIN_GAIN))
            velocity = momentum * velocity - rate * gains * dY
            Y += velocity
        yield Y.copy()


def joint_probabilities(rows: Array, perplexity: float) -> Array:
    """P (m, m), which sums to 1: how much two examples are neighbors. Each has about `perplexity`
    neighbors, in the sense of the entropy; beyond three times as many, P is 0.
    """
    m = len(rows)
    perplexity = min(perplexity, (m - 1) / 3)
    near, distances = nearest(rows, min(m - 1, round(3 * perplexity)))
    conditional = neighbor_probabilities(distances, perplexity)
    P = np.zeros((m, m), dtype=np.float32)
    np.put_along_axis(P, near, conditional.astype(np.float32), axis=1)
    P = P + P.T
    return P / P.sum()


def nearest(rows: Array, k: int) -> tuple[NDArray[np.intp], Array]:
    """For each example its k nearest others (m, k), and the squared distances to them."""
    centered = rows - rows.mean(axis=0)
    squares = np.sum(centered**2, axis=1)
    distances = squares[:, None] + squares - 2 * centered @ centered.T
    np.fill_diagonal(distances, np.inf)
    near = np.argpartition(distances, k - 1, axis=1)[:, :k]
    found = np.take_along_axis(distances, near, axis=1)
    return near, np.maximum(found.astype(float), 0)


def neighbor_probabilities(distances: Array, perplexity: float) -> Array:
    """For each row of squared distances, probabilities exp(-β d) / sum, with the β at which their
    entropy is that of `perplexity` equally probable neighbors. It is found by bisection.
    """
    d = distances - distances.min(axis=1, keepdims=True)
    d /= max(float(d.mean()), 1e-12)
    beta = np.ones((len(d), 1))
    low, high = np.zeros_like(beta), np.full_like(beta, np.inf)
    for _ in range(HALVINGS):
        p = np.exp(-beta * d)
        sums = p.sum(axis=1, keepdims=True)
        entropy = np.log(sums) + beta * (d * p).sum(axis=1, keepdims=True) / sums
        flat = entropy > np.log(perplexity)
        low, high = np.where(flat, beta, low), np.where(flat, high, beta)
        beta = np.where(np.isinf(high), 2 * beta, (low + high) / 2)
    return p / sums


def gradient(P: Array, Y: Array, exaggeration: float = 1.0) -> Array:
    """(m, 2): the gradient of the Kullback-Leibler divergence from P to the similarities of the
    positions Y (m, 2), those of a Student distribution with one degree of freedom.
    """
    m = len(Y)
    squares, ones = np.sum(Y**2, axis=1, keepdims=True), np.ones((m, 1), Y.dtype)
    # 1 + |yᵢ|² + |yⱼ|² - 2 yᵢ·yⱼ in one product; and in another the sums over j of Q and of Q yⱼ
    left, right = np.hstack([-2 * Y, squares + 1, ones]), np.hstack([Y, ones, squares]).T
    with_ones = np.hstack([Y, ones])
    attraction, repulsion, total = np.empty_like(with_ones), np.empty_like(with_ones), 0.0
    for start in range(0, m, BLOCK):
        at = slice(start, start + BLOCK)
        Q = left[at] @ right
        np.maximum(Q, 1, out=Q)  # rounding can make small distances negative
        np.reciprocal(Q, out=Q)
        total += float(Q.sum())
        attraction[at] = (P[at] * Q) @ with_ones
        Q *= Q
        repulsion[at] = Q @ with_ones
    # Each example's similarity to itself, 1, is in the total. It pulls nowhere.
    both = exaggeration * attraction - repulsion / Y.dtype.type(max(total - m, 1e-12))
    return 4 * (both[:, 2:] * Y - both[:, :2])
