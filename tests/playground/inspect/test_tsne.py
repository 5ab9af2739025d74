"""t-SNE's parts against scikit-learn's, and its gradient against finite differences."""

import numpy as np
from scipy.spatial.distance import pdist, squareform
from sklearn.manifold import _t_sne

from netcore.array import Array
from playground.inspect.tsne import BLOCK, gradient, joint_probabilities


def rows_of(m: int) -> Array:
    return np.random.default_rng(0).standard_normal((m, 12)).astype(np.float32)


def test_neighbors_are_those_of_scikit_learn() -> None:
    rows = rows_of(
        31
    )  # three times perplexity 10 are all others: as in scikit-learn's exact method
    distances = squareform(pdist(rows, "sqeuclidean")).astype(np.float32)
    theirs = squareform(_t_sne._joint_probabilities(distances, 10.0, 0))
    np.testing.assert_allclose(joint_probabilities(rows, 10.0), theirs, atol=2e-5 * theirs.max())


def test_the_gradient_is_that_of_the_divergence() -> None:
    m = BLOCK + 20  # two blocks
    P = joint_probabilities(rows_of(m), 15.0).astype(float)
    Y = np.random.default_rng(1).standard_normal((m, 2))

    def divergence(Y: Array) -> float:
        Q = squareform(1 / (1 + pdist(Y, "sqeuclidean")))
        Q /= Q.sum()
        there = P > 0
        return float(np.sum(P[there] * np.log(P[there] / Q[there])))

    dY = gradient(P, Y)
    for i, axis in ((0, 0), (7, 1), (m - 1, 0)):
        step = np.zeros_like(Y)
        step[i, axis] = 1e-5
        slope = (divergence(Y + step) - divergence(Y - step)) / 2e-5
        np.testing.assert_allclose(dY[i, axis], slope, rtol=1e-5)
