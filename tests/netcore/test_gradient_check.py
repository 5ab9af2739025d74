"""All derivatives against finite differences, and the gradient check against planted errors."""

from dataclasses import replace

import numpy as np
import pytest

from netcore.activations import ACTIVATIONS, HIDDEN_ACTIVATIONS
from netcore.array import Array
from netcore.gradient_check import GOOD, GradientCheck, check_gradients, numerical_gradient
from netcore.losses import LOSSES, weighted
from netcore.network import Network
from netcore.optimizers import OPTIMIZERS
from netcore.training import Hyperparameters, TrainState, cost_and_gradient
from tests.netcore.examples import examples, network

PROBABILITIES = ("softmax", "sigmoid")
OUTPUTS = {
    "cross_entropy": PROBABILITIES,
    "binary_cross_entropy": PROBABILITIES,
    "half_squared_error": tuple(ACTIVATIONS),
}
OUTPUT_AND_LOSS = [(output, loss) for loss, outputs in OUTPUTS.items() for output in outputs]


def check(hidden: str, output: str, loss: str) -> dict[str, GradientCheck]:
    X, Y = examples(m=5)
    net = network([3, 4, 4, 3], [hidden, hidden, output])
    assert min(abs(cache.Z).min() for cache in net.forward(X)) > 1e-3, "a kink is too near"
    return {c.name: c for c in check_gradients(net, X, Y, LOSSES[loss])}


def test_every_loss_is_checked() -> None:
    assert set(OUTPUTS) == set(LOSSES)


@pytest.mark.parametrize(("output", "loss"), OUTPUT_AND_LOSS)
@pytest.mark.parametrize("hidden", HIDDEN_ACTIVATIONS)
def test_backward_is_right(hidden: str, output: str, loss: str) -> None:
    checks = check(hidden, output, loss)
    assert set(checks) == {"W[1]", "b[1]", "W[2]", "b[2]", "W[3]", "b[3]", "X"}
    assert {
        name: c.relative_error for name, c in checks.items() if not c.relative_error < GOOD
    } == {}


