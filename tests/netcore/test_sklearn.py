"""Gradients against an independent implementation, scikit-learn's multilayer perceptron in float64;
and float32 against float64 at the size of the app's default network."""

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier, MLPRegressor

from netcore.array import Array
from netcore.initializers import he
from netcore.losses import LOSSES, Loss
from netcore.network import Network

CASES = {
    "one layer": ((5, 3), "relu", "softmax"),
    "relu": ((6, 7, 4), "relu", "softmax"),
    "tanh": ((4, 8, 5, 3), "tanh", "softmax"),
    "sigmoid": ((7, 6, 6, 5, 4), "sigmoid", "softmax"),
    "two classes, one unit": ((5, 6, 1), "tanh", "sigmoid"),
    "two classes, deep": ((9, 8, 7, 1), "relu", "sigmoid"),
    "regression": ((3, 6, 1), "tanh", "identity"),
    # Its cost is the mean over the outputs, its gradient that of their sum, which both are here.
    "regression, three outputs": ((4, 6, 5, 3), "relu", "identity"),
}
LOSS = {
    "softmax": "cross_entropy",
    "sigmoid": "binary_cross_entropy",
    "identity": "half_squared_error",
}
THEIRS = {"relu": "relu", "tanh": "tanh", "sigmoid": "logistic"}


def data(n_x: int, n_out: int, output: str, m: int = 40) -> tuple[Array, Array, np.ndarray]:
    """X (n_x, m), Y as the network has it, and what scikit-learn is given for it."""
    rng = np.random.default_rng(n_x)
    X = np.asfortranarray(rng.standard_normal((n_x, m)))
    if output == "identity":
        Y = rng.standard_normal((n_out, m))
        return X, Y, Y[0] if n_out == 1 else Y.T
    classes = max(n_out, 2)
    labels = np.append(np.arange(classes), rng.integers(classes, size=m - classes))
    Y = labels[np.newaxis].astype(float) if output == "sigmoid" else np.eye(n_out)[labels].T
    return X, Y, labels


def gradients(net: Network, X: Array, Y: Array, loss: Loss) -> list[tuple[Array, Array]]:
    grads = net.backward(net.forward(X), Y, loss)
    return [(grad.dW.copy(), grad.db[:, 0].copy()) for grad in grads]


@pytest.mark.parametrize("case", CASES)
def test_one_step_of_gradient_descent_is_scikit_learns(case: str) -> None:
    """From the same weights, one step of plain gradient descent on the whole batch: its length
    over the rate is the gradient, which scikit-learn found by itself."""
    layer_dims, activation, output = CASES[case]
    X, Y, y = data(layer_dims[0], layer_dims[-1], output)
    rate = 1e-3
    model = (MLPRegressor if output == "identity" else MLPClassifier)(
        hidden_layer_sizes=layer_dims[1:-1],
        activation=THEIRS[activation],
        solver="sgd",
        alpha=0.0,
        batch_size=X.shape[1],
        learning_rate_init=rate,
        momentum=0.0,
        nesterovs_momentum=False,
        random_state=3,
        shuffle=False,
    )
    classes = {} if output == "identity" else {"classes": np.unique(y)}
    rows = np.ascontiguousarray(X.T)
    model.partial_fit(rows, y, **classes)  # it makes its weights with the first step
    weights = [W.copy() for W in model.coefs_]
    biases = [b.copy() for b in model.intercepts_]
    model.partial_fit(rows, y)
    net = Network.create(
        layer_dims,
        [activation] * (len(layer_dims) - 2) + [output],
        he,
        rng=np.random.default_rng(0),
        dtype=np.float64,
    )
    for layer, W, b in zip(net.layers, weights, biases, strict=True):
        layer.W[:], layer.b[:, 0] = W.T, b
    found = gradients(net, X, Y, LOSSES[LOSS[output]])
    for (dW, db), W, b, W_after, b_after in zip(
        found, weights, biases, model.coefs_, model.intercepts_, strict=True
    ):
        np.testing.assert_allclose(dW.T, (W - W_after) / rate, rtol=1e-8, atol=1e-11)
        np.testing.assert_allclose(db, (b - b_after) / rate, rtol=1e-8, atol=1e-11)


def test_float32_is_float64_to_its_own_precision_at_the_default_networks_size() -> None:
    layer_dims = (784, 256, 128, 10)
    activations = ["relu", "relu", "softmax"]
    rng = np.random.default_rng(1)
    double = Network.create(layer_dims, activations, he, rng=rng, dtype=np.float64)
    single = Network(layer_dims, activations, double.theta.astype(np.float32))
    X = np.asfortranarray(rng.random((784, 128)) * (rng.random((784, 128)) < 0.2))
    Y = np.eye(10)[rng.integers(10, size=128)].T
    loss = LOSSES["cross_entropy"]
    exact = gradients(double, X, Y, loss)
    rounded = gradients(single, X.astype(np.float32), Y.astype(np.float32), loss)
    for found, expected in zip(rounded, exact, strict=True):
        for M, M_exact in zip(found, expected, strict=True):
            assert M.dtype == np.float32
            error = np.linalg.norm(M - M_exact) / np.linalg.norm(M_exact)
            assert error < 2e-6
