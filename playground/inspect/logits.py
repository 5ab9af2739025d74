"""Logits: Z of the last layer, before softmax or sigmoid.

If a network is certain, its probabilities round to 1 and their gradients to 0. Logits do not.
"""

import numpy as np

from netcore.array import Array
from netcore.losses import Loss
from netcore.network import Network

# J is the sum of Y ⊙ A, so that dA = Y: backward then gives the gradient of what Y picks out.
PICKED = Loss(
    "picked",
    r"\sum Y \odot A",
    value=lambda A, Y: float(np.sum(Y * A)),
    gradient=lambda A, Y: Y,
    canonical="",
)


def without_output(network: Network) -> Network:
    """A network with the same parameters without the output activation, so that its A is Z."""
    return Network(network.layer_dims, (*network.activations[:-1], "identity"), network.theta)


def in_float64(network: Network) -> Network:
    """A copy in float64, for computations on single examples."""
    return Network(network.layer_dims, network.activations, network.theta.astype(np.float64))


def class_logits(network: Network, X: Array) -> Array:
    """The logits (n_classes, m). One output unit gives the logit of class 1; that of class 0 is 0.

    Their softmax is the network's prediction.
    """
    Z = without_output(network).predict(X)
    return np.vstack([np.zeros_like(Z), Z]) if len(Z) == 1 else Z


def picking(network: Network, label: int, m: int) -> Array:
    """Y (n_L, m) that selects a class's logit from Z. With one output unit, class 0 has the
    negative logit.
    """
    n = network.layer_dims[-1]
    Y = np.zeros((n, m), network.theta.dtype)
    if n == 1:
        Y[0] = 1 if label == 1 else -1
    else:
        Y[label] = 1
    return Y


def logit_gradient(network: Network, X: Array, label: int) -> tuple[Array, Array]:
    """A class's logit (m,) for each column of X, and its gradient (n_x, m) with respect to X."""
    bare = without_output(network)
    Y = picking(network, label, X.shape[1])
    caches = bare.forward(X)
    dX = bare.backward(caches, Y, PICKED, with_dX=True)[0].dA_prev
    assert dX is not None
    return np.sum(Y * caches[-1].A, axis=0), dX
