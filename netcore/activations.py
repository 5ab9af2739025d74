"""Activation functions, each beside its derivative.

An activation is a pair of functions of whole matrices:

    f(Z) -> A              the activation
    vjp(dA, Z, A) -> dZ    its vector-Jacobian product: from ∂J/∂A to ∂J/∂Z

A vector-Jacobian product also covers softmax, whose units depend on each other, without a
special case. `out` is an optional array for the result; in `vjp` it may be `dA` itself.
Everything that the app knows about an activation is in its entry of HIDDEN_ACTIVATIONS, so a new
activation is one new entry.
All functions are finite, without a warning, for |Z| up to 10⁹, even in float32.
"""

from collections import ChainMap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import pi, sqrt
from typing import Any

import numpy as np

from netcore.array import Array


@dataclass(frozen=True)
class Activation:
    """A named pair (f, vjp), with what pages and exports need to know about it.

    title        its name on the pages
    formula      in LaTeX
    pytorch      the PyTorch module that computes the same function
    keras        the argument `activation` of a Keras layer that does
    onnx         the ONNX operator and its attributes
    initializer  the weight initialization that keeps the variance of A about constant with depth
    can_die      whether a unit's output and derivative can be 0 for every input (dead ReLU)
    saturates    the two limits at which its derivative vanishes; None if it has no such limits
    """

    name: str
    title: str
    formula: str
    f: Callable[..., Array]
    vjp: Callable[..., Array]
    pytorch: str
    keras: str
    onnx: tuple[str, Mapping[str, Any]]
    initializer: str = "he"
    can_die: bool = False
    saturates: tuple[float, float] | None = None


def relu(Z: Array, out: Array | None = None) -> Array:
    """Rectified linear unit: passes positive numbers on, and gives 0 for all others.

    Math:   A = max(0, Z)
    Shapes: Z and A are (n, m)
    Source: Nair & Hinton, "Rectified linear units improve restricted Boltzmann machines" (2010)

    >>> relu(np.array([[-1.0, 2.0]]))
    array([[0., 2.]])
    """
    return np.maximum(Z, 0, out=out)


def relu_vjp(dA: Array, Z: Array, A: Array, out: Array | None = None) -> Array:
    """dZ = dA where Z > 0, else 0."""
    return np.multiply(dA, Z > 0, out=out)


LEAK = 0.01


def leaky_relu(Z: Array, out: Array | None = None) -> Array:
    """ReLU with a small slope below zero, so that no unit can die.

    Math:   A = max(0.01 Z, Z)
    Shapes: Z and A are (n, m)
    Source: Maas, Hannun & Ng, "Rectifier nonlinearities improve acoustic models" (2013)

    >>> leaky_relu(np.array([[-1.0, 2.0]]))
    array([[-0.01,  2.  ]])
    """
    return np.maximum(LEAK * Z, Z, out=out)


def leaky_relu_vjp(dA: Array, Z: Array, A: Array, out: Array | None = None) -> Array:
    """dZ = dA where Z > 0, else 0.01 dA."""
    return np.multiply(dA, np.where(Z > 0, Z.dtype.type(1), Z.dtype.type(LEAK)), out=out)


def elu(Z: Array, out: Array | None = None) -> Array:
    """Exponential linear unit.

    Math:   A = Z where Z > 0, else exp(Z) − 1
    Shapes: Z and A are (n, m)
    Source: Clevert, Unterthiner & Hochreiter, "Fast and accurate deep network learning by
            exponential linear units" (2016)

    >>> elu(np.array([[0.0, 2.0]]))
    array([[0., 2.]])
    """
    below = np.expm1(np.minimum(Z, 0))
    return np.add(np.maximum(Z, 0), below, out=out)


def elu_vjp(dA: Array, Z: Array, A: Array, out: Array | None = None) -> Array:
    """dZ = dA where Z > 0, else dA exp(Z), and exp(Z) = A + 1 there."""
    return np.multiply(dA, np.minimum(A, 0) + 1, out=out)


def tanh(Z: Array, out: Array | None = None) -> Array:
    """Hyperbolic tangent: an S-shaped function like the sigmoid, but centered on zero.

    Math:   A = tanh(Z)
    Shapes: Z and A are (n, m)
    Source: LeCun, Bottou, Orr & Müller, "Efficient BackProp" (1998)

    >>> tanh(np.array([[0.0]]))
    array([[0.]])
    """
    return np.tanh(Z, out=out)


def tanh_vjp(dA: Array, Z: Array, A: Array, out: Array | None = None) -> Array:
    """dZ = dA (1 − A²)."""
    return np.multiply(dA, 1 - A * A, out=out)


def sigmoid(Z: Array, out: Array | None = None) -> Array:
    """Logistic function: maps any number to a probability.

    Math:   A = 1 / (1 + exp(−Z)) = (1 + tanh(Z/2)) / 2, which cannot overflow
    Shapes: Z and A are (n, m)
    Source: Rumelhart, Hinton & Williams, "Learning representations by back-propagating errors"
            (1986)

    >>> sigmoid(np.array([[0.0, 1e4]]))
    array([[0.5, 1. ]])
    """
    A = np.tanh(0.5 * Z, out=out)
    A *= 0.5
    A += 0.5
    return A


def sigmoid_vjp(dA: Array, Z: Array, A: Array, out: Array | None = None) -> Array:
    """dZ = dA A (1 − A)."""
    return np.multiply(dA, A * (1 - A), out=out)


GELU_SCALE = sqrt(2 / pi)
GELU_CUBIC = 0.044715


