"""The gradient check passes correct gradients and finds every planted mistake that matters."""

from typing import Any

import numpy as np
import pytest

from netcore.activations import HIDDEN_ACTIVATIONS
from netcore.gradient_check import GOOD
from netcore.initializers import he
from netcore.losses import LOSSES
from netcore.network import Network
from playground.config import RunConfig
from playground.gradient_bugs import GRADIENT_BUGS, check, is_good
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
