"""The nearest examples: against scipy's tree, in the last hidden layer and in pixels."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from playground.inspect.neighbors import closest, last_hidden
from tests.playground.inspect.trained import VALIDATION, trained


@pytest.mark.parametrize("hidden", [(12, 9), ()])
def test_they_are_the_closest_in_the_last_hidden_layer(hidden: tuple[int, ...]) -> None:
    network = trained(*hidden)
    found = last_hidden(network, VALIDATION.X)
    numbers = closest(found, last_hidden(network, VALIDATION.X[:, 5:6]), 6)
    distances, _ = cKDTree(found.T).query(found[:, 5], k=6)
    np.testing.assert_allclose(
        np.linalg.norm(found[:, numbers] - found[:, 5:6], axis=0), distances, atol=1e-5
    )
    assert numbers[0] == 5
    Z = network.layers[-1].W @ found + network.layers[-1].b  # it is the last: the logits follow
    assert (Z.argmax(axis=0) == network.predict(VALIDATION.X).argmax(axis=0)).all()
