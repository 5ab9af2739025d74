"""Each optimizer against its source's recursion, written out entry by entry in plain Python.

The recursions are written as the sources have them, not as `netcore.optimizers` does: Nesterov
with its look-ahead, Adam with its two corrections apart.
"""

from math import sqrt

import numpy as np
import pytest
from numpy.typing import DTypeLike

from netcore.array import Array
from netcore.optimizers import (
    OPTIMIZERS,
    Adam,
    GradientDescent,
    Momentum,
    Nesterov,
    Optimizer,
    RMSProp,
)

RATES = [0.1, 0.1, 0.05, 0.2, 0.02] * 4  # changing on the way, as schedules do
START = [1.0, -2.0, 0.5]


def gradient(theta: list[float]) -> list[float]:
    """The gradient of a curved bowl: of θ⁴/4 + θ² in each entry, tied to its neighbor."""
    return [t**3 + 2 * t + 0.1 * theta[i - 1] for i, t in enumerate(theta)]


def gradient_descent(theta: list[float]) -> list[float]:
    for alpha in RATES:
        theta = [t - alpha * g for t, g in zip(theta, gradient(theta), strict=True)]
    return theta


def momentum(theta: list[float], mu: float = 0.9) -> list[float]:
    v = [0.0] * len(theta)
    for alpha in RATES:
        v = [mu * v_i - alpha * g for v_i, g in zip(v, gradient(theta), strict=True)]
        theta = [t + v_i for t, v_i in zip(theta, v, strict=True)]
    return theta


def nesterov(phi: list[float], mu: float = 0.9) -> list[float]:
    """The gradient is taken where the velocity is about to lead; that point is returned."""
    v = [0.0] * len(phi)
    for alpha in RATES:
        ahead = [p + mu * v_i for p, v_i in zip(phi, v, strict=True)]
        v = [mu * v_i - alpha * g for v_i, g in zip(v, gradient(ahead), strict=True)]
        phi = [p + v_i for p, v_i in zip(phi, v, strict=True)]
    return [p + mu * v_i for p, v_i in zip(phi, v, strict=True)]


def rmsprop(theta: list[float], rho: float = 0.9, epsilon: float = 1e-8) -> list[float]:
    s = [0.0] * len(theta)
    for alpha in RATES:
        g = gradient(theta)
        s = [rho * s_i + (1 - rho) * g_i**2 for s_i, g_i in zip(s, g, strict=True)]
        theta = [
            t - alpha * g_i / (sqrt(s_i) + epsilon) for t, g_i, s_i in zip(theta, g, s, strict=True)
        ]
    return theta


def adam(
    theta: list[float], beta_1: float = 0.9, beta_2: float = 0.999, epsilon: float = 1e-8
) -> list[float]:
    """Algorithm 1 of Kingma & Ba."""
    m, v = [0.0] * len(theta), [0.0] * len(theta)
    for t, alpha in enumerate(RATES, start=1):
        g = gradient(theta)
        m = [beta_1 * m_i + (1 - beta_1) * g_i for m_i, g_i in zip(m, g, strict=True)]
        v = [beta_2 * v_i + (1 - beta_2) * g_i**2 for v_i, g_i in zip(v, g, strict=True)]
        m_hat = [m_i / (1 - beta_1**t) for m_i in m]
        v_hat = [v_i / (1 - beta_2**t) for v_i in v]
        theta = [
            p - alpha * m_i / (sqrt(v_i) + epsilon)
            for p, m_i, v_i in zip(theta, m_hat, v_hat, strict=True)
        ]
    return theta


def run(optimizer: Optimizer) -> Array:
    theta = np.array(START)
    state = optimizer.init(theta)
    for t, alpha in enumerate(RATES, start=1):
        optimizer.step(theta, np.array(gradient(theta.tolist())), state, alpha, t)
    return theta


