"""The gradient check passes correct gradients and finds every planted mistake that matters."""

import inspect
from typing import Any

import numpy as np
import pytest

from netcore.activations import HIDDEN_ACTIVATIONS
from netcore.gradient_check import GOOD
from netcore.initializers import he
from netcore.losses import LOSSES
from netcore.network import Network
from playground.config import RunConfig
from playground.gradient_bugs import (
    GRADIENT_BUGS,
    check,
    is_good,
    noise_of,
    revealing,
    worst_first,
)
from playground.source_lines import line
from playground.trainer import Trainer
from tests.playground.examples import DATA, small

HARMLESS = {("A for Z", "relu"), ("A for Z", "leaky_relu"), ("A for Z", "identity")}
HARMLESS |= {("derivative", "identity"), ("Z for A", "identity")}


@pytest.mark.parametrize("activation", HIDDEN_ACTIVATIONS)
@pytest.mark.parametrize("mistake", GRADIENT_BUGS)
def test_a_mistake_is_caught_where_it_does_harm(mistake: str, activation: str) -> None:
    rng = np.random.default_rng(3)
    network = Network.create([6, 5, 4, 3], [activation, activation, "softmax"], he, rng=rng)
    X, Y = rng.standard_normal((6, 7)), np.eye(3)[rng.integers(3, size=7)].T
    before = network.theta.copy()
    checks = check(network, X, Y, LOSSES["cross_entropy"], mistake=mistake, sample=10)
    worst = max(each.relative_error for each in checks)
    if mistake == "none" or (mistake, activation) in HARMLESS:
        assert worst < GOOD
    else:
        assert worst > 1e-3
    assert np.array_equal(network.theta, before)


DEEP: dict[str, Any] = {
    "layers": (64, 32, 32, 32, 32, 32, 32, 4),
    "activations": ("sigmoid",),
    "initializer": "glorot",
}


@pytest.mark.parametrize(
    "config", [small(), small(**DEEP), small(initializer="zeros")], ids=["plain", "deep", "zeros"]
)
@pytest.mark.parametrize("mistake", ["none", "mean"])
def test_gradients_too_small_to_measure_are_no_mistake(config: RunConfig, mistake: str) -> None:
    """If gradients vanish, most of what finite differences give is the rounding of the costs."""
    trainer = Trainer(config.with_values(activations=("sigmoid",)), DATA)
    for _ in range(20):
        trainer.step()
    X, Y = DATA.train.X[:, :16], DATA.train.Y[:, :16]
    checks = check(trainer.network, X, Y, trainer.loss, mistake=mistake, sample=12)
    assert all(map(is_good, checks)) == (mistake == "none")


@pytest.mark.parametrize("mistake", [name for name in GRADIENT_BUGS if name != "none"])
def test_where_a_network_hides_a_mistake_another_one_shows_it(mistake: str) -> None:
    """ReLU forgives A for Z, [2, 1] what is done to hidden layers, zeros nearly everything."""
    rng = np.random.default_rng(3)
    X, Y = rng.standard_normal((2, 7)), rng.integers(2, size=(1, 7)).astype(float)
    loss = LOSSES["binary_cross_entropy"]
    hiding = 0
    for dims, activations in (([2, 1], ["sigmoid"]), ([2, 4, 1], ["relu", "sigmoid"])):
        network = Network.create(dims, activations, he, rng=rng)
        hiding += all(map(is_good, check(network, X, Y, loss, mistake=mistake, sample=10)))
        shown = check(revealing(network), X, Y, loss, mistake=mistake, sample=10)
        assert max(each.relative_error for each in shown) > 1e-3
        right = check(revealing(network), X, Y, loss, sample=10)
        assert all(map(is_good, right))
    assert hiding == {"mean": 0, "A for Z": 2}.get(mistake, 1)


@pytest.mark.parametrize("mistake", [name for name in GRADIENT_BUGS if name != "none"])
def test_the_planted_line_takes_the_place_of_one_of_netcore_s(mistake: str) -> None:
    bug = GRADIENT_BUGS[mistake]
    assert line(bug.line).text in inspect.getsource(Network.backward)
    assert bug.planted not in inspect.getsource(Network.backward)


def test_the_worst_entry_comes_first() -> None:
    rng = np.random.default_rng(3)
    network = Network.create([6, 5, 3], ["tanh", "softmax"], he, rng=rng)
    X, Y = rng.standard_normal((6, 7)), np.eye(3)[rng.integers(3, size=7)].T
    checks = check(network, X, Y, LOSSES["cross_entropy"], mistake="Z for A", sample=10)
    for each in checks:
        difference = np.abs(each.analytic - each.numerical)
        assert difference[worst_first(each)].tolist() == sorted(difference, reverse=True)


def test_a_confident_and_wrong_sigmoid_is_no_mistake_of_backward() -> None:
    """log A loses digits where A = (1 + tanh(Z/2)) / 2 is nearly 0."""
    network = Network.create([2, 1], ["sigmoid"], he, rng=np.random.default_rng(0))
    network.layers[0].W[:] = 6.0, 6.0
    X, Y = np.array([[-1.0, -0.9, 1.0], [-1.0, 0.3, 0.2]]), np.array([[1.0, 0.0, 1.0]])
    for mistake in ("none", "mean"):
        checks = check(network, X, Y, LOSSES["binary_cross_entropy"], mistake=mistake, sample=10)
        good = [is_good(each, noise_of(network, X, Y)) for each in checks]
        assert all(good) == (mistake == "none")
    assert not all(map(is_good, check(network, X, Y, LOSSES["binary_cross_entropy"], sample=10)))
