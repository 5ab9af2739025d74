"""Why one class and not the next: the parts add up to the difference of the two logits."""

import numpy as np
import pytest

from playground.inspect.logits import class_logits
from playground.inspect.winner import duel, probability_ratio
from playground.output import class_probabilities
from tests.playground.inspect.trained import VALIDATION, trained, two_classes


@pytest.mark.parametrize("hidden", [(), (12,), (9, 7)])
def test_the_parts_add_up_and_name_the_two_most_probable(hidden: tuple[int, ...]) -> None:
    network = trained(*hidden)
    for i in range(6):
        x = VALIDATION.X[:, i : i + 1]
        both = duel(network, x)
        a = network.predict(x)[:, 0]
        assert a[both.winner] == a.max()
        assert a[both.runner_up] == np.sort(a)[-2]
        assert both.parts.sum() + both.b[0] - both.b[1] == pytest.approx(
            float(both.z[0] - both.z[1]), abs=1e-4
        )
        assert np.allclose(both.z, (both.w @ both.a) + both.b, atol=1e-4)
        assert probability_ratio(both) == pytest.approx(
            a[both.winner] / a[both.runner_up], rel=1e-4
        )
        sizes = np.abs(both.parts[both.order])
        assert sizes.tolist() == sorted(sizes, reverse=True)


def test_one_unit_for_two_classes_is_a_duel_too() -> None:
    network, dataset = two_classes()
    winners = set()
    for i in range(20):
        x = dataset.X[:, i : i + 1]
        both = duel(network, x)
        a = class_probabilities(network.predict(x))[:, 0]
        assert (both.winner, both.runner_up) == (int(a.argmax()), int(a.argmin()))
        assert np.allclose(both.z, class_logits(network, x)[[both.winner, both.runner_up], 0])
        assert both.parts.sum() + both.b[0] - both.b[1] == pytest.approx(
            float(both.z[0] - both.z[1]), abs=1e-5
        )
        winners.add(both.winner)
    assert winners == {0, 1}
