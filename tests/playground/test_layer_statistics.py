"""Layer statistics: of the run's own last step and its own units."""

import numpy as np
import pytest

from netcore.network import Network
from playground.layer_statistics import layer_statistics, norm
from playground.trainer import Trainer
from tests.playground.examples import DATA, small


def network_of(W: np.ndarray, b: list[float], activation: str) -> Network:
    network = Network([2, 2, 2], [activation, "softmax"], np.zeros(12))
    network.layers[0].W[:], network.layers[0].b[:, 0] = W, b
    return network


def test_dead_units_are_those_that_are_zero_for_every_example() -> None:
    X = np.array([[0.0, 1.0], [1.0, 0.0]])
    network = network_of(np.eye(2), [0.5, -2.0], "relu")
    (hidden, output) = layer_statistics(network, X, None)
    assert hidden.dead.tolist() == [1]
    assert output.dead.tolist() == []
    assert hidden.gradient is None
    tanh = network_of(np.zeros((2, 2)), [0.0, 0.0], "tanh")
    assert layer_statistics(tanh, X, None)[0].dead.tolist() == []


@pytest.mark.parametrize(("activation", "low"), [("sigmoid", 0.0), ("tanh", -1.0)])
def test_saturated_is_the_share_at_the_ends_of_the_range(activation: str, low: float) -> None:
    X = np.zeros((2, 3))
    signs = layer_statistics(network_of(np.eye(2), [9.0, 0.1], activation), X, None)
    assert signs[0].saturated == 0.5
    assert signs[1].saturated == 0.0
    assert signs[0].edges[0] >= low
    assert signs[0].counts.sum() == 6


def test_norms_are_of_each_layers_weights() -> None:
    trainer = Trainer(small(), DATA)
    before = trainer.network.theta.copy()
    trainer.step()
    gradient = trainer.last_gradient
    assert gradient is not None
    signs = layer_statistics(
        trainer.network, DATA.train.X, gradient, trainer.network.theta - before
    )
    changes = trainer.network.unpack(trainer.network.theta - before)
    for sign, (dW, _), (change, _), layer in zip(
        signs, trainer.network.unpack(gradient), changes, trainer.network.layers, strict=True
    ):
        assert sign.gradient == pytest.approx(np.linalg.norm(dW))
        ratio = np.linalg.norm(change) / np.linalg.norm(layer.W)
        assert sign.update == pytest.approx(ratio, rel=1e-4)


def test_numbers_that_are_not_finite_are_no_error() -> None:
    network = network_of(np.full((2, 2), np.nan), [0.0, 0.0], "relu")
    signs = layer_statistics(network, np.ones((2, 3)), np.full(12, np.inf), np.full(12, np.nan))
    assert len(signs) == 2


@pytest.mark.parametrize("size", [1e20, 1e37, 2.5e38])
def test_statistics_of_numbers_whose_squares_overflow(size: float) -> None:
    """Such numbers occur in the last steps before a run diverges."""
    rng = np.random.default_rng(0)
    network = Network([6, 4, 3], ["identity", "softmax"], np.zeros(43, dtype=np.float32))
    network.layers[0].W[:] = size * rng.uniform(-1, 1, (4, 6))
    X = np.eye(6, dtype=np.float32)
    gradient = (size * rng.uniform(-1, 1, 43)).astype(np.float32)
    first, _ = layer_statistics(network, X, gradient, gradient)
    dW, _ = network.unpack(gradient)[0]
    assert first.gradient == pytest.approx(np.linalg.norm(dW.astype(np.float64)))
    assert first.gradient is not None
    assert first.update == pytest.approx(first.gradient / norm(network.layers[0].W))
    assert np.isfinite(first.edges).all()
    assert first.counts.sum() == 24
