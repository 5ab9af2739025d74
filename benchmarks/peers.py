"""A training step of netcore and of each library that a user might use instead, on the same data.

A peer is a function from a Setting to its Peer. Each call of the step takes the next minibatch of
60,000 examples of 784 numbers, makes one update, and returns the cost, as a loop that draws a curve
does. All start from the same parameters and take the same minibatches, so that `gradient` can
compare them. Each peer is written as its own documentation teaches. A peer's function imports its
library, so that a missing library only disables that peer.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import islice, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.augmentation import (
    N_WARPS,
    THICKNESS,
    Augmentation,
    coordinates,
)
from data.catalog import load
from data.dataset import one_hot
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
from netcore.matmul import Products, matmul
from netcore.schedules import SCHEDULES
from netcore.training import accumulator_micro_batches, weights_rng
from playground.prefetch import PrefetchingWorkspace

M, N_CLASSES, IMAGE_SHAPE = 60_000, 10, (28, 28)
WORKERS = "NETCORE_WORKERS"
LEARNING_RATE = {"gradient_descent": 0.01, "adam": 1e-4}

RANDOM = "random"
STEPS = 16  # steps in a call of scikit-learn, which shuffles what it is given

Step = Callable[[], float]
Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Setting:
    """What is timed. batch_size None means all examples at once.

    augmentation  whether the minibatch is warped, at strength 1
    checked       whether it is not timed, but one step is taken with the learning rate 1
    dataset       RANDOM, or a name of the catalog
    seed          of the initial parameters, of the order of examples and of the warps
    rate          the learning rate, where it is not the optimizer's usual one
    schedule, iterations  as in netcore's Hyperparameters
    """

    layer_dims: tuple[int, ...]
    batch_size: int | None
    optimizer: str
    augmentation: bool = False
    checked: bool = False
    dataset: str = RANDOM
    seed: int = 0
    rate: float | None = None
    schedule: str = "constant"
    iterations: int = 10**9

    @property
    def learning_rate(self) -> float:
        return 1.0 if self.checked else self.rate or LEARNING_RATE[self.optimizer]


@dataclass(frozen=True)
class Peer:
    """A peer at work. A call of `step` takes so many `steps`. `theta` is a copy of its parameters,
    in netcore's layout; a part without a network has none.
    """

    step: Step
    theta: Callable[[], Vector] = lambda: np.empty(0)
    steps: int = 1


def gradient(make: Callable[[Setting], Peer], setting: Setting) -> Vector:
    """The gradient of the first minibatch: how far a step of gradient descent with the learning
    rate 1 changes the parameters, downwards.
    """
    peer = make(replace(setting, optimizer="gradient_descent", augmentation=False, checked=True))
    before = peer.theta()
    peer.step()
    return before - peer.theta()


@lru_cache(maxsize=1)
def examples(dataset: str = RANDOM) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Rows (m, 784) from 0 to 1 and labels (m,) to train on: M random ones, on which the time of a
    step does not depend, or those of a data set.
    """
    if dataset != RANDOM:
        train = load(dataset).train
        return np.ascontiguousarray(train.X.T), train.labels.astype(np.int64)
    rng = np.random.default_rng(0)
    return rng.random((M, 784), dtype=np.float32), rng.integers(N_CLASSES, size=M)


def batches(m: int, batch_size: int, seed: int) -> Iterator[NDArray[np.int64]]:
    """The row indices of one minibatch after another, in a new order every epoch: those of
    netcore's TrainState.start for this seed.
    """
    rng = np.random.default_rng([seed, 1])
    while True:
        order = rng.permutation(m)
        for start in range(0, m, batch_size):
            yield order[start : start + batch_size]


def n_workers() -> int:
    """The number of threads that may share a step in netcore."""
    return int(os.environ.get(WORKERS, "1"))


def network_of(setting: Setting) -> Network:
    """The network at the start: all peers copy its parameters."""
    activations = ["relu"] * (len(setting.layer_dims) - 2) + ["softmax"]
    rng = weights_rng(setting.seed)
    return Network.create(setting.layer_dims, activations, INITIALIZERS["he"], rng=rng)


def _theta(pairs: Iterable[tuple[Any, Any]]) -> Vector:
    """The vector of W (n_out, n_in) and b of each layer, in netcore's layout."""
    arrays = [np.asarray(each, np.float64).ravel() for pair in pairs for each in pair]
    return np.concatenate(arrays)


