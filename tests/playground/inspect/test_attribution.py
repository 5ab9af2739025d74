"""Attributions against finite differences, plain loops, and the axiom of completeness."""

import numpy as np
import pytest

from netcore.network import Network
from playground.inspect.attribution import (
    area,
    by_attribution,
    deletion_curve,
    gradient_times_input,
    ink,
    integrated_gradients,
    occlusion,
    random_deletion,
)
from playground.inspect.logits import class_logits, in_float64
from playground.output import class_probabilities
from tests.playground.inspect.trained import VALIDATION, trained, two_classes

X = VALIDATION.X[:, :4].astype(float)


def networks() -> list[Network]:
    hidden = ((), (12,), (9, 7))
    made = [trained(*sizes, activation=name) for sizes in hidden for name in ("relu", "tanh")]
    return [in_float64(network) for network in made]


def test_gradient_times_input_is_that_of_finite_differences() -> None:
    for network in networks():
        for i, label in enumerate((0, 3)):
            x = X[:, i : i + 1]
            moved = x + 1e-6 * np.eye(64)
            change = class_logits(network, moved)[label] - class_logits(network, x)[label]
            expected = change / 1e-6 * x[:, 0]
            np.testing.assert_allclose(gradient_times_input(network, x, label), expected, atol=1e-5)


def test_integrated_gradients_are_complete() -> None:
    black = np.zeros((64, 1))
    for network in networks():
        for i in range(4):
            x = X[:, i : i + 1]
            for label in range(4):
                difference = float(
                    (class_logits(network, x) - class_logits(network, black))[label, 0]
                )
                total = integrated_gradients(network, x, label).sum()
                assert total == pytest.approx(difference, abs=1e-3)


def test_the_two_classes_of_one_unit_share_one_logit() -> None:
    network, dataset = two_classes()
    network, x = in_float64(network), dataset.X[:, :1].astype(float)
    z = class_logits(network, x)[1, 0] - class_logits(network, np.zeros_like(x))[1, 0]
    assert integrated_gradients(network, x, 1).sum() == pytest.approx(z, abs=1e-3)
    for method in (gradient_times_input, integrated_gradients):
        np.testing.assert_allclose(method(network, x, 0), -method(network, x, 1))
    np.testing.assert_allclose(
        occlusion(network, x, 0, (8, 8), 2), -occlusion(network, x, 1, (8, 8), 2)
    )


def test_occlusion_is_the_mean_loss_over_all_squares_that_cover_a_pixel() -> None:
    network, x = in_float64(trained(9, 7)), X[:, :1]
    found = occlusion(network, x, 2, (8, 8), 3).reshape(8, 8)
    before = class_logits(network, x)[2, 0]
    for row, column in ((0, 0), (3, 4), (7, 7), (0, 5)):
        losses = []
        for top in range(max(0, row - 2), min(row, 5) + 1):
            for left in range(max(0, column - 2), min(column, 5) + 1):
                image = x.reshape(8, 8).copy()
                image[top : top + 3, left : left + 3] = 0
                losses.append(before - class_logits(network, image.reshape(64, 1))[2, 0])
        assert found[row, column] == pytest.approx(np.mean(losses))


def test_a_square_larger_than_the_image_hides_all_of_it() -> None:
    network, x = in_float64(trained(12)), X[:, :1]
    lost = class_logits(network, x)[0, 0] - class_logits(network, np.zeros_like(x))[0, 0]
    np.testing.assert_allclose(occlusion(network, x, 0, (8, 8), 20), lost)


def test_deletion_makes_black_what_comes_first() -> None:
    network, x = in_float64(trained(12)), X[:, :1].copy()
    x[::3] = 0
    attribution = integrated_gradients(network, x, 1)
    order = by_attribution(x, attribution)
    assert sorted(order) == sorted(ink(x)) == np.flatnonzero(x).tolist()
    shares, p = deletion_curve(network, x, 1, order)
    assert (shares[0], shares[-1]) == (0, 1)
    half = int(np.flatnonzero(shares <= 0.5)[-1])
    image = x.copy()
    image[order[: round(shares[half] * len(order))]] = 0
    for k, each in ((0, x), (half, image), (-1, np.zeros_like(x))):
        assert p[k] == pytest.approx(class_probabilities(network.predict(each))[1, 0])


def test_what_matters_most_takes_the_probability_down_sooner_than_chance() -> None:
    network = in_float64(trained(12))
    better = 0
    for i in range(12):
        x = VALIDATION.X[:, i : i + 1].astype(float)
        label = int(network.predict(x).argmax())
        order = by_attribution(x, integrated_gradients(network, x, label))
        chance = random_deletion(network, x, label)
        better += area(*deletion_curve(network, x, label, order)) < area(*chance[:2])
    assert better >= 11
