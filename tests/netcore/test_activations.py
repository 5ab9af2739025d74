"""Properties of every pair (f, vjp), and known values of each."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import DTypeLike

from netcore.activations import ACTIVATIONS, HIDDEN_ACTIVATIONS, Activation, softmax
from netcore.array import Array, lookup

EVERY = pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=lambda a: a.name)
DTYPES = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def some(dtype: DTypeLike, seed: int = 0) -> Array:
    return np.random.default_rng(seed).standard_normal((7, 4)).astype(dtype).T


def test_names_are_the_keys_and_hidden_layers_have_all_but_softmax() -> None:
    assert all(name == activation.name for name, activation in ACTIVATIONS.items())
    assert set(ACTIVATIONS) - set(HIDDEN_ACTIVATIONS) == {"softmax"}


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="unknown activation 'rellu'; choose one of: relu, leaky"):
        lookup(ACTIVATIONS, "rellu", "activation")


@pytest.mark.parametrize(
    ("name", "A"),
    [  # at Z = -1, 0, 2; to six digits
        ("relu", [0, 0, 2]),
        ("leaky_relu", [-0.01, 0, 2]),
        ("elu", [-0.632121, 0, 2]),  # e⁻¹ − 1
        ("tanh", [-0.761594, 0, 0.964028]),
        ("sigmoid", [0.268941, 0.5, 0.880797]),
        ("gelu", [-0.158808, 0, 1.954598]),  # −(1 + tanh(−0.797885 · 1.044715)) / 2 at −1
        ("identity", [-1, 0, 2]),
        ("softmax", [0.042010, 0.114195, 0.843795]),  # e⁻¹, 1 and e² over their sum 8.756936
    ],
)
def test_known_values(name: str, A: list[float]) -> None:
    Z = np.array([[-1.0], [0.0], [2.0]])
    np.testing.assert_allclose(ACTIVATIONS[name].f(Z)[:, 0], A, atol=5e-7)


@EVERY
@DTYPES
def test_shape_and_type_are_kept_and_nothing_given_is_changed(
    activation: Activation, dtype: DTypeLike
) -> None:
    Z, dA = some(dtype), some(dtype, seed=1)
    A = activation.f(Z)
    A_before = A.copy()
    dZ = activation.vjp(dA, Z, A)
    for M in (A, dZ):
        assert (M.shape, M.dtype) == (Z.shape, Z.dtype)
    for M, before in ((Z, some(dtype)), (dA, some(dtype, seed=1)), (A, A_before)):
        np.testing.assert_array_equal(M, before)


@EVERY
@DTYPES
def test_results_in_a_given_array_are_the_same_bits(
    activation: Activation, dtype: DTypeLike
) -> None:
    Z, dA = some(dtype), some(dtype, seed=1)
    A, out = activation.f(Z), np.full_like(Z, np.nan)
    assert activation.f(Z, out=out) is out
    np.testing.assert_array_equal(out, A)
    dZ, out = activation.vjp(dA, Z, A), np.full_like(Z, np.nan)
    assert activation.vjp(dA, Z, A, out=out) is out
    np.testing.assert_array_equal(out, dZ)
    assert activation.vjp(dA, Z, A, out=dA) is dA
    np.testing.assert_array_equal(dA, dZ)


@EVERY
@DTYPES
@pytest.mark.parametrize("size", [1e4, 1e9])
def test_large_inputs_give_finite_results(
    activation: Activation, dtype: DTypeLike, size: float
) -> None:
    Z = np.array([[size, -size, 0, size], [-size, -size, size, size]], dtype=dtype)
    A = activation.f(Z)
    assert np.isfinite(A).all()
    for dA in (np.ones_like(Z), -size * np.ones_like(Z), Z):
        assert np.isfinite(activation.vjp(dA, Z, A)).all()


@settings(deadline=None)
@given(
    st.lists(st.floats(-50, 50), min_size=2, max_size=6),
    st.floats(-1e3, 1e3),
)
def test_softmax_is_invariant_to_a_shift(scores: list[float], shift: float) -> None:
    Z = np.array(scores)[:, np.newaxis]
    np.testing.assert_allclose(softmax(Z + shift), softmax(Z), rtol=1e-9, atol=1e-12)
    assert softmax(Z).sum() == pytest.approx(1, abs=1e-12)
