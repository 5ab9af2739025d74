"""The gradient check passes what is right and catches every mistake that does harm."""

import numpy as np
import pytest

from netcore.activations import HIDDEN_ACTIVATIONS
from netcore.gradient_check import GOOD
from netcore.initializers import he
from netcore.losses import LOSSES
from netcore.network import Network
from playground.mistakes import MISTAKES, check

HARMLESS = {("A for Z", "relu"), ("A for Z", "leaky_relu"), ("A for Z", "identity")}
HARMLESS |= {("derivative", "identity"), ("Z for A", "identity")}


@pytest.mark.parametrize("activation", HIDDEN_ACTIVATIONS)
@pytest.mark.parametrize("mistake", MISTAKES)
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