def netcore(setting: Setting) -> Peer:
    rows, labels = examples(setting.dataset)
    X, Y = rows.T, one_hot(labels, N_CLASSES)
    optimizer, seed = OPTIMIZERS[setting.optimizer], setting.seed
    state = TrainState.start(network_of(setting), optimizer, seed=seed)
    hyper = Hyperparameters(
        setting.learning_rate, setting.iterations, setting.schedule, setting.batch_size
    )
    warp = Augmentation(IMAGE_SHAPE, 1.0) if setting.augmentation else None
    augment = None if warp is None else lambda X, rng: warp(X, rng=rng)
    workspace = PrefetchingWorkspace(n_workers)
    records = train(state, X, Y, LOSSES["cross_entropy"], hyper, augment, workspace)
    return Peer(lambda: next(records).cost, lambda: state.network.theta.astype(np.float64))


def one_thread(setting: Setting) -> Peer:
    """netcore with one thread: what other threads save."""
    return netcore(setting)


def textbook(setting: Setting) -> Peer:
    from benchmarks import textbook as tb

    rows, labels = examples(setting.dataset)
    X, Y = rows.astype(np.float64).T, np.eye(N_CLASSES)[labels].T
    params: tb.Params = {}
    for l, layer in enumerate(network_of(setting).layers, start=1):
        params[f"W{l}"], params[f"b{l}"] = layer.W.astype(float), layer.b.astype(float)
    moments, t = tb.init_moments(params), 0
    index = batches(len(labels), setting.batch_size, setting.seed) if setting.batch_size else None

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

    layers = range(1, len(setting.layer_dims))
    return Peer(step, lambda: _theta((params[f"W{l}"], params[f"b{l}"]) for l in layers))


def pytorch(setting: Setting) -> Peer:
    import torch

    torch.manual_seed(setting.seed)
    X, y = (torch.from_numpy(array) for array in examples(setting.dataset))
    layers: list[Any] = []
    for n_in, n_out in pairwise(setting.layer_dims):
        layers += [torch.nn.Linear(n_in, n_out), torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers[:-1])
    linear = layers[::2]
    with torch.no_grad():
        for layer, start in zip(linear, network_of(setting).layers, strict=True):
            layer.weight.copy_(torch.from_numpy(start.W))
            layer.bias.copy_(torch.from_numpy(start.b[:, 0]))
    loss_function = torch.nn.CrossEntropyLoss()
    optimizer = {
        "gradient_descent": torch.optim.SGD,
        "adam": torch.optim.Adam,
    }[setting.optimizer](model.parameters(), lr=setting.learning_rate)
    order = batches(len(y), setting.batch_size or M, setting.seed)
    augment = torch_augmentation() if setting.augmentation else None
    schedule, total = SCHEDULES[setting.schedule], setting.iterations
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda t: schedule(t / total))

    def step() -> float:
        X_batch, y_batch = X, y
        if setting.batch_size:
            chosen = torch.from_numpy(next(order))
            X_batch, y_batch = X[chosen], y[chosen]
        if augment is not None:
            X_batch = augment(X_batch)
        optimizer.zero_grad()
        loss = loss_function(model(X_batch), y_batch)
        loss.backward()
        optimizer.step()
        if setting.schedule != "constant":
            scheduler.step()
        return float(loss.item())

    return Peer(step, lambda: _theta((l.weight.detach(), l.bias.detach()) for l in linear))


def torch_augmentation() -> Callable[..., Any]:
    """The warps of data/augmentation.py as PyTorch's users write them: a sampling grid for each,
    `grid_sample`, and the change of thickness by `clamp`. Rows (m, n_x) -> rows.
    """
    import torch

    height, width = IMAGE_SHAPE
    rows, columns = coordinates(height, width, 1.0)
    grids = np.stack((2 * columns / (width - 1) - 1, 2 * rows / (height - 1) - 1), axis=-1)
    bank = torch.from_numpy(grids.astype(np.float32).reshape(N_WARPS, height, width, 2))

    def augment(X: Any, chosen: Any = None, change: Any = None) -> Any:
        m = len(X)
        if chosen is None:
            chosen = torch.randint(N_WARPS, (m,))
            change = (2 * torch.rand(m) - 1) * THICKNESS
        images = X.view(m, 1, height, width)
        warped = torch.nn.functional.grid_sample(images, bank[chosen], align_corners=True)
        change = change.view(m, 1)
        thicker = warped.view(m, -1) * (1 + change.abs()) + change.clamp(max=0)
        return thicker.clamp(0, 1)

    return augment


