"""Where the weights start: functions (n_out, n_in, *, rng) -> W, in float64.

The biases start at zero whatever the weights do.
"""

from collections.abc import Callable
from math import sqrt

import numpy as np

from netcore.array import Array

Initializer = Callable[..., Array]


def he(n_out: int, n_in: int, *, rng: np.random.Generator) -> Array:
    """Normal with variance 2 / n_in: keeps the size of signals through layers of ReLU.

    Source: He, Zhang, Ren & Sun, "Delving deep into rectifiers" (2015), equation 10
    """
    return rng.standard_normal((n_out, n_in)) * sqrt(2 / n_in)


def glorot(n_out: int, n_in: int, *, rng: np.random.Generator) -> Array:
    """Uniform with variance 2 / (n_in + n_out): keeps signals and gradients through tanh.

    Source: Glorot & Bengio, "Understanding the difficulty of training deep feedforward neural
            networks" (2010), equation 16
    """
    limit = sqrt(6 / (n_in + n_out))
    return rng.uniform(-limit, limit, (n_out, n_in))


def uniform(n_out: int, n_in: int, *, rng: np.random.Generator) -> Array:
    """Uniform between −1/√n_in and 1/√n_in, the usual choice before Glorot.

    Source: Glorot & Bengio (2010), equation 1
    """
    limit = 1 / sqrt(n_in)
    return rng.uniform(-limit, limit, (n_out, n_in))


def small(n_out: int, n_in: int, *, rng: np.random.Generator) -> Array:
    """0.01 · N(0, 1), as in the second post: fine for a few layers, too small for many."""
    return rng.standard_normal((n_out, n_in)) * 0.01


def zeros(n_out: int, n_in: int, *, rng: np.random.Generator) -> Array:
    """All zero: every neuron of a layer stays the same as its neighbour, for ever."""
    return np.zeros((n_out, n_in))


INITIALIZERS: dict[str, Initializer] = {
    initializer.__name__: initializer for initializer in (he, glorot, uniform, small, zeros)
}
