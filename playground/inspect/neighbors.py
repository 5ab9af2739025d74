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

MOST = 10_000  # training examples to look among


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
        M, a = train.first(MOST).X, x
    else:
        M, a = layers_of(network, train, most=MOST).A[-1], network.forward(x)[-2].A
    distances = np.linalg.norm(M - a, axis=0)
    return Neighbors(np.argsort(distances, kind="stable")[:k], M.shape[1])
