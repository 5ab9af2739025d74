"""Side by side with TensorFlow Playground: the same settings, the same number of epochs, and which
of its four data sets are solved.

Its page trains minibatches of 10 at a learning rate of 0.03 through [2, 4, 2, 1] tanh on half of
500 points without noise. What that comes to is measured here, too, with its own algorithm: tanh
output, half the squared error of labels −1 and 1, weights uniform in ±0.5, biases 0.1.
Source: nn.ts, dataset.ts, state.ts and playground.ts of github.com/tensorflow/playground, 02469bd.
"""

from math import pi

import numpy as np
import pytest

from netcore.array import Array
from netcore.losses import LOSSES
from netcore.network import Network
from netcore.optimizers import OPTIMIZERS
from netcore.training import Hyperparameters, TrainState, train
from playground.config import RunConfig
from playground.run_data import load_data
from playground.trainer import Trainer

EPOCHS, POINTS, SEEDS = 300, 500, (1, 2, 3)
SOLVED = 0.99  # of the points that were not trained on
SETS = {"circles": True, "xor": True, "gaussians": True, "spiral": False}


def theirs(name: str, rng: np.random.Generator) -> tuple[Array, Array]:
    """X (2, m) and labels (1, m) of −1 and 1, as dataset.ts makes them without noise."""
    half = np.repeat([1.0, -1.0], POINTS // 2)
    if name == "circles":
        r = np.where(half > 0, rng.uniform(0, 2.5, POINTS), rng.uniform(3.5, 5, POINTS))
        angle = rng.uniform(0, 2 * pi, POINTS)
        X = r * np.stack([np.sin(angle), np.cos(angle)])
    elif name == "xor":
        X = rng.uniform(-5, 5, (2, POINTS))
        X += np.where(X > 0, 0.3, -0.3)
        half = np.where(X[0] * X[1] >= 0, 1.0, -1.0)
    elif name == "gaussians":
        X = 2 * half + rng.normal(0, np.sqrt(0.5), (2, POINTS))
    else:
        i = np.tile(np.arange(POINTS // 2) / (POINTS // 2), 2)
        t = 1.75 * i * 2 * pi + np.where(half > 0, 0, pi)
        X = 5 * i * np.stack([np.sin(t), np.cos(t)])
    return X, half[np.newaxis]


def solved_there(name: str, seed: int) -> float:
    """The share of its test points that its algorithm gets right."""
    rng = np.random.default_rng(seed)
    X, Y = theirs(name, rng)
    order = rng.permutation(POINTS)
    training, test = order[: POINTS // 2], order[POINTS // 2 :]
    network = Network.create(
        (2, 4, 2, 1), ("tanh",) * 3, lambda n, m, rng: rng.uniform(-0.5, 0.5, (n, m)), rng=rng
    )
    for layer in network.layers:
        layer.b[:] = 0.1
    state = TrainState.start(network, OPTIMIZERS["gradient_descent"], seed=seed)
    hyper = Hyperparameters(0.03, EPOCHS * len(training) // 10, batch_size=10)
    columns, targets = (np.asfortranarray(M[:, training], np.float32) for M in (X, Y))
    for _ in train(state, columns, targets, LOSSES["half_squared_error"], hyper):
        pass
    return float(np.mean(np.sign(network.predict(X[:, test])) == Y[:, test]))


def solved_here(name: str, seed: int) -> float:
    """The same share of this app's run of these settings."""
    config = RunConfig.default(name).with_values(
        layers=(2, 4, 2, 1), activations=("tanh", "tanh"), optimizer="gradient_descent",
        learning_rate=0.03, batch_size=10, points=POINTS, noise=0.0, seed=seed, epochs=EPOCHS,
        validation_fraction=0.5,
    )  # fmt: skip
    trainer = Trainer(config, load_data(config))
    while not trainer.done:
        trainer.step()
    return trainer.measure().validation.score


@pytest.mark.parametrize("name", SETS)
def test_the_same_sets_are_solved_after_as_many_epochs(name: str) -> None:
    there, here = ([solve(name, s) for s in SEEDS] for solve in (solved_there, solved_here))
    for shares in (there, here):  # a start or two of small networks may be unlucky
        assert (np.median(shares) >= SOLVED) == SETS[name], (there, here)