@pytest.mark.parametrize("name", HIDDEN_ACTIVATIONS)
def test_a_small_error_in_a_derivative_is_seen(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right = ACTIVATIONS[name]

    def planted(dA: Array, Z: Array, A: Array, out: Array | None = None) -> Array:
        return np.multiply(right.vjp(dA, Z, A, out), 1.001, out=out)

    monkeypatch.setitem(ACTIVATIONS, name, replace(right, vjp=planted))
    checks = check(name, "softmax", "cross_entropy")
    assert checks["W[3]"].relative_error < GOOD  # below the first use of the derivative: right
    for array in ("W[1]", "b[1]", "W[2]", "b[2]", "X"):
        assert checks[array].relative_error > 100 * GOOD


@pytest.mark.parametrize("name", LOSSES)
def test_a_small_error_in_a_loss_is_seen(name: str) -> None:
    right = LOSSES[name]
    planted = replace(right, canonical="none", gradient=lambda A, Y: 1.001 * right.gradient(A, Y))
    X, Y = examples(m=5)
    for c in check_gradients(network([3, 4, 3], ["tanh", "sigmoid"]), X, Y, planted):
        assert c.relative_error > 100 * GOOD


@pytest.mark.parametrize("name", LOSSES)
def test_the_canonical_shortcut_equals_the_general_path(name: str) -> None:
    loss = LOSSES[name]
    X, Y = examples(m=5)
    net = network([3, 4, 3], ["tanh", loss.canonical])
    caches = net.forward(X)
    short = net.backward(caches, Y, loss, with_dX=True)
    long = net.backward(caches, Y, replace(loss, canonical="none"), with_dX=True)
    for s, g in zip(short, long, strict=True):
        assert s.dA_prev is not None
        assert g.dA_prev is not None
        for a, b in ((s.dW, g.dW), (s.db, g.db), (s.dZ, g.dZ), (s.dA_prev, g.dA_prev)):
            np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("canonical", ["sigmoid", "none"])
def test_backward_with_one_unit_and_weighted_classes(canonical: str) -> None:
    X, _ = examples(m=7)
    Y = np.array([[0.0, 1, 0, 0, 1, 0, 0]])
    loss = weighted(replace(LOSSES["binary_cross_entropy"], canonical=canonical), [0.7, 1.9])
    checks = check_gradients(network([3, 4, 1], ["tanh", "sigmoid"]), X, Y, loss)
    assert max(c.relative_error for c in checks) < GOOD


@pytest.mark.parametrize("name", ["cross_entropy", "half_squared_error"])
def test_backward_with_weighted_classes(name: str) -> None:
    X, Y = examples(m=7)
    loss = weighted(LOSSES[name], [0.3, 1.0, 2.5])
    checks = check_gradients(network([3, 4, 3], ["tanh", "softmax"]), X, Y, loss)
    assert max(c.relative_error for c in checks) < GOOD


def relative_error(analytic: Array, numerical: Array) -> float:
    entries = np.arange(analytic.size)
    return GradientCheck("", entries, analytic.reshape(-1), numerical).relative_error


def test_backward_through_dropout() -> None:
    X, Y = examples(m=5)
    X = X.copy(order="F")
    net, loss = network([3, 6, 5, 3], ["tanh", "gelu", "softmax"]), LOSSES["cross_entropy"]

    def J() -> float:  # the same seed, so the same units are left out each time
        caches = net.forward(X, dropout=0.4, rng=np.random.default_rng(1))
        return loss.value(caches[-1].A, Y)

    caches = net.forward(X, dropout=0.4, rng=np.random.default_rng(1))
    dropped = [int((cache.D == 0).sum()) for cache in caches[:-1] if cache.D is not None]
    assert len(dropped) == 2
    assert min(dropped) > 0
    grads = net.backward(caches, Y, loss, with_dX=True)
    for layer, grad in zip(net.layers, grads, strict=True):
        for M, dM in ((layer.W, grad.dW), (layer.b, grad.db)):
            assert relative_error(dM, numerical_gradient(J, M, np.arange(M.size))) < GOOD
    dX = grads[0].dA_prev
    assert dX is not None
    assert relative_error(dX, numerical_gradient(J, X, np.arange(X.size))) < GOOD

    # dA_prev is ∂J/∂A_prev with dropout too: the last layer alone, as a function of its input.
    A_prev = caches[-1].A_prev.copy(order="F")
    last = Network(net.layer_dims[-2:], net.activations[-1:], net.theta[-(5 * 3 + 3) :])
    dA_prev = grads[-1].dA_prev
    assert dA_prev is not None
    gradients = numerical_gradient(
        lambda: loss.value(last.predict(A_prev), Y), A_prev, np.arange(A_prev.size)
    )
    assert relative_error(dA_prev, gradients) < GOOD


@pytest.mark.parametrize(("l2", "l1"), [(0.3, 0.0), (0.0, 0.3), (0.2, 0.1)])
def test_the_gradient_of_l2_and_l1(l2: float, l1: float) -> None:
    X, Y = examples(m=5)
    net, loss = network([3, 4, 3], ["tanh", "softmax"]), LOSSES["cross_entropy"]
    state = TrainState.start(net, OPTIMIZERS["gradient_descent"], seed=0)
    hyper = Hyperparameters(learning_rate=0.1, iterations=1, l2=l2, l1=l1)
    cost, gradient = cost_and_gradient(state, X, Y, loss, hyper)

    def J() -> float:
        squares = sum(float((layer.W**2).sum()) for layer in net.layers)
        sizes = sum(float(abs(layer.W).sum()) for layer in net.layers)
        return loss.value(net.predict(X), Y) + l2 / 2 * squares + l1 * sizes

    gradients = numerical_gradient(J, net.theta, np.arange(net.theta.size))
    assert relative_error(gradient, gradients) < GOOD
    assert cost == pytest.approx(loss.value(net.predict(X), Y))  # the cost is without the terms


def test_a_sample_checks_that_many_entries_of_each_array() -> None:
    X, Y = examples(m=5)
    net = network([3, 4, 3], ["tanh", "softmax"])
    rng = np.random.default_rng(0)
    sampled = check_gradients(net, X, Y, LOSSES["cross_entropy"], sample=4, rng=rng)
    whole = {c.name: c for c in check_gradients(net, X, Y, LOSSES["cross_entropy"])}
    assert [len(c.index) for c in sampled] == [4, 4, 4, 3, 4]
    for c in sampled:
        np.testing.assert_array_equal(c.analytic, whole[c.name].analytic[c.index])


def test_a_float32_network_is_checked_in_float64_and_left_as_it_was() -> None:
    X, Y = examples(m=5, dtype=np.float32)
    net = network([3, 4, 3], ["tanh", "softmax"], dtype=np.float32)
    X_before, theta_before = X.copy(), net.theta.copy()
    assert all(c.relative_error < GOOD for c in check_gradients(net, X, Y, LOSSES["cross_entropy"]))
    np.testing.assert_array_equal(X, X_before)
    np.testing.assert_array_equal(net.theta, theta_before)
    assert net.theta.dtype == np.float32


def test_a_gradient_that_is_not_a_number_is_not_good() -> None:
    one = np.ones(1)
    assert not GradientCheck("W[1]", np.arange(1), one * np.nan, one).relative_error < GOOD


def test_two_gradients_of_zero_agree() -> None:
    assert GradientCheck("W[1]", np.arange(3), np.zeros(3), np.zeros(3)).relative_error == 0
