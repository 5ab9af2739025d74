"""The training examples that a network sees as most like an example: the closest activations of its
last hidden layer.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.dataset import Dataset
from netcore.array import Array
from netcore.network import Network
from playground.inspect.layers import layers_of

MAX_EXAMPLES = 10_000  # training examples to look among


@dataclass(frozen=True, eq=False)
class Neighbors:
    """numbers: of the closest training examples, the closest first, among the first `m`."""

    numbers: NDArray[np.intp]
    m: int


def neighbors(network: Network, train: Dataset, x: Array, k: int) -> Neighbors:
    """The k training examples closest to x (n_x, 1) by Euclidean distance between activations of
    the last hidden layer; without hidden layers, between pixels.
    """
    if len(network.layers) == 1:
        M, a = train.first(MAX_EXAMPLES).X, x
    else:
        M, a = layers_of(network, train, most=MAX_EXAMPLES).A[-1], network.forward(x)[-2].A
    return Neighbors(closest(M, a, k), M.shape[1])


def closest(M: Array, x: Array, k: int) -> NDArray[np.intp]:
    """The k columns of M (n, m) closest to x (n, 1), the closest first."""
    return np.argsort(np.linalg.norm(M - x, axis=0), kind="stable")[:k]
