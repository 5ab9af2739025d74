"""A training step of netcore and of each library that a user might use instead, on the same data.

A peer is a function from a Setting to its step. Each call of the step takes the next minibatch of
60,000 examples of 784 numbers, makes one update, and returns the cost, as a loop that draws a curve
does. Each peer is written as its own documentation teaches. A peer's function imports its library,
so that a missing library only disables that peer.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.augmentation import Augmentation
from netcore import (
    INITIALIZERS,
    LOSSES,
    OPTIMIZERS,
    Buffers,
    Hyperparameters,
    Network,
    TrainState,
    train,
)
from netcore.matmul import matmul
from netcore.network import micro_batches
from netcore.training import Workspace, max_workers

M, N_CLASSES = 60_000, 10
WORKERS = "NETCORE_WORKERS"
LEARNING_RATE = {"gradient_descent": 0.01, "adam": 1e-4}

Step = Callable[[], float]


@dataclass(frozen=True)
class Setting:
    """What is timed. batch_size None means all examples at once."""

    layer_dims: tuple[int, ...]
    batch_size: int | None
    optimizer: str

    @property
    def learning_rate(self) -> float:
        return LEARNING_RATE[self.optimizer]


@lru_cache(maxsize=1)
def examples() -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Random rows (M, 784) from 0 to 1 and labels (M,): the time of a step does not depend on
    them.
    """
    rng = np.random.default_rng(0)
    return rng.random((M, 784), dtype=np.float32), rng.integers(N_CLASSES, size=M)


def batches(batch_size: int) -> Iterator[NDArray[np.int64]]:
    """The row indices of one minibatch after another, in a new order every epoch."""
    rng = np.random.default_rng(1)
    while True:
        order = rng.permutation(M)
        for start in range(0, M - batch_size + 1, batch_size):
            yield order[start : start + batch_size]


def n_workers() -> int:
    """The number of threads that may share a big batch in netcore."""
    return int(os.environ.get(WORKERS, "1"))


def _network(layer_dims: Sequence[int]) -> Network:
    activations = ["relu"] * (len(layer_dims) - 2) + ["softmax"]
    rng = np.random.default_rng(2)
    return Network.create(layer_dims, activations, INITIALIZERS["he"], rng=rng)


def netcore(setting: Setting) -> Step:
    rows, labels = examples()
    X, Y = rows.T, np.eye(N_CLASSES, dtype=np.float32)[labels].T
    state = TrainState.start(_network(setting.layer_dims), OPTIMIZERS[setting.optimizer], seed=0)
    hyper = Hyperparameters(setting.learning_rate, 10**9, batch_size=setting.batch_size)
    workspace = Workspace(n_workers())
    records = train(state, X, Y, LOSSES["cross_entropy"], hyper, workspace=workspace)
    return lambda: next(records).cost


def textbook(setting: Setting) -> Step:
    from benchmarks import textbook as tb

    rows, labels = examples()
    X, Y = rows.astype(np.float64).T, np.eye(N_CLASSES)[labels].T
    params = tb.init_params(setting.layer_dims, rng=np.random.default_rng(2))
    moments, t = tb.init_moments(params), 0
    index = batches(setting.batch_size) if setting.batch_size else None

    def step() -> float:
        nonlocal params, moments, t
        X_batch, Y_batch = X, Y
        if index:
            chosen = next(index)
            X_batch, Y_batch = X[:, chosen], Y[:, chosen]
        cache = tb.forward_prop(X_batch, params)
        grads = tb.back_prop(cache, params, Y_batch)
        t += 1
        if setting.optimizer == "adam":
            params, moments = tb.update_params_adam(
                params, grads, moments, setting.learning_rate, t
            )
        else:
            params = tb.update_params(params, grads, setting.learning_rate)
        return tb.compute_cost(cache[f"A{len(setting.layer_dims) - 1}"], Y_batch)

    return step


def pytorch(setting: Setting) -> Step:
    import torch

    torch.manual_seed(0)
    X, y = (torch.from_numpy(array) for array in examples())
    layers: list[Any] = []
    for n_in, n_out in pairwise(setting.layer_dims):
        layers += [torch.nn.Linear(n_in, n_out), torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers[:-1])
    loss_function = torch.nn.CrossEntropyLoss()
    optimizer = {
        "gradient_descent": torch.optim.SGD,
        "adam": torch.optim.Adam,
    }[setting.optimizer](model.parameters(), lr=setting.learning_rate)
    index = (torch.from_numpy(each) for each in batches(setting.batch_size or M))

    def step() -> float:
        X_batch, y_batch = X, y
        if setting.batch_size:
            chosen = next(index)
            X_batch, y_batch = X[chosen], y[chosen]
        optimizer.zero_grad()
        loss = loss_function(model(X_batch), y_batch)
        loss.backward()
        optimizer.step()
        return float(loss.item())

    return step


