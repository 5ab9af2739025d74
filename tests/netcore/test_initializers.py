"""The distribution of initial weights, and their random stream."""

import numpy as np
import pytest

from netcore.initializers import INITIALIZERS
from netcore.network import Network

N_OUT, N_IN = 300, 500
VARIANCE = {
    "he": 2 / N_IN,
    "glorot": 2 / (N_IN + N_OUT),
    "uniform": 1 / (3 * N_IN),  # of a uniform number between ±1/√n_in: (2/√n_in)² / 12
    "small": 0.01**2,
    "zeros": 0.0,
}
LIMIT = {"glorot": (6 / (N_IN + N_OUT)) ** 0.5, "uniform": N_IN**-0.5}


def test_every_initializer_is_here() -> None:
    assert set(VARIANCE) == set(INITIALIZERS)


@pytest.mark.parametrize("name", INITIALIZERS)
def test_mean_and_variance(name: str) -> None:
    W = INITIALIZERS[name](N_OUT, N_IN, rng=np.random.default_rng(0))
    assert W.shape == (N_OUT, N_IN)
    assert W.dtype == np.float64
    deviation = VARIANCE[name] ** 0.5
    assert abs(W.mean()) <= 4 * deviation / W.size**0.5  # four standard errors
    assert W.var() == pytest.approx(VARIANCE[name], rel=0.02)


@pytest.mark.parametrize("name", LIMIT)
def test_uniform_ones_fill_their_range(name: str) -> None:
    W = INITIALIZERS[name](N_OUT, N_IN, rng=np.random.default_rng(0))
    assert 0.999 * LIMIT[name] < abs(W).max() <= LIMIT[name]


@pytest.mark.parametrize("name", INITIALIZERS)
def test_the_same_stream_gives_the_same_weights(name: str) -> None:
    one, two = (INITIALIZERS[name](3, 4, rng=np.random.default_rng(7)) for _ in range(2))
    np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize("name", INITIALIZERS)
def test_forgetting_the_stream_is_an_error(name: str) -> None:
    with pytest.raises(TypeError, match="rng"):
        INITIALIZERS[name](3, 4)  # type: ignore[call-arg]


@pytest.mark.parametrize("name", INITIALIZERS)
def test_biases_start_at_zero(name: str) -> None:
    net = Network.create([4, 3, 2], ["relu"] * 2, INITIALIZERS[name], rng=np.random.default_rng(0))
    assert all(not layer.b.any() for layer in net.layers)
