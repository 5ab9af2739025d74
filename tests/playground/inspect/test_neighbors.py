"""The closest training examples: against scipy's tree, in the last hidden layer and in pixels."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from playground.inspect.neighbors import neighbors
from tests.playground.inspect.trained import VALIDATION, trained


@pytest.mark.parametrize("hidden", [(12, 9), ()])
def test_they_are_the_closest_in_the_last_hidden_layer(hidden: tuple[int, ...]) -> None:
    network = trained(*hidden)
    x = VALIDATION.X[:, 5:6]
    found = neighbors(network, VALIDATION, x, 6)
    M = network.forward(VALIDATION.X)[-2].A if hidden else VALIDATION.X
    distances, _ = cKDTree(M.T).query(M[:, 5], k=6)
    np.testing.assert_allclose(
        np.linalg.norm(M[:, found.numbers] - M[:, 5:6], axis=0), distances, atol=1e-5
    )
    assert found.numbers[0] == 5
    assert found.m == VALIDATION.m