@pytest.mark.parametrize(
    ("optimizer", "expected"),
    [
        (GradientDescent(), gradient_descent(START)),
        (Momentum(), momentum(START)),
        (Momentum(mu=0.5), momentum(START, 0.5)),
        (Nesterov(), nesterov(START)),
        (Nesterov(mu=0.5), nesterov(START, 0.5)),
        (RMSProp(), rmsprop(START)),
        (RMSProp(rho=0.5, epsilon=0.1), rmsprop(START, 0.5, 0.1)),
        (Adam(), adam(START)),
        (Adam(beta_1=0.5, beta_2=0.7, epsilon=0.1), adam(START, 0.5, 0.7, 0.1)),
    ],
    ids=str,
)
def test_the_recursion_of_its_source(optimizer: Optimizer, expected: list[float]) -> None:
    np.testing.assert_allclose(run(optimizer), expected, rtol=1e-12)


def test_two_steps_of_adam_by_hand() -> None:
    # g = 1, then -3; α = 0.1, β₁ = 0.9, β₂ = 0.999
    # t = 1: m = 0.1, v = 0.001, m̂ = 1, v̂ = 1: θ = 0 - 0.1 · 1/1 = -0.1, whatever the size of g
    # t = 2: m = 0.09 - 0.3 = -0.21,      m̂ = -0.21 / 0.19 = -1.105263
    #        v = 0.000999 + 0.009 = 0.009999, v̂ = 0.009999 / 0.001999 = 5.002001
    #        θ = -0.1 + 0.1 · 1.105263 / 2.236515 = -0.1 + 0.0494190 = -0.0505810
    theta, adam = np.array([0.0]), Adam()
    state = adam.init(theta)
    adam.step(theta, np.array([1.0]), state, 0.1, 1)
    assert theta[0] == pytest.approx(-0.1, abs=1e-8)
    adam.step(theta, np.array([-3.0]), state, 0.1, 2)
    assert state["m"][0] == pytest.approx(-0.21)
    assert state["v"][0] == pytest.approx(0.009999)
    assert theta[0] == pytest.approx(-0.0505810, abs=5e-8)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_it_finds_the_minimum_of_a_parabola(name: str, dtype: DTypeLike) -> None:
    optimizer, bottom = OPTIMIZERS[name], np.array([3, -1, 0.5], dtype=dtype)
    steepness = np.array([0.5, 1, 2], dtype=dtype)
    theta = np.zeros(3, dtype=dtype)
    state = optimizer.init(theta)
    steps = 1000
    for t in range(1, steps + 1):
        learning_rate = 0.1 * (1 - t / (steps + 1))  # falling: RMSProp's steps never shrink
        optimizer.step(theta, steepness * (theta - bottom), state, learning_rate, t)
    np.testing.assert_allclose(theta, bottom, atol=1e-3)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_in_place_type_kept_and_gradient_left_alone(name: str, dtype: DTypeLike) -> None:
    optimizer = OPTIMIZERS[name]
    theta, g = np.ones(5, dtype=dtype), np.arange(5, dtype=dtype)
    state = optimizer.init(theta)
    vectors = dict(state)
    assert set(state) == set(optimizer.moments)
    assert all(not v.any() and v.dtype == dtype and v.shape == (5,) for v in state.values())
    optimizer.step(theta, g, state, 0.1, 1)
    assert theta.dtype == dtype
    assert (theta[1:] < 1).all()
    assert theta[0] == 1  # where the gradient is 0, the first step changes nothing
    np.testing.assert_array_equal(g, np.arange(5))
    for key, vector in vectors.items():
        assert state[key] is vector
        assert vector.dtype == dtype
        assert vector[1:].all()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_long_vector_moves_as_its_entries_do_alone(name: str) -> None:
    optimizer, n = OPTIMIZERS[name], 50_003
    rng = np.random.default_rng(0)
    whole = rng.standard_normal(n)
    places = np.append(rng.choice(n, 1000, replace=False), [0, n - 1])
    alone = whole[places]
    whole_state, alone_state = optimizer.init(whole), optimizer.init(alone)
    for t in range(1, 4):
        g = rng.standard_normal(n)
        optimizer.step(whole, g, whole_state, 0.1, t)
        optimizer.step(alone, g[places], alone_state, 0.1, t)
    np.testing.assert_allclose(whole[places], alone, rtol=1e-12)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_learning_rate_of_zero_changes_nothing(name: str) -> None:
    theta = np.ones(3)
    state = OPTIMIZERS[name].init(theta)
    OPTIMIZERS[name].step(theta, np.ones(3), state, 0.0, 1)
    assert theta.tolist() == [1, 1, 1]
