"""Gradient ascent and adversarial examples: bounds that must hold, and that they work at all."""

import numpy as np
import pytest

from netcore.losses import LOSSES
from playground.inspect.adversarial import (
    Attack,
    accuracy_under,
    accuracy_under_noise,
    input_gradient,
    prediction,
    smallest,
)
from playground.inspect.logits import class_logits, in_float64
from playground.inspect.maximization import blurred, maximizing_inputs, nearest
from playground.output import class_probabilities
from tests.playground.inspect.trained import VALIDATION, trained, two_classes

LOSS = LOSSES["cross_entropy"]
X, LABELS = VALIDATION.X.astype(float), VALIDATION.labels


def test_the_gradient_is_that_of_each_example_s_own_cost() -> None:
    network, dataset = two_classes()
    cases = (
        (in_float64(trained(9, 7, activation="tanh")), LOSS, VALIDATION),
        (in_float64(network), LOSSES["binary_cross_entropy"], dataset),
    )
    for network, loss, dataset in cases:
        few = dataset.X[:, :3].astype(float)
        dX = 3 * input_gradient(network, loss, few, dataset.labels[:3])
        for pixel in (0, 20, 63):
            change = np.zeros_like(few)
            change[pixel] = 1e-6
            for i in range(3):
                label = int(dataset.labels[i])
                up, down = (
                    -np.log(class_probabilities(network.predict(few + s * change))[label, i])
                    for s in (1, -1)
                )
                assert dX[pixel, i] == pytest.approx((up - down) / 2e-6, abs=1e-6)


@pytest.mark.parametrize("target", [None, 2])
@pytest.mark.parametrize("method", ["fgsm", "pgd"])
def test_no_pixel_changes_by_more_than_epsilon_or_leaves_its_range(
    method: str, target: int | None
) -> None:
    attack = Attack(in_float64(trained(12)), LOSS, target)
    changed = getattr(attack, method)(X, LABELS, 0.1)
    assert np.abs(changed - X).max() <= 0.1 + 1e-12
    assert changed.min() >= 0
    assert changed.max() <= 1


def test_attacks_raise_the_cost_and_many_steps_more_than_one() -> None:
    network = in_float64(trained(9, 7))
    attack = Attack(network, LOSS)
    costs = [
        LOSS.value(network.predict(each), np.eye(4)[:, LABELS])
        for each in (X, attack.fgsm(X, LABELS, 0.05), attack.pgd(X, LABELS, 0.05))
    ]
    assert costs[0] < costs[1] <= costs[2] + 1e-6


def test_a_targeted_attack_gets_its_class_and_the_smallest_epsilon_is_the_first_that_does() -> None:
    network = in_float64(trained(12))
    x, label = X[:, :1], int(LABELS[0])
    target = (label + 1) % 4
    attack = Attack(network, LOSS, target)
    epsilon = smallest(attack, x, label, pgd=True)
    assert epsilon is not None
    assert prediction(network, attack.pgd(x, LABELS[:1], epsilon))[0] == target
    assert prediction(network, attack.pgd(x, LABELS[:1], epsilon - 0.5 / 40))[0] != target
    assert smallest(attack, x, label, pgd=True, max_epsilon=1e-6) is None


def test_accuracy_falls_with_epsilon_and_far_faster_than_with_noise() -> None:
    network = in_float64(trained(12))
    epsilons = np.array([0.0, 0.1, 0.2, 0.3])
    right = class_logits(network, X).argmax(axis=0) == LABELS
    fgsm = accuracy_under(Attack(network, LOSS), X, LABELS, epsilons)
    pgd = accuracy_under(Attack(network, LOSS), X, LABELS, epsilons, pgd=True)
    noise = accuracy_under_noise(network, X, LABELS, epsilons)
    assert fgsm[0] == pgd[0] == noise[0] == right.mean()
    assert fgsm[2] < noise[2] - 0.2
    assert np.all(pgd <= fgsm + 0.05)
    one = Attack(network, LOSS).fgsm(X, LABELS, 0.2)
    assert fgsm[2] == np.mean(class_logits(network, one).argmax(axis=0) == LABELS)


@pytest.mark.parametrize("regularized", [True, False])
def test_maximizing_inputs_are_images_of_which_the_network_is_certain(regularized: bool) -> None:
    network = trained(12)
    made = maximizing_inputs(network, (8, 8), regularized=regularized)
    assert made.shape == (64, 4)
    assert 0 <= made.min() <= made.max() <= 1
    A = network.predict(made)
    assert A.argmax(axis=0).tolist() == [0, 1, 2, 3]
    binary, _ = two_classes()
    p = binary.predict(maximizing_inputs(binary, (8, 8), regularized=regularized))[0]
    assert p[0] < 0.3 < 0.7 < p[1]


def test_blur_keeps_what_is_even_and_spreads_a_point() -> None:
    even = np.full((12, 1), 0.7)
    np.testing.assert_allclose(blurred(even, (3, 4)), even)
    point = np.zeros((25, 1))
    point[12] = 16
    expected = np.outer([0, 1, 2, 1, 0], [0, 1, 2, 1, 0]).reshape(25, 1)
    np.testing.assert_allclose(blurred(point, (5, 5)), expected)


def test_the_nearest_of_a_class_has_the_smallest_angle() -> None:
    labels = np.arange(4)
    few = VALIDATION.X[:, [5, 6, 7, 8]] * 0.5
    found = nearest(few, VALIDATION, VALIDATION.labels[[5, 6, 7, 8]])
    assert found == [5, 6, 7, 8]
    for label, number in zip(labels, nearest(few, VALIDATION, labels), strict=True):
        assert VALIDATION.labels[number] == label
