"""The textbook baseline: its gradients and Adam steps equal netcore's."""

import numpy as np
import pytest

from benchmarks import textbook
from netcore import LOSSES, Network
from netcore.optimizers import Adam

LAYER_DIMS = [5, 4, 3]


@pytest.fixture
def params() -> textbook.Params:
    return textbook.init_params(LAYER_DIMS, rng=np.random.default_rng(0))


def theta_of(params: textbook.Params) -> np.ndarray:
    names = [f"{kind}{l}" for l in range(1, len(LAYER_DIMS)) for kind in "Wb"]
    return np.concatenate([params[name].ravel() for name in names])


def test_cost_and_gradients_are_those_of_netcore(params: textbook.Params) -> None:
    rng = np.random.default_rng(1)
    X, Y = rng.standard_normal((5, 7)), np.eye(3)[rng.integers(3, size=7)].T
    network = Network(LAYER_DIMS, ["relu", "softmax"], theta_of(params))
    caches = network.forward(X)
    cache = textbook.forward_prop(X, params)
    loss = LOSSES["cross_entropy"]
    assert textbook.compute_cost(cache["A2"], Y) == pytest.approx(loss.value(caches[-1].A, Y))
    grads = textbook.back_prop(cache, params, Y)
    for l, grad in enumerate(network.backward(caches, Y, loss), start=1):
        np.testing.assert_allclose(grads[f"dW{l}"], grad.dW, rtol=1e-10)
        np.testing.assert_allclose(grads[f"db{l}"], grad.db, rtol=1e-10)


def test_its_adam_takes_the_steps_of_netcore(params: textbook.Params) -> None:
    theta, adam = theta_of(params), Adam()
    state, moments = adam.init(theta), textbook.init_moments(params)
    rng = np.random.default_rng(2)
    for t in range(1, 4):
        grads = {f"d{name}": rng.standard_normal(array.shape) for name, array in params.items()}
        g = theta_of({name: grads[f"d{name}"] for name in params})
        adam.step(theta, g, state, 0.01, t)
        params, moments = textbook.update_params_adam(params, grads, moments, 0.01, t)
    np.testing.assert_allclose(theta_of(params), theta, rtol=1e-10)


def test_gradient_descent_takes_alpha_times_the_gradient(params: textbook.Params) -> None:
    grads = {f"d{name}": np.ones_like(array) for name, array in params.items()}
    new = textbook.update_params(params, grads, 0.5)
    np.testing.assert_allclose(theta_of(new), theta_of(params) - 0.5)
