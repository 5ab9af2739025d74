"""Weight initialization: functions (n_out, n_in, *, rng) -> W, in float64.

Everything that the app knows about an initializer is in its entry of INITIALIZERS. Biases always
start at zero.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

import numpy as np

from netcore.array import Array


@dataclass(frozen=True)
class Initializer:
    """A named function that draws W, with what pages and exports need to know about it.

    title    its name on the pages
    formula  the distribution of every entry of W, in LaTeX
    pytorch  the PyTorch call that initializes {W} in the same way
    keras    the argument `kernel_initializer` of a Keras layer that does
    """

    name: str
    title: str
    formula: str
    draw: Callable[..., Array]
    pytorch: str
    keras: str

    def __call__(self, n_out: int, n_in: int, *, rng: np.random.Generator) -> Array:
        return self.draw(n_out, n_in, rng=rng)


def he(n_out: int, n_in: int, *, rng: np.random.Generator) -> Array:
    """Normal with variance 2 / n_in: keeps the variance of A about constant through ReLU layers.

    Source: He, Zhang, Ren & Sun, "Delving deep into rectifiers" (2015), equation 10
    """
    return rng.standard_normal((n_out, n_in)) * sqrt(2 / n_in)


def glorot(n_out: int, n_in: int, *, rng: np.random.Generator) -> Array:
    """Uniform with variance 2 / (n_in + n_out): keeps the variance of activations and gradients
    about constant through tanh layers.

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
    """0.01 · N(0, 1), as in the second post. Signals vanish in a deep network."""
    return rng.standard_normal((n_out, n_in)) * 0.01


def zeros(n_out: int, n_in: int, *, rng: np.random.Generator) -> Array:
    """All zero. All neurons of a layer get the same gradient, so they always stay the same."""
    return np.zeros((n_out, n_in))


INITIALIZERS = {
    initializer.name: initializer
    for initializer in (
        Initializer(
            "he",
            "He",
            r"N\left(0, \tfrac{2}{n_{in}}\right)",
            he,
            pytorch='nn.init.kaiming_normal_({W}, nonlinearity="relu")',
            keras='keras.initializers.VarianceScaling(2.0, "fan_in", "untruncated_normal")',
        ),
        Initializer(
            "glorot",
            "Glorot",
            r"U\left(\pm\sqrt{\tfrac{6}{n_{in} + n_{out}}}\right)",
            glorot,
            pytorch="nn.init.xavier_uniform_({W})",
            keras='"glorot_uniform"',
        ),
        Initializer(
            "uniform",
            "uniform",
            r"U\left(\pm\tfrac{1}{\sqrt{n_{in}}}\right)",
            uniform,
            pytorch="nn.init.kaiming_uniform_({W}, a=5**0.5)",
            keras='keras.initializers.VarianceScaling(1 / 3, "fan_in", "uniform")',
        ),
        Initializer(
            "small",
            "small",
            r"0.01 \cdot N(0, 1)",
            small,
            pytorch="nn.init.normal_({W}, std=0.01)",
            keras="keras.initializers.RandomNormal(stddev=0.01)",
        ),
        Initializer(
            "zeros",
            "zeros",
            "0",
            zeros,
            pytorch="nn.init.zeros_({W})",
            keras='"zeros"',
        ),
    )
}