def jax(setting: Setting) -> Peer:
    import jax
    import jax.numpy as jnp

    rows, labels = examples(setting.dataset)
    X, y = jnp.asarray(rows), jnp.asarray(labels)
    start = network_of(setting).layers
    params = [(jnp.asarray(layer.W.T), jnp.asarray(layer.b[:, 0])) for layer in start]
    index = batches(len(labels), setting.batch_size, setting.seed) if setting.batch_size else None

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

    return Peer(step, lambda: _theta((np.asarray(W).T, b) for W, b in state[0]))


def scikit_learn(setting: Setting) -> Peer:
    """`partial_fit` shuffles what it is given and gathers its minibatches, once, as the others do.
    So it is given some minibatches at a time: the validation of its input then is no step's.
    """
    from sklearn.neural_network import MLPClassifier

    rows, labels = examples(setting.dataset)
    steps, m = 1, setting.batch_size or M
    if setting.batch_size:
        steps = 1 if setting.checked else min(STEPS, M // m)
        index = np.concatenate(list(islice(batches(M, m, setting.seed), steps)))
        rows, labels = rows[index], labels[index]
    model = MLPClassifier(
        hidden_layer_sizes=setting.layer_dims[1:-1],
        solver={"gradient_descent": "sgd", "adam": "adam"}[setting.optimizer],
        momentum=0,
        nesterovs_momentum=False,
        alpha=0,
        learning_rate_init=setting.learning_rate,
        batch_size=m,
        random_state=0,
    )
    classes = np.arange(N_CLASSES)
    model.partial_fit(rows[:m], labels[:m], classes=classes)  # it makes its parameters
    for W, b, layer in zip(
        model.coefs_, model.intercepts_, network_of(setting).layers, strict=True
    ):
        W[:], b[:] = layer.W.T, layer.b[:, 0]

    def step() -> float:
        model.partial_fit(rows, labels)
        return float(model.loss_)

    def theta() -> Vector:
        return _theta((W.T, b) for W, b in zip(model.coefs_, model.intercepts_, strict=True))

    return Peer(step, theta, steps)


def bare_products(setting: Setting) -> Peer:
    """Only the matrix products of netcore's step, in its own buffers, shared between as many
    threads.
    """
    rows, m = examples()[0], setting.batch_size or M
    X, network = rows[:m].T, network_of(setting)
    Y = np.zeros((N_CLASSES, m), dtype=np.float32, order="F")
    shares = []
    for batches in accumulator_micro_batches(m):
        buffers, share = Buffers(), []
        for part in batches:
            caches = network.forward(X[:, part], buffers)
            grads = network.backward(caches, Y[:, part], LOSSES["cross_entropy"], buffers)
            share.append(list(zip(network.layers, caches, grads, strict=True)))
        shares.append(share)
    pool = PrefetchingWorkspace(n_workers).pool
    of_products = pool.map if pool is not None and len(shares) == 1 else None

    def go_through(i: int) -> None:
        for layers in shares[i]:
            for layer, cache, _ in layers:
                matmul(layer.W, cache.A_prev, out=cache.Z, map=of_products)
            products = Products(of_products)
            for layer, cache, grad in reversed(layers):
                products.add(grad.dZ, cache.A_prev.T, out=grad.dW)
                if grad.dA_prev is not None:
                    np.matmul(layer.W.T, grad.dZ, out=grad.dA_prev)
            products.compute()

    def step() -> float:
        if pool is not None and len(shares) > 1:
            pool.map(go_through, range(len(shares)))
        else:
            for i in range(len(shares)):
                go_through(i)
        return 0.0

    return Peer(step)


def n_operations(setting: Setting) -> int:
    """Additions and multiplications in the matrix products of a step: W A_prev, dZ A_prevᵀ and,
    except for the first layer, Wᵀ dZ.

    >>> n_operations(Setting((784, 10, 10), 1, "gradient_descent"))
    31960
    """
    sizes = [n_in * n_out for n_in, n_out in pairwise(setting.layer_dims)]
    return 2 * (setting.batch_size or M) * (3 * sum(sizes) - sizes[0])


def one_product(setting: Setting) -> Peer:
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

    return Peer(step)


def augmentation(setting: Setting) -> Peer:
    """Warping the minibatch, which comes before the step."""
    rows, _ = examples()
    assert setting.batch_size is not None
    X, rng = rows[: setting.batch_size].T, np.random.default_rng(4)
    warp = Augmentation(IMAGE_SHAPE, 1.0)

    def step() -> float:
        warp(X, rng=rng)
        return 0.0

    return Peer(step)
