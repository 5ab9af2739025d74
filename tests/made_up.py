"""A sixth optimizer, and an activation, an initializer and a schedule that netcore does not have:
an entry each, as somebody would add one."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
import pytest

from netcore.activations import HIDDEN_ACTIVATIONS, Activation
from netcore.array import Array
from netcore.initializers import INITIALIZERS, Initializer
from netcore.optimizers import OPTIMIZERS, Optimizer
from netcore.schedules import SCHEDULES, Schedule

CHOSEN = {
    "optimizer": "adagrad",
    "initializer": "lecun",
    "schedule": "linear",
    "activations": "hard_sigmoid",
}
"""The four as settings, by the names that `register` gives them."""


@dataclass(frozen=True)
class AdaGrad(Optimizer):
    """s ← s + g²,   θ ← θ − α g / (√s + ε)

    Source: Duchi, Hazan & Singer, "Adaptive subgradient methods" (2011)
    """

    epsilon: float = 1e-7
    title = "AdaGrad"
    moments = ("s",)
    equations = ("s = s + g**2", "theta = theta - alpha * g / (sqrt(s) + epsilon)")
    pytorch = "torch.optim.Adagrad(network.parameters(), lr={alpha}, eps={epsilon})"
    keras = "keras.optimizers.Adagrad({alpha}, 0.0, epsilon={epsilon})"

    def update(
        self, theta: Array, g: Array, alpha: float, t: int, d: Array, *moments: Array
    ) -> None:
        (s,) = moments
        np.multiply(g, g, out=d)
        s += d
        np.sqrt(s, out=d)
        d += self.epsilon
        np.divide(g, d, out=d)
        d *= alpha
        theta -= d


SLOPE, MIDDLE = 1 / 6, 0.5


def hard_sigmoid(Z: Array, out: Array | None = None) -> Array:
    """A sigmoid of straight lines."""
    return np.clip(SLOPE * Z + MIDDLE, 0, 1, out=out)


def hard_sigmoid_vjp(dA: Array, Z: Array, A: Array, out: Array | None = None) -> Array:
    """dZ = dA / 6 where 0 < A < 1, else 0."""
    return np.multiply(SLOPE * dA, (A > 0) & (A < 1), out=out)


def lecun(n_out: int, n_in: int, *, rng: np.random.Generator) -> Array:
    """Normal with variance 1 / n_in."""
    return rng.standard_normal((n_out, n_in)) / sqrt(n_in)


def linear(progress: float) -> float:
    """Down along a line."""
    return max(0.0, 1 - progress)


def register(patch: pytest.MonkeyPatch) -> None:
    """Add the four, each as one entry."""
    patch.setitem(OPTIMIZERS, "adagrad", AdaGrad())
    patch.setitem(
        HIDDEN_ACTIVATIONS,
        "hard_sigmoid",
        Activation(
            "hard_sigmoid",
            "hard sigmoid",
            r"\min(\max(\tfrac{Z}{6} + \tfrac12, 0), 1)",
            hard_sigmoid,
            hard_sigmoid_vjp,
            pytorch="nn.Hardsigmoid()",
            keras='"hard_sigmoid"',
            onnx=("HardSigmoid", {"alpha": SLOPE, "beta": MIDDLE}),
            can_die=True,
            saturates=(0.0, 1.0),
        ),
    )
    patch.setitem(
        INITIALIZERS,
        "lecun",
        Initializer(
            "lecun",
            "LeCun",
            r"N\left(0, \tfrac{1}{n_{in}}\right)",
            lecun,
            pytorch="nn.init.normal_({W}, std={W}.shape[1] ** -0.5)",
            keras='keras.initializers.VarianceScaling(1.0, "fan_in", "untruncated_normal")',
        ),
    )
    patch.setitem(SCHEDULES, "linear", Schedule("linear", "linear", "(1 - p)", linear))
