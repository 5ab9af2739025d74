"""The logit of the predicted class minus that of the runner-up, term by term.

z = Σ w·a + b, so the difference of two logits is a sum over the units of the previous layer.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netcore.activations import softmax
from netcore.array import Array
from netcore.network import Network
from playground.inspect.logits import class_logits


@dataclass(frozen=True, eq=False)
class LogitDifference:
    """The logits of the predicted class and the runner-up, and the contribution of each unit of the
    previous layer.

    a      (n,) the activations of these units; without hidden layers, the pixels
    w      (2, n) their weights to both classes
    b, z   (2,) the biases and the logits
    order  the units by their contribution to the difference, largest absolute value first
    """

    predicted: int
    runner_up: int
    a: Array
    w: Array
    b: Array
    z: Array
    order: NDArray[np.intp]

    @property
    def parts(self) -> Array:
        """The contribution (n,) of each unit to the difference z[0] − z[1]."""
        parts: Array = (self.w[0] - self.w[1]) * self.a
        return parts


def logit_difference(network: Network, x: Array) -> LogitDifference:
    """For an example x (n_x, 1). With one output unit, class 0 has no weights, and its z is 0."""
    z = class_logits(network, x)[:, 0]
    predicted, runner_up = (int(label) for label in np.argsort(-z, kind="stable")[:2])
    last = network.layers[-1]
    W, b = last.W, last.b[:, 0]
    if len(W) == 1:
        W, b = np.vstack([np.zeros_like(W), W]), np.array([0, b[0]], dtype=b.dtype)
    a = network.forward(x)[-1].A_prev[:, 0]
    both = [predicted, runner_up]
    parts = (W[predicted] - W[runner_up]) * a
    order = np.argsort(-np.abs(parts), kind="stable")
    return LogitDifference(predicted, runner_up, a, W[both], b[both], z[both], order)


def probability_ratio(of: LogitDifference) -> float:
    """The probability of the predicted class divided by that of the runner-up."""
    A = softmax(of.z[:, np.newaxis].astype(float))
    return float(A[0, 0] / max(A[1, 0], 1e-300))