def gelu(Z: Array, out: Array | None = None) -> Array:
    """Gaussian error linear unit, in the tanh form of its paper.

    Math:   A = Z (1 + tanh U) / 2,  U = √(2/π) (Z + 0.044715 Z³)
    Shapes: Z and A are (n, m)
    Source: Hendrycks & Gimpel, "Gaussian error linear units" (2016), section 2

    >>> gelu(np.array([[0.0, 100.0]]))
    array([[  0., 100.]])
    """
    U = GELU_SCALE * Z * (1 + GELU_CUBIC * Z * Z)
    return np.multiply(0.5 * Z, 1 + np.tanh(U), out=out)


def gelu_vjp(dA: Array, Z: Array, A: Array, out: Array | None = None) -> Array:
    """dZ = dA ((1 + T) / 2 + Z (1 − T²) U' / 2),  T = tanh U,  U' = √(2/π) (1 + 3·0.044715 Z²)."""
    Z2 = Z * Z
    T = np.tanh(GELU_SCALE * Z * (1 + GELU_CUBIC * Z2))
    dU = GELU_SCALE * (1 + 3 * GELU_CUBIC * Z2)
    return np.multiply(dA, 0.5 * (1 + T) + 0.5 * Z * (1 - T * T) * dU, out=out)


def identity(Z: Array, out: Array | None = None) -> Array:
    """No activation. A network of such layers is linear, however deep it is.

    Math:   A = Z
    Shapes: Z and A are (n, m)

    >>> identity(np.array([[-1.0, 2.0]]))
    array([[-1.,  2.]])
    """
    return np.positive(Z, out=out)


def identity_vjp(dA: Array, Z: Array, A: Array, out: Array | None = None) -> Array:
    """dZ = dA."""
    return np.positive(dA, out=out)


def softmax(Z: Array, out: Array | None = None) -> Array:
    """Maps the scores of mutually exclusive classes to probabilities: every column sums to 1.

    Math:   A = exp(Z − max Z) / Σ exp(Z − max Z) over each column; subtracting the maximum does
            not change A and keeps exp from overflowing
    Shapes: Z and A are (n, m)
    Source: Bridle, "Probabilistic interpretation of feedforward classification network
            outputs" (1990)

    >>> softmax(np.array([[0.0], [0.0]]))
    array([[0.5],
           [0.5]])
    """
    A = np.subtract(Z, Z.max(axis=0), out=out)
    np.exp(A, out=A)
    A /= A.sum(axis=0)
    return A


def softmax_vjp(dA: Array, Z: Array, A: Array, out: Array | None = None) -> Array:
    """dZ = A ⊙ (dA − Σ dA ⊙ A), where the sum runs over each column."""
    return np.multiply(A, dA - (dA * A).sum(axis=0), out=out)


HIDDEN_ACTIVATIONS = {
    activation.name: activation
    for activation in (
        Activation(
            "relu",
            "ReLU",
            r"\max(0, Z)",
            relu,
            relu_vjp,
            pytorch="nn.ReLU()",
            keras='"relu"',
            onnx=("Relu", {}),
            can_die=True,
        ),
        Activation(
            "leaky_relu",
            "leaky ReLU",
            r"\max(0.01\,Z, Z)",
            leaky_relu,
            leaky_relu_vjp,
            pytorch=f"nn.LeakyReLU({LEAK})",
            keras=f"lambda Z: keras.activations.leaky_relu(Z, {LEAK})",
            onnx=("LeakyRelu", {"alpha": LEAK}),
        ),
        Activation(
            "elu",
            "ELU",
            r"\max(0, Z) + e^{\min(0, Z)} - 1",
            elu,
            elu_vjp,
            pytorch="nn.ELU()",
            keras='"elu"',
            onnx=("Elu", {"alpha": 1.0}),
        ),
        Activation(
            "tanh",
            "tanh",
            r"\tanh Z",
            tanh,
            tanh_vjp,
            pytorch="nn.Tanh()",
            keras='"tanh"',
            onnx=("Tanh", {}),
            initializer="glorot",
            saturates=(-1.0, 1.0),
        ),
        Activation(
            "sigmoid",
            "sigmoid",
            r"\frac{1}{1 + e^{-Z}}",
            sigmoid,
            sigmoid_vjp,
            pytorch="nn.Sigmoid()",
            keras='"sigmoid"',
            onnx=("Sigmoid", {}),
            initializer="glorot",
            saturates=(0.0, 1.0),
        ),
        Activation(
            "gelu",
            "GELU",
            r"\tfrac{Z}{2} \left(1 + \tanh\!\left(\sqrt{2/\pi}\,(Z + 0.044715\,Z^3)\right)\right)",
            gelu,
            gelu_vjp,
            pytorch='nn.GELU(approximate="tanh")',
            keras="lambda Z: keras.activations.gelu(Z, approximate=True)",
            onnx=("Gelu", {"approximate": "tanh"}),
        ),
        Activation(
            "identity",
            "identity",
            r"Z",
            identity,
            identity_vjp,
            pytorch="nn.Identity()",
            keras='"linear"',
            onnx=("Identity", {}),
        ),
    )
}
"""The activations that a hidden layer may have."""

_SOFTMAX = Activation(
    "softmax",
    "softmax",
    r"\frac{e^{Z}}{\sum e^{Z}}",
    softmax,
    softmax_vjp,
    pytorch="nn.Softmax(dim=1)",
    keras='"softmax"',
    onnx=("Softmax", {"axis": 1}),
)

ACTIVATIONS: Mapping[str, Activation] = ChainMap({_SOFTMAX.name: _SOFTMAX}, HIDDEN_ACTIVATIONS)
"""All activations. Softmax is for the output layer only."""