def jax(setting: Setting) -> Step:
    import jax
    import jax.numpy as jnp

    rows, labels = examples()
    X, y = jnp.asarray(rows), jnp.asarray(labels)
    key = jax.random.key(0)
    params = [
        (jax.random.normal(key, (n_in, n_out)) * jnp.sqrt(2 / n_in), jnp.zeros(n_out))
        for n_in, n_out in pairwise(setting.layer_dims)
    ]
    index = batches(setting.batch_size) if setting.batch_size else None

    def cost(params: Any, X: Any, y: Any) -> Any:
        A = X
        for W, b in params[:-1]:
            A = jax.nn.relu(A @ W + b)
        W, b = params[-1]
        scores = jax.nn.log_softmax(A @ W + b)
        return -jnp.mean(jnp.take_along_axis(scores, y[:, None], axis=1))

    @partial(jax.jit, donate_argnums=0)
    def update(state: Any, X: Any, y: Any, chosen: Any) -> Any:
        params, m, v, t = state
        if chosen is not None:
            X, y = X[chosen], y[chosen]
        J, grads = jax.value_and_grad(cost)(params, X, y)
        rate, t = setting.learning_rate, t + 1
        tree = jax.tree.map
        if setting.optimizer == "adam":
            m = tree(lambda m, g: 0.9 * m + 0.1 * g, m, grads)
            v = tree(lambda v, g: 0.999 * v + 0.001 * g * g, v, grads)
            rate = rate * jnp.sqrt(1 - 0.999**t) / (1 - 0.9**t)
            params = tree(lambda p, m, v: p - rate * m / (jnp.sqrt(v) + 1e-8), params, m, v)
        else:
            params = tree(lambda p, g: p - rate * g, params, grads)
        return (params, m, v, t), J

    zeros = partial(jax.tree.map, jnp.zeros_like)
    state = (params, zeros(params), zeros(params), jnp.float32(0))

    def step() -> float:
        nonlocal state
        state, J = update(state, X, y, next(index) if index else None)
        return float(J)

    return step


def scikit_learn(setting: Setting) -> Step:
    from sklearn.neural_network import MLPClassifier

    X, y = examples()
    model = MLPClassifier(
        hidden_layer_sizes=setting.layer_dims[1:-1],
        solver={"gradient_descent": "sgd", "adam": "adam"}[setting.optimizer],
        momentum=0,
        nesterovs_momentum=False,
        alpha=0,
        learning_rate_init=setting.learning_rate,
        batch_size=setting.batch_size or M,
        random_state=0,
    )
    classes = np.arange(N_CLASSES)
    index = batches(setting.batch_size) if setting.batch_size else None

    def step() -> float:
        X_batch, y_batch = X, y
        if index:
            chosen = next(index)
            X_batch, y_batch = X[chosen], y[chosen]
        model.partial_fit(X_batch, y_batch, classes=classes)
        return float(model.loss_)

    return step


def bare_products(setting: Setting) -> Step:
    """Only the matrix products of netcore's step, in its own buffers, with a big batch shared
    between as many threads.
    """
    rows, m = examples()[0], setting.batch_size or M
    X, network = rows[:m].T, _network(setting.layer_dims)
    Y = np.zeros((N_CLASSES, m), dtype=np.float32, order="F")
    parts, shares = micro_batches(m), []
    for i in range(n := max_workers(m)):
        buffers, share = Buffers(), []
        for part in parts[i::n]:
            caches = network.forward(X[:, part], buffers)
            grads = network.backward(caches, Y[:, part], LOSSES["cross_entropy"], buffers)
            share.append(list(zip(network.layers, caches, grads, strict=True)))
        shares.append(share)

    def go_through(share: list[Any]) -> None:
        for layers in share:
            for layer, cache, _ in layers:
                matmul(layer.W, cache.A_prev, out=cache.Z)
            for layer, cache, grad in reversed(layers):
                np.matmul(grad.dZ, cache.A_prev.T, out=grad.dW)
                if grad.dA_prev is not None:
                    np.matmul(layer.W.T, grad.dZ, out=grad.dA_prev)

    def step() -> float:
        if len(parts) == 1:
            go_through(shares[0])
        else:
            with ThreadPoolExecutor(n_workers()) as threads:
                list(threads.map(go_through, shares))
        return 0.0

    return step


def n_operations(setting: Setting) -> int:
    """Additions and multiplications in the matrix products of a step: W A_prev, dZ A_prevᵀ and,
    except for the first layer, Wᵀ dZ.

    >>> n_operations(Setting((784, 10, 10), 1, "gradient_descent"))
    31960
    """
    sizes = [n_in * n_out for n_in, n_out in pairwise(setting.layer_dims)]
    return 2 * (setting.batch_size or M) * (3 * sum(sizes) - sizes[0])


def one_product(setting: Setting) -> Step:
    """One large product of as many operations as the step has: the best that this machine's BLAS
    can do.
    """
    n = 1024
    rng = np.random.default_rng(3)
    A = rng.random((n, n), dtype=np.float32)
    B = rng.random((round(n_operations(setting) / (2 * n * n)), n), dtype=np.float32).T
    out = np.empty_like(B)

    def step() -> float:
        np.matmul(A, B, out=out)
        return 0.0

    return step


def augmentation(setting: Setting) -> Step:
    """Warping the minibatch, which comes before the step."""
    rows, _ = examples()
    assert setting.batch_size is not None
    X, rng = rows[: setting.batch_size].T, np.random.default_rng(4)
    warp = Augmentation((28, 28), 1.0)

    def step() -> float:
        warp(X, rng=rng)
        return 0.0

    return step
