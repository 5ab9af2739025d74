"""The difference of two logits: its parts add up."""

import numpy as np
import pytest

from playground.inspect.logit_difference import logit_difference, probability_ratio
from playground.inspect.logits import class_logits
from playground.output import class_probabilities
from tests.playground.inspect.trained import VALIDATION, trained, two_classes


@pytest.mark.parametrize("hidden", [(), (12,), (9, 7)])
def test_the_parts_add_up_and_name_the_two_most_probable(hidden: tuple[int, ...]) -> None:
    network = trained(*hidden)
    for i in range(6):
        x = VALIDATION.X[:, i : i + 1]
        both = logit_difference(network, x)
        a = network.predict(x)[:, 0]
        assert a[both.predicted] == a.max()
        assert a[both.runner_up] == np.sort(a)[-2]
        assert both.parts.sum() + both.b[0] - both.b[1] == pytest.approx(
            float(both.z[0] - both.z[1]), abs=1e-4
        )
        assert np.allclose(both.z, (both.w @ both.a) + both.b, atol=1e-4)
        assert probability_ratio(both) == pytest.approx(
            a[both.predicted] / a[both.runner_up], rel=1e-4
        )
        sizes = np.abs(both.parts[both.order])
        assert sizes.tolist() == sorted(sizes, reverse=True)


def test_one_unit_for_two_classes_has_a_logit_difference_too() -> None:
    network, dataset = two_classes()
    predicted = set()
    for i in range(20):
        x = dataset.X[:, i : i + 1]
        both = logit_difference(network, x)
        a = class_probabilities(network.predict(x))[:, 0]
        assert (both.predicted, both.runner_up) == (int(a.argmax()), int(a.argmin()))
        assert np.allclose(both.z, class_logits(network, x)[[both.predicted, both.runner_up], 0])
        assert both.parts.sum() + both.b[0] - both.b[1] == pytest.approx(
            float(both.z[0] - both.z[1]), abs=1e-5
        )
        predicted.add(both.predicted)
    assert predicted == {0, 1}
