"""An example's way through a network: what units give is what forward gives, edges are w·a."""

import numpy as np

from netcore.initializers import he
from netcore.network import Network
from playground.pathway import MAX_EDGES, MAX_UNITS, pathway

RNG = np.random.default_rng(3)


def network(*layer_dims: int) -> Network:
    names = ("relu",) * (len(layer_dims) - 2)
    return Network.create(layer_dims, (*names, "softmax"), he, rng=RNG)


def test_units_give_what_the_network_predicts() -> None:
    made, x = network(20, 30, 12, 10), RNG.random((20, 1))
    way = pathway(made, x)
    assert [len(a) for a in way.A] == [20, 30, 12, 10]
    np.testing.assert_allclose(way.A[0], x[:, 0])
    np.testing.assert_allclose(way.A[-1], made.predict(x)[:, 0], rtol=1e-6)


def test_edges_are_the_largest_contributions_to_the_most_active_units() -> None:
    made, x = network(20, 30, 10), RNG.random((20, 1))
    way = pathway(made, x)
    for layer, before, after, edges in zip(
        made.layers, way.A[:-1], way.A[1:], way.edges, strict=True
    ):
        assert 0 < len(edges.carried) <= MAX_UNITS * MAX_EDGES
        for source, unit, each in zip(edges.source, edges.unit, edges.carried, strict=True):
            carried = layer.W[unit] * before
            assert np.isclose(each, carried[source], rtol=1e-6)
            assert np.sum(np.abs(carried) > abs(each) * 1.000001) < MAX_EDGES
            assert np.sum(np.abs(after) > np.abs(after[unit])) < MAX_UNITS


def test_inactive_units_contribute_nothing() -> None:
    made = network(20, 30, 10)
    way = pathway(made, np.zeros((20, 1)))
    assert way.edges[0].carried.size == 0


def test_a_diverged_network_has_a_way_too() -> None:
    made = network(20, 30, 10)
    made.layers[0].W[...] = np.inf
    way = pathway(made, RNG.random((20, 1)))
    assert all(np.isfinite(each.carried).all() for each in way.edges)
