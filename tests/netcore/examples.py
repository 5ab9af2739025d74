"""Small networks and examples that the tests of netcore share."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import DTypeLike

from netcore.array import Array
from netcore.network import Network, n_parameters


def examples(
    n_x: int = 3, n_y: int = 3, m: int = 8, *, seed: int = 0, dtype: DTypeLike = np.float64
) -> tuple[Array, Array]:
    """X (n_x, m) of normal numbers and Y (n_y, m) of one-hot columns, in Fortran order."""
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((m, n_x)).astype(dtype).T
    Y = np.eye(n_y, dtype=dtype)[rng.integers(n_y, size=m)].T
    return X, Y


def network(
    layer_dims: Sequence[int],
    activations: Sequence[str],
    *,
    seed: int = 0,
    dtype: DTypeLike = np.float64,
) -> Network:
    """Weights and biases all of normal size, so that a term that is left out shows."""
    theta = 0.7 * np.random.default_rng(seed).standard_normal(n_parameters(layer_dims))
    return Network(layer_dims, activations, theta.astype(dtype))
