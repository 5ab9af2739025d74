"""Gradient check: compares the gradients of backward with finite differences of the cost."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netcore.array import Array
from netcore.losses import Loss
from netcore.network import Network

EPSILON = 1e-6
GOOD = 1e-7


@dataclass(frozen=True, eq=False)
class GradientCheck:
    """The analytic and the numerical derivatives of some entries of one array."""

    name: str
    index: NDArray[np.integer]
    analytic: Array
    numerical: Array

    @property
    def relative_error(self) -> float:
        """‖a − n‖ / (‖a‖ + ‖n‖): about 1e-9 if backward is right, above 1e-4 if it is wrong."""
        size = float(np.linalg.norm(self.analytic) + np.linalg.norm(self.numerical))
        difference = float(np.linalg.norm(self.analytic - self.numerical))
        return difference / size if size > 1e-12 else difference


def numerical_gradient(
    J: Callable[[], float], M: Array, entries: NDArray[np.integer], epsilon: float = EPSILON
) -> Array:
    """∂J/∂M at the given flat indices of M, by central differences: (J(M + ε) − J(M − ε)) / 2ε.

    Each entry of M is changed in place and then restored.
    """
    gradients = np.empty(len(entries))
    for i, entry in enumerate(entries):
        index = np.unravel_index(entry, M.shape)
        value = M[index]
        M[index] = value + epsilon
        above = J()
        M[index] = value - epsilon
        below = J()
        M[index] = value
        gradients[i] = (above - below) / (2 * epsilon)
    return gradients


def check_gradients(
    network: Network,
    X: Array,
    Y: Array,
    loss: Loss,
    *,
    sample: int | None = None,
    rng: np.random.Generator | None = None,
    epsilon: float = EPSILON,
) -> list[GradientCheck]:
    """Check dW and db of every layer, and dX, in float64.

    If sample is given, only that many entries of each array are checked; rng draws them. The
    network and X are copied, so a float32 network stays as it is. The copy is of the network's
    own class, so that the check also sees the backward pass of a subclass.
    """
    network = type(network)(
        network.layer_dims, network.activations, network.theta.astype(np.float64)
    )
    X, Y = np.array(X, dtype=np.float64, order="F"), np.asarray(Y, dtype=np.float64)

    def J() -> float:
        return loss.value(network.forward(X)[-1].A, Y)

    grads = network.backward(network.forward(X), Y, loss, with_dX=True)
    arrays: list[tuple[str, Array, Array]] = []
    for l, (layer, grad) in enumerate(zip(network.layers, grads, strict=True), start=1):
        arrays += [(f"W[{l}]", layer.W, grad.dW), (f"b[{l}]", layer.b, grad.db)]
    dX = grads[0].dA_prev
    assert dX is not None
    arrays.append(("X", X, dX))

    checks = []
    for name, M, dM in arrays:
        entries = np.arange(M.size)
        if sample is not None and sample < M.size:
            rng = rng or np.random.default_rng(0)
            entries = np.sort(rng.choice(M.size, sample, replace=False))
        analytic = dM.reshape(-1)[entries]
        checks.append(
            GradientCheck(name, entries, analytic, numerical_gradient(J, M, entries, epsilon))
        )
    return checks
