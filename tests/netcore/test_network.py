"""Forward and backward: an example worked by hand, shapes, reused arrays, and errors."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import DTypeLike

from netcore.activations import ACTIVATIONS, HIDDEN_ACTIVATIONS
from netcore.array import Array
from netcore.gradient_check import check_gradients
from netcore.initializers import he
from netcore.losses import LOSSES
from netcore.network import MICRO_BATCH, Buffers, Network, n_parameters
from tests.netcore.examples import examples, network

CROSS_ENTROPY = LOSSES["cross_entropy"]


def test_two_examples_through_2_2_1_by_hand() -> None:
    # Two examples, the columns of X; ReLU, then identity with half the squared error.
    X = np.array([[1.0, 0.0], [2.0, 1.0]])
    Y = np.array([[1.0, 0.5]])
    net = Network([2, 2, 1], ["relu", "identity"], np.zeros(9))
    one, two = net.layers
    one.W[:], one.b[:] = [[1, 1], [1, -1]], [[-2], [2]]
    two.W[:], two.b[:] = [[2, -1]], [[0.5]]
    loss = LOSSES["half_squared_error"]

    first, second = net.forward(X)
    # Z[1] = W X + b = [[1+2-2, 0+1-2], [1-2+2, 0-1+2]]
    assert first.Z.tolist() == [[1, -1], [1, 1]]
    assert first.A.tolist() == [[1, 0], [1, 1]]
    # Z[2] = [2·1 - 1·1 + 0.5, 2·0 - 1·1 + 0.5]
    assert second.A.tolist() == [[1.5, -0.5]]
    # A - Y = [0.5, -1]: J = (0.25 + 1) / (2·2)
    assert loss.value(second.A, Y) == 0.3125

    grad_1, grad_2 = net.backward([first, second], Y, loss, with_dX=True)
    # dZ[2] = (A - Y) / 2
    assert grad_2.dZ.tolist() == [[0.25, -0.5]]
    # dW[2] = dZ[2] A[1]ᵀ = [0.25·1 - 0.5·0, 0.25·1 - 0.5·1],  db[2] = 0.25 - 0.5
    assert grad_2.dW.tolist() == [[0.25, -0.25]]
    assert grad_2.db.tolist() == [[-0.25]]
    # dA[1] = W[2]ᵀ dZ[2] = [[2·0.25, 2·-0.5], [-0.25, 0.5]]
    assert grad_2.dA_prev is not None
    assert grad_2.dA_prev.tolist() == [[0.5, -1], [-0.25, 0.5]]
    # dZ[1]: that where Z[1] > 0
    assert grad_1.dZ.tolist() == [[0.5, 0], [-0.25, 0.5]]
    # dW[1] = dZ[1] Xᵀ = [[0.5·1, 0.5·2], [-0.25·1 + 0.5·0, -0.25·2 + 0.5·1]]
    assert grad_1.dW.tolist() == [[0.5, 1], [-0.25, 0]]
    assert grad_1.db.tolist() == [[0.5], [0.25]]
    # dX = W[1]ᵀ dZ[1]: the sum of its rows, and their difference
    assert grad_1.dA_prev is not None
    assert grad_1.dA_prev.tolist() == [[0.25, 0.5], [0.75, -0.5]]


def test_parameters_are_one_vector_and_layers_are_views_into_it() -> None:
    net = network([3, 4, 2], ["tanh", "softmax"])
    assert net.theta.size == n_parameters([3, 4, 2]) == 4 * 3 + 4 + 2 * 4 + 2
    net.theta[:] = np.arange(26)
    assert net.layers[0].W.ravel().tolist() == list(range(12))
    assert net.layers[0].b.ravel().tolist() == [12, 13, 14, 15]
    assert net.layers[1].W.ravel().tolist() == list(range(16, 24))
    assert net.layers[1].b.ravel().tolist() == [24, 25]


def test_a_copy_has_parameters_of_its_own() -> None:
    net = network([3, 4, 2], ["tanh", "softmax"])
    copy = net.copy()
    np.testing.assert_array_equal(copy.theta, net.theta)
    copy.theta += 1
    assert (copy.theta != net.theta).all()


layer_lists = st.lists(st.integers(1, 7), min_size=2, max_size=6)


@settings(deadline=None)
@given(st.data(), layer_lists, st.integers(1, 9), st.sampled_from([np.float32, np.float64]))
def test_shapes_and_type_for_any_layers(
    data: st.DataObject, layer_dims: list[int], m: int, dtype: DTypeLike
) -> None:
    hidden = st.sampled_from(list(HIDDEN_ACTIVATIONS))
    activations = [*(data.draw(hidden) for _ in layer_dims[2:]), "softmax"]
    rng = np.random.default_rng(0)
    net = Network.create(layer_dims, activations, he, rng=rng, dtype=dtype)
    X, Y = examples(layer_dims[0], layer_dims[-1], m, dtype=dtype)
    caches = net.forward(X)
    grads = net.backward(caches, Y, CROSS_ENTROPY, with_dX=True)
    assert len(net.layers) == len(caches) == len(grads) == len(layer_dims) - 1
    for l, (layer, cache, grad) in enumerate(zip(net.layers, caches, grads, strict=True), start=1):
        n, n_prev = layer_dims[l], layer_dims[l - 1]
        assert (layer.n_out, layer.n_in) == (n, n_prev)
        assert layer.W.shape == grad.dW.shape == (n, n_prev)
        assert layer.b.shape == grad.db.shape == (n, 1)
        assert cache.Z.shape == cache.A.shape == grad.dZ.shape == (n, m)
        assert grad.dA_prev is not None
        assert cache.A_prev.shape == grad.dA_prev.shape == (n_prev, m)
        for M in (layer.W, cache.Z, cache.A, grad.dW, grad.db, grad.dZ, grad.dA_prev):
            assert M.dtype == dtype
    np.testing.assert_allclose(net.predict(X).sum(axis=0), 1, rtol=1e-5)


def test_type_follows_theta_whatever_X_is() -> None:
    X, Y = examples(dtype=np.float64)
    net = network([3, 4, 3], ["tanh", "softmax"], dtype=np.float32)
    caches = net.forward(X)
    grads = net.backward(caches, Y, CROSS_ENTROPY)
    assert {M.dtype for c in caches for M in (c.Z, c.A)} == {np.dtype(np.float32)}
    assert {M.dtype for g in grads for M in (g.dW, g.db, g.dZ)} == {np.dtype(np.float32)}
    assert net.predict(X).dtype == np.float32


@settings(deadline=None)
@given(st.permutations(range(8)))
def test_the_order_of_examples_changes_neither_cost_nor_gradients(order: list[int]) -> None:
    X, Y = examples(m=8)
    net = network([3, 5, 3], ["gelu", "softmax"])
    results = []
    for index in (range(8), order):
        caches = net.forward(X[:, index])
        grads = net.backward(caches, Y[:, index], CROSS_ENTROPY)
        results.append(
            np.concatenate(
                [
                    [CROSS_ENTROPY.value(caches[-1].A, Y[:, index])],
                    *(M.ravel() for grad in grads for M in (grad.dW, grad.db)),
                ]
            )
        )
    np.testing.assert_allclose(results[1], results[0], rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("order", ["C", "F"])
def test_memory_order_of_X_changes_nothing(order: Any) -> None:
    X, _ = examples()
    net = network([3, 5, 3], ["gelu", "softmax"])
    caches = net.forward(X.copy(order=order))
    np.testing.assert_allclose(caches[-1].A, net.forward(X)[-1].A, rtol=1e-14)


def test_one_example_of_another_type_has_the_gradient_of_any_batch() -> None:
    net = network([3, 5, 3], ["relu", "softmax"], dtype=np.float32)
    X, Y = examples(m=1)
    one = net.backward(net.forward(X), Y, CROSS_ENTROPY)
    twice = net.backward(net.forward(np.repeat(X, 2, 1)), np.repeat(Y, 2, 1), CROSS_ENTROPY)
    for single, double in zip(one, twice, strict=True):
        np.testing.assert_allclose(single.dW, double.dW, rtol=1e-5)


# Buffers reused from step to step


def passes(net: Network, m: int, buffers: Buffers | None) -> list[Array]:
    X, Y = examples(m=m, seed=m, dtype=np.float32)
    caches = net.forward(X, buffers, dropout=0.3, rng=np.random.default_rng(m))
    grads = net.backward(caches, Y, CROSS_ENTROPY, buffers, with_dX=True)
    arrays = [M for c in caches for M in (c.A_prev, c.Z, c.A, c.D)]
    arrays += [M for g in grads for M in (g.dW, g.db, g.dZ, g.dA_prev)]
    return [M for M in arrays if M is not None]


@settings(deadline=None)
@given(st.lists(st.integers(1, 12), min_size=1, max_size=12))
def test_reused_buffers_give_the_same_bits_as_new_ones(widths: list[int]) -> None:
    net, buffers = network([3, 5, 4, 3], ["elu", "tanh", "softmax"], dtype=np.float32), Buffers()
    for m in widths:  # more widths than are kept: none may be dropped or reused while in use
        for kept, fresh in zip(passes(net, m, buffers), passes(net, m, None), strict=True):
            np.testing.assert_array_equal(kept, fresh)


def test_arrays_are_kept_for_the_usual_widths_and_a_new_type_gets_new_ones() -> None:
    buffers = Buffers()
    first = buffers.matrix("Z1", 3, 8, np.float32)
    buffers.matrix("Z1", 3, 5, np.float32)
    assert buffers.matrix("Z1", 3, 8, np.float32) is first
    assert not np.shares_memory(buffers.matrix("A1", 3, 8, np.float32), first)
    assert buffers.matrix("Z1", 3, 8, np.float64).dtype == np.float64
    assert first.flags.c_contiguous
    assert buffers.matrix("X", 3, 8, np.float32, "F").flags.f_contiguous


def test_any_number_of_widths_takes_bounded_memory() -> None:
    buffers = Buffers()
    for m in range(1, 200):
        buffers.matrix("Z1", 3, m, np.float32)
        buffers.matrix("A1", 3, m, np.float32)
    assert len(buffers._matrices) <= 2 * Buffers.MAX_WIDTHS


def test_a_gradient_vector_fits_the_network_asked_for() -> None:
    buffers = Buffers()
    theta = np.zeros(5, dtype=np.float32)
    gradient = buffers.vector("gradient", theta)
    assert buffers.vector("gradient", theta) is gradient
    assert buffers.vector("gradient", theta.astype(np.float64)).dtype == np.float64
    assert buffers.vector("gradient", np.zeros(6)).size == 6


# Predict


def test_predict_in_micro_batches_is_forward() -> None:
    m = 2 * MICRO_BATCH + 5
    X, _ = examples(m=m, dtype=np.float32)
    net = network([3, 5, 3], ["relu", "softmax"], dtype=np.float32)
    np.testing.assert_allclose(net.predict(X), net.forward(X)[-1].A, rtol=1e-5)


def test_predict_of_no_examples_is_no_predictions() -> None:
    assert network([3, 5, 2], ["relu", "softmax"]).predict(np.empty((3, 0))).shape == (2, 0)


def test_the_result_of_predict_is_not_overwritten() -> None:
    X, _ = examples()
    net = network([3, 5, 3], ["relu", "softmax"])
    A = net.predict(X)
    before = A.copy()
    net.predict(2 * X)
    np.testing.assert_array_equal(A, before)


# Dropout


def test_dropout_leaves_out_its_share_of_hidden_units_and_keeps_the_mean() -> None:
    X, _ = examples(m=500)
    net = network([3, 50, 3], ["sigmoid", "softmax"])
    hidden, output = net.forward(X, dropout=0.2, rng=np.random.default_rng(0))
    assert hidden.D is not None
    assert sorted(set(hidden.D.ravel().tolist())) == [0, 1 / 0.8]
    assert (hidden.D == 0).mean() == pytest.approx(0.2, abs=0.01)
    np.testing.assert_array_equal(output.A_prev, hidden.A * hidden.D)
    assert output.D is None


def test_without_dropout_no_random_numbers_are_drawn() -> None:
    X, _ = examples()
    rng = np.random.default_rng(0)
    caches = network([3, 4, 3], ["relu", "softmax"]).forward(X, dropout=0.0, rng=rng)
    assert all(cache.D is None for cache in caches)
    assert rng.random() == np.random.default_rng(0).random()


def test_dropout_without_rng_is_rejected() -> None:
    X, _ = examples()
    with pytest.raises(ValueError, match="give forward an rng"):
        network([3, 4, 3], ["relu", "softmax"]).forward(X, dropout=0.5)


# Errors


@pytest.mark.parametrize(
    ("layer_dims", "sentence"),
    [
        ([784], r"layer_dims is \[784\]: give at least the sizes of the input and the output"),
        ([], r"layer_dims is \[\]: give at least"),
        ([784, 0, 10], "layer_dims has 0: every size must be a whole number from 1 up"),
        ([784, -3, 10], "layer_dims has -3"),
        ([784, 2.5, 10], r"layer_dims has 2\.5"),
        ([784, True, 10], "layer_dims has True"),
        (["784", 10], "layer_dims has '784'"),
    ],
)
def test_impossible_sizes(layer_dims: list[Any], sentence: str) -> None:
    activations = ["softmax"] * (len(layer_dims) - 1)
    with pytest.raises(ValueError, match=sentence):
        Network.create(layer_dims, activations, he, rng=np.random.default_rng(0))


def test_an_unknown_activation() -> None:
    with pytest.raises(ValueError, match="unknown activation 'rellu'; choose one of: relu, "):
        network([3, 4, 2], ["rellu", "softmax"])


def test_too_few_activations() -> None:
    with pytest.raises(ValueError, match="1 activations for 2 layers: give one for each layer"):
        network([3, 4, 2], ["softmax"])


def test_parameters_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match=r"7 parameters for the network \[3, 2\], which has 8"):
        Network([3, 2], ["softmax"], np.zeros(7))


@pytest.mark.parametrize(
    ("shape", "sentence"),
    [
        ((8, 3), r"X has shape \(8, 3\), the network expects \(3, m\); .*, did you mean X\.T\?"),
        ((2, 8), r"X has shape \(2, 8\), .* examples are columns\.$"),
        ((3,), r"X has shape \(3,\), .* examples are columns\.$"),
    ],
)
def test_X_of_another_shape(shape: tuple[int, ...], sentence: str) -> None:
    net = network([3, 2], ["softmax"])
    for use in (net.forward, net.predict):
        with pytest.raises(ValueError, match=sentence):
            use(np.zeros(shape))


@pytest.mark.parametrize("shape", [(1, 8), (3, 1), (8,)])
@pytest.mark.parametrize("canonical", ["softmax", "none"])
def test_Y_of_another_shape_is_not_broadcast(shape: tuple[int, ...], canonical: str) -> None:
    X, _ = examples()
    net = network([3, 3], ["softmax"])
    loss = replace(CROSS_ENTROPY, canonical=canonical)
    with pytest.raises(ValueError, match=r"Y has shape .*, the prediction \(3, 8\)"):
        net.backward(net.forward(X), np.ones(shape), loss)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_has_its_gradient_at_the_output(name: str) -> None:
    X, Y = examples()
    net = network([3, 4, 3], ["tanh", name])
    checks = check_gradients(net, X, Y, LOSSES["half_squared_error"])
    assert {check.name for check in checks} >= {"W[1]", "b[1]", "W[2]", "b[2]"}
    assert max(check.relative_error for check in checks) < 1e-6
