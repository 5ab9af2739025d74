"""Common mistakes in backward, planted in a network, for the gradient check to find."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from netcore.activations import identity_vjp
from netcore.array import Array
from netcore.gradient_check import GOOD, GradientCheck, check_gradients
from netcore.losses import Loss
from netcore.network import Buffers, Cache, Grads, Layer, Network


class _WithBug(Network):
    """A network whose backward makes a mistake, in the caches that it uses or in its results."""

    def backward(
        self,
        caches: list[Cache],
        Y: Array,
        loss: Loss,
        buffers: Buffers | None = None,
        *,
        with_dX: bool = False,
    ) -> list[Grads]:
        grads = super().backward(self.given(caches), Y, loss, buffers, with_dX=with_dX)
        for grad in grads:
            self.spoil(grad, Y.shape[1])
        return grads

    def given(self, caches: list[Cache]) -> list[Cache]:
        return caches

    def spoil(self, grad: Grads, m: int) -> None:
        """Change a layer's gradients in place."""


class ForgotMean(_WithBug):
    def spoil(self, grad: Grads, m: int) -> None:
        for dM in (grad.dW, grad.db, grad.dA_prev):
            if dM is not None:
                dM *= m


class UsedAForZ(_WithBug):
    def given(self, caches: list[Cache]) -> list[Cache]:
        hidden = zip(caches[:-1], self.layers[:-1], strict=True)
        wrong = [replace(c, Z=c.A, A=layer.activation.f(c.A)) for c, layer in hidden]
        return [*wrong, caches[-1]]


class UsedZForA(_WithBug):
    def given(self, caches: list[Cache]) -> list[Cache]:
        below = [None, *caches[:-1]]
        return [
            cache if under is None else replace(cache, A_prev=under.Z)
            for cache, under in zip(caches, below, strict=True)
        ]


class Transposed(_WithBug):
    def spoil(self, grad: Grads, m: int) -> None:
        grad.dW[:] = grad.dW.T.reshape(grad.dW.shape)


class ForgotDerivative(_WithBug):
    def __init__(self, layer_dims: Sequence[int], activations: Sequence[str], theta: Array) -> None:
        super().__init__(layer_dims, activations, theta)
        self.layers = [
            Layer(layer.W, layer.b, replace(layer.activation, vjp=identity_vjp))
            if l < len(self.layers)
            else layer
            for l, layer in enumerate(self.layers, start=1)
        ]


@dataclass(frozen=True)
class GradientBug:
    """A mistake: its name, the right and the wrong equation (LaTeX), its effect, and the network
    class that makes it.
    """

    title: str
    right: str
    wrong: str
    about: str
    kind: type[Network]


GRADIENT_BUGS: dict[str, GradientBug] = {
    "none": GradientBug("none", "", "", "netcore's own backward, which training uses.", Network),
    "mean": GradientBug(
        "forgot 1/m",
        r"dZ^{[L]} = \tfrac{1}{m} (A^{[L]} - Y)",
        r"dZ^{[L]} = A^{[L]} - Y",
        "The gradients are m times too large. Their direction is right, so training works with "
        "another learning rate: this is hard to notice without the check.",
        ForgotMean,
    ),
    "derivative": GradientBug(
        "forgot the activation's derivative",
        r"dZ^{[l]} = dA^{[l]} \odot g'(Z^{[l]})",
        r"dZ^{[l]} = dA^{[l]}",
        "Only the last layer's gradients are right, unless the activation is the identity.",
        ForgotDerivative,
    ),
    "A for Z": GradientBug(
        "used A for Z",
        r"dZ^{[l]} = dA^{[l]} \odot g'(Z^{[l]})",
        r"dZ^{[l]} = dA^{[l]} \odot g'(A^{[l]})",
        "With ReLU and leaky ReLU this has no effect: A > 0 exactly where Z > 0, and the check "
        "passes. With other activations, all gradients before the last layer are wrong.",
        UsedAForZ,
    ),
    "Z for A": GradientBug(
        "used Z for A",
        r"dW^{[l]} = dZ^{[l]} A^{[l-1]T}",
        r"dW^{[l]} = dZ^{[l]} Z^{[l-1]T}",
        "The wrong array of the cache: the weight gradients from the second layer on are wrong, "
        "the bias gradients are right.",
        UsedZForA,
    ),
    "transposed": GradientBug(
        "transposed",
        r"dW^{[l]} = dZ^{[l]} A^{[l-1]T}",
        r"dW^{[l]} = A^{[l-1]} dZ^{[l]T} \text{, reshaped until it fits}",
        "Every number is right, but at the wrong position.",
        Transposed,
    ),
}


def check(
    network: Network,
    X: Array,
    Y: Array,
    loss: Loss,
    *,
    mistake: str = "none",
    sample: int,
    seed: int = 0,
) -> list[GradientCheck]:
    """Check the gradients of this network in float64, as if its backward made the mistake."""
    made = GRADIENT_BUGS[mistake].kind(network.layer_dims, network.activations, network.theta)
    return check_gradients(made, X, Y, loss, sample=sample, rng=np.random.default_rng(seed))


NOISE = 2e-9  # error of a zero gradient: float64's rounding of a cost of about 1, divided by 2ε


def is_good(checked: GradientCheck) -> bool:
    """Whether both gradients agree: to a relative error of GOOD, or, if they are as small as in a
    network with vanishing gradients, to the precision of finite differences.
    """
    difference = np.abs(checked.analytic - checked.numerical)
    return checked.relative_error < GOOD or bool(difference.max(initial=0.0) < NOISE)
