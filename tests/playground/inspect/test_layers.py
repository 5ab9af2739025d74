"""Units and ablation: against units that were really removed, counted one example at a time."""

import numpy as np
import pytest

from netcore.network import Network
from playground.inspect.ablation import (
    accuracy_of,
    accuracy_per_class,
    accuracy_without_each,
    cut_curve,
    least_important,
    logits_without,
    prune_curve,
    without_smallest,
    without_units,
)
from playground.inspect.layers import layers_of, unit_of
from playground.inspect.logits import class_logits
from tests.playground.inspect.trained import VALIDATION, trained, two_classes


def removed(network: Network, l: int, units: list[int]) -> Network:
    """A smaller network without these units of hidden layer l: their rows and columns are gone."""
    stays = np.setdiff1d(np.arange(network.layer_dims[l]), units)
    dims = list(network.layer_dims)
    dims[l] = len(stays)
    parts = []
    for k, layer in enumerate(network.layers, start=1):
        W, b = layer.W, layer.b
        if k == l:
            W, b = W[stays], b[stays]
        if k == l + 1:
            W = W[:, stays]
        parts += [W.ravel(), b.ravel()]
    return Network(dims, network.activations, np.concatenate(parts))


@pytest.mark.parametrize(("l", "units"), [(1, [0]), (1, [2, 5, 8]), (2, [6]), (2, [0, 1, 2, 3])])
@pytest.mark.parametrize("activation", ["relu", "sigmoid"])
def test_leaving_out_is_removing(l: int, units: list[int], activation: str) -> None:
    network = trained(9, 7, activation=activation)
    layers = layers_of(network, VALIDATION)
    smaller = removed(network, l, units)
    np.testing.assert_allclose(
        logits_without(network, layers, l, units), class_logits(smaller, VALIDATION.X), atol=1e-4
    )


def test_each_alone_is_measured_as_if_it_were_removed() -> None:
    for network, dataset in ((trained(9, 7), VALIDATION), two_classes()):
        layers = layers_of(network, dataset)
        for l in range(1, len(network.layers)):
            expected = [
                accuracy_of(class_logits(removed(network, l, [unit]), dataset.X), dataset.labels)
                for unit in range(network.layer_dims[l])
            ]
            np.testing.assert_allclose(accuracy_without_each(network, layers, l), expected)


def test_the_least_important_units_go_first_and_the_curve_ends_without_any() -> None:
    network = trained(12)
    layers = layers_of(network, VALIDATION)
    alone = accuracy_without_each(network, layers, 1)
    order = least_important(network, layers, 1, "measured", alone)
    assert sorted(order) == list(range(12))
    assert alone[order[0]] == alone.max()
    assert alone[order[-1]] == alone.min()
    counts, accuracies = cut_curve(network, layers, 1, order)
    assert (counts[0], counts[-1]) == (0, 12)
    assert accuracies[0] == accuracy_of(class_logits(network, VALIDATION.X), VALIDATION.labels)
    constant = network.layers[1].b.argmax()
    assert accuracies[-1] == np.mean(VALIDATION.labels == constant)
    by_size = least_important(network, layers, 1, "magnitude", alone)
    size = [
        np.abs(layers.A[0][unit]).mean() * np.sqrt(np.sum(network.layers[1].W[:, unit] ** 2))
        for unit in by_size
    ]
    assert size == sorted(size)


def test_the_smallest_weights_are_those_set_to_zero() -> None:
    network = trained(12)
    half = without_smallest(network, 0.5)
    kept_sizes, gone_sizes, n = [], [], 0
    for layer, before in zip(half.layers, network.layers, strict=True):
        kept_sizes += np.abs(before.W[layer.W != 0]).tolist()
        gone_sizes += np.abs(before.W[layer.W == 0]).tolist()
        n += before.W.size
        assert np.array_equal(layer.b, before.b)
    assert len(gone_sizes) == round(0.5 * n)
    assert max(gone_sizes) <= min(kept_sizes)
    shares = [0.0, 0.5, 1.0]
    curve = prune_curve(network, VALIDATION.X, VALIDATION.labels, shares)
    for share, accuracy in zip(shares, curve, strict=True):
        Z = class_logits(without_smallest(network, share), VALIDATION.X)
        assert accuracy == np.mean(Z.argmax(axis=0) == VALIDATION.labels)


def test_accuracy_per_class_is_the_share_of_each_that_is_right() -> None:
    Z = np.array([[2.0, 0, 0, 3], [1, 1, 1, 0], [0, 0, 0, 0]])
    assert accuracy_per_class(Z, np.array([0, 1, 0, 1]))[:2].tolist() == [0.5, 0.5]
    assert np.isnan(accuracy_per_class(Z, np.array([0, 1, 0, 1]))[2])


@pytest.mark.parametrize("activation", ["relu", "sigmoid", "tanh"])
def test_a_unit_is_what_its_examples_say_one_by_one(activation: str) -> None:
    network = trained(9, 7, activation=activation)
    layers = layers_of(network, VALIDATION)
    layer = network.layers[1]
    unit = unit_of(layers, layer.activation, 2, 3, 4)
    a = np.array([
        network.forward(VALIDATION.X[:, i : i + 1])[1].A[3, 0] for i in range(VALIDATION.m)
    ])  # fmt: skip
    np.testing.assert_allclose(unit.a, a, atol=1e-5)
    for label in range(4):
        assert unit.per_class[label] == pytest.approx(
            a[VALIDATION.labels == label].mean(), abs=1e-5
        )
    assert unit.a[unit.most[0]] == unit.a.max()
    assert unit.a[unit.least[0]] == unit.a.min()
    if activation == "relu":
        assert unit.dead == np.mean(a == 0)
        assert unit.saturated is None
    else:
        low = 0.01 if activation == "sigmoid" else -0.98
        high = 0.99 if activation == "sigmoid" else 0.98
        assert unit.dead is None
        assert unit.saturated == np.mean((a <= low) | (a >= high))


def test_only_as_many_examples_as_fit_are_kept() -> None:
    network = trained(12)
    assert layers_of(network, VALIDATION, most=10).m == 10
    assert layers_of(network, VALIDATION).m == VALIDATION.m


@pytest.mark.parametrize("l", [1, 2])
def test_a_copy_without_units_gives_the_logits_without_them(l: int) -> None:
    network = trained(12, 9)
    layers = layers_of(network, VALIDATION)
    bare = without_units(network, [(l, 1), (l, 4)])
    np.testing.assert_allclose(
        class_logits(bare, VALIDATION.X), logits_without(network, layers, l, [1, 4]), atol=1e-5
    )
    assert not np.array_equal(bare.theta, network.theta)
