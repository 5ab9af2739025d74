"""A network's predictions on the plane, as images."""

import numpy as np
import pytest

from data.points import HALF
from netcore.network import Network
from playground.decision_maps import MAP, MAX_SHOWN, SCALE, SURFACE, maps_of, surface_colors


def network(*layers: int, output: str = "sigmoid") -> Network:
    names = ["tanh"] * (len(layers) - 2) + [output]
    return Network.create(layers, names, lambda n, m, rng: rng.normal(size=(n, m)),
                          rng=np.random.default_rng(0))  # fmt: skip


def rgb(color: str) -> list[int]:
    return [int(color[i : i + 2], 16) for i in (1, 3, 5)]


def test_pictures_have_the_top_of_the_plane_on_top() -> None:
    x1, x2 = maps_of(network(2, 3, 1), ("x1", "x2")).maps[0]
    edge = HALF * (1 - 1 / MAP)
    np.testing.assert_allclose(x1[0, [0, -1]], [-edge, edge], rtol=1e-6)
    np.testing.assert_allclose(x2[[0, -1], 0], [edge, -edge], rtol=1e-6)


def test_a_map_is_what_its_neuron_gives() -> None:
    net = network(2, 3, 1)
    maps = maps_of(net, ("x1", "x2")).maps
    X = np.stack([m.ravel() for m in maps[0]])
    caches = net.forward(X)
    np.testing.assert_allclose(maps[1].reshape(3, -1), caches[0].A, rtol=1e-5)
    np.testing.assert_allclose(maps[2].reshape(1, -1), 2 * caches[1].A - 1, rtol=1e-5, atol=1e-6)


def test_a_wide_layer_shows_its_first_neurons() -> None:
    maps = maps_of(network(2, 20, 1), ("x1", "x2"))
    assert [len(each) for each in maps.maps] == [2, MAX_SHOWN, 1]
    assert maps.surface.shape == (SURFACE, SURFACE, 3)


def test_two_classes_are_the_two_sides_of_one_scale() -> None:
    colors = surface_colors(np.array([[0.0, 0.5, 1.0]]))
    assert colors.tolist() == [rgb(SCALE[0]), [255, 255, 255], rgb(SCALE[-1])]


def test_crisp_shows_the_class_alone() -> None:
    assert surface_colors(np.array([[0.4, 0.6]]), crisp=True).tolist() == [
        rgb(SCALE[0]),
        rgb(SCALE[-1]),
    ]
    unsure, sure = np.array([[0.4], [0.3], [0.3]]), np.array([[1.0], [0.0], [0.0]])
    assert np.array_equal(surface_colors(unsure, crisp=True), surface_colors(sure))


def test_several_classes_are_mixed_by_their_probabilities() -> None:
    ends = surface_colors(np.eye(3))
    assert len({tuple(color) for color in ends.tolist()}) == 3
    middle = surface_colors(np.full((3, 1), 1 / 3))[0]
    assert np.abs(middle - ends.mean(axis=0)).max() <= 1


@pytest.mark.parametrize("n", [1, 3])
def test_nan_is_gray(n: int) -> None:
    assert surface_colors(np.full((n, 1), np.nan)).tolist() == [[128, 128, 128]]


def test_a_diverged_network_is_mapped_without_a_warning() -> None:
    net = network(2, 3, 1)
    net.theta[:] = 1e38
    assert maps_of(net, ("x1", "x2")).surface.shape == (SURFACE, SURFACE, 3)
