"""The training examples nearest to an example, by the activations of the last hidden layer."""

import numpy as np
from numpy.typing import NDArray

from netcore.array import Array
from netcore.network import Network


def last_hidden(network: Network, X: Array) -> Array:
    """The activations (n, m) of the last hidden layer for X (n_x, m); without hidden layers, X."""
    return network.forward(X)[-2].A if len(network.layers) > 1 else X


def closest(M: Array, x: Array, k: int) -> NDArray[np.intp]:
    """The k columns of M (n, m) closest to x (n, 1) by Euclidean distance, the closest first."""
    return np.argsort(np.linalg.norm(M - x, axis=0), kind="stable")[:k]
