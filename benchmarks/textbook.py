"""The posts' network as a textbook writes it: float64, fresh arrays, dicts of W1, b1, Z1, …

The baseline that `benchmarks.speed` compares with, with the functions and names of the first
post; nothing here is tuned.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Params = dict[str, NDArray[np.float64]]


def init_params(layer_dims: Sequence[int], *, rng: np.random.Generator) -> Params:
    """W1 (n[1], n[0]), b1 (n[1], 1), W2, …: normal with variance 2 / n[l-1], and zeros."""
    params = {}
    for l in range(1, len(layer_dims)):
        n_out, n_in = layer_dims[l], layer_dims[l - 1]
        params[f"W{l}"] = rng.standard_normal((n_out, n_in)) * np.sqrt(2 / n_in)
        params[f"b{l}"] = np.zeros((n_out, 1))
    return params


def relu(Z: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.maximum(Z, 0)


def relu_derivative(Z: NDArray[np.float64]) -> NDArray[np.float64]:
    return (Z > 0).astype(np.float64)


def softmax(Z: NDArray[np.float64]) -> NDArray[np.float64]:
    E = np.exp(Z - Z.max(axis=0))
    return E / E.sum(axis=0)


def forward_prop(X: NDArray[np.float64], params: Params) -> Params:
    """Z1, A1, Z2, …: the cache for backward."""
    L = len(params) // 2
    cache = {"A0": X}
    for l in range(1, L + 1):
        cache[f"Z{l}"] = params[f"W{l}"] @ cache[f"A{l - 1}"] + params[f"b{l}"]
        cache[f"A{l}"] = relu(cache[f"Z{l}"]) if l < L else softmax(cache[f"Z{l}"])
    return cache


def compute_cost(A: NDArray[np.float64], Y: NDArray[np.float64]) -> float:
    """Cross-entropy, the mean over the columns."""
    return float(-np.sum(Y * np.log(np.maximum(A, 1e-300))) / Y.shape[1])


def back_prop(cache: Params, params: Params, Y: NDArray[np.float64]) -> Params:
    """dW1, db1, dW2, …, from the last layer to the first."""
    L, m = len(params) // 2, Y.shape[1]
    grads = {}
    dZ = cache[f"A{L}"] - Y
    for l in range(L, 0, -1):
        grads[f"dW{l}"] = dZ @ cache[f"A{l - 1}"].T / m
        grads[f"db{l}"] = np.sum(dZ, axis=1, keepdims=True) / m
        if l > 1:
            dZ = params[f"W{l}"].T @ dZ * relu_derivative(cache[f"Z{l - 1}"])
    return grads


def update_params(params: Params, grads: Params, learning_rate: float) -> Params:
    """θ − α dθ for every W and b."""
    return {name: params[name] - learning_rate * grads[f"d{name}"] for name in params}


def init_moments(params: Params) -> Params:
    """Adam's two moments of every W and b, all zero."""
    return {f"{moment}{name}": np.zeros_like(params[name]) for moment in "mv" for name in params}


def update_params_adam(
    params: Params, grads: Params, moments: Params, learning_rate: float, t: int
) -> tuple[Params, Params]:
    """Adam's step as in its paper (algorithm 1), with β₁ = 0.9, β₂ = 0.999. It is not in the posts,
    but written in their style.
    """
    new, kept = {}, {}
    for name in params:
        g = grads[f"d{name}"]
        m = 0.9 * moments[f"m{name}"] + 0.1 * g
        v = 0.999 * moments[f"v{name}"] + 0.001 * g**2
        m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.999**t)
        new[name] = params[name] - learning_rate * m_hat / (np.sqrt(v_hat) + 1e-8)
        kept[f"m{name}"], kept[f"v{name}"] = m, v
    return new, kept
