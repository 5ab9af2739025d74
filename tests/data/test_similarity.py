"""Similarity of images: within a class, after a shift; and the OOD score."""

import numpy as np
import pytest

from data import catalog
from data.dataset import Dataset, joined
from data.similarity import Similarity, edges

DATA = catalog.load("mnist-5k")
FEW_ROWS = DATA.train.take(np.arange(800))


@pytest.fixture(scope="module")
def similarity() -> Similarity:
    return Similarity(FEW_ROWS)


def test_a_known_image_is_nearest_to_itself(similarity: Similarity) -> None:
    found = similarity.nearest(FEW_ROWS.X[:, 7:8], 5)
    assert found.m == 5
    np.testing.assert_array_equal(found.X[:, 0], FEW_ROWS.X[:, 7])
    distances = np.sort(similarity.distances(FEW_ROWS.X[:, 7:8])[0])
    assert distances[0] < 0.1 < 1 < distances[1]


def test_the_nearest_are_mostly_of_the_same_class(similarity: Similarity) -> None:
    few = DATA.validation.take(np.arange(100))
    same = [
        np.mean(similarity.nearest(few.X[:, i : i + 1], 5).labels == label)
        for i, label in enumerate(few.labels)
    ]
    assert np.mean(same) > 0.8


def test_a_shifted_image_stays_nearer_than_another_one(similarity: Similarity) -> None:
    image = FEW_ROWS.X[:, 3].reshape(28, 28)
    shifted = np.roll(image, 1, axis=1).reshape(-1, 1)
    assert np.argmin(similarity.distances(shifted)[0]) == 3


def test_the_ood_score_is_least_for_the_own_class_and_infinite_without_one(
    similarity: Similarity,
) -> None:
    few = DATA.validation.take(np.arange(100))
    odd = similarity.ood_score(few.X)
    assert odd.shape == (10, 100)
    assert np.mean(odd.argmin(axis=0) == few.labels) > 0.85
    no_nines = Similarity(FEW_ROWS.take(np.flatnonzero(FEW_ROWS.labels != 9)))
    assert np.isinf(no_nines.ood_score(few.X)[9]).all()


def test_images_added_later_are_known(similarity: Similarity) -> None:
    one = DATA.validation.take([0])
    more = similarity.with_more(one)
    assert more.known.m == FEW_ROWS.m + 1
    np.testing.assert_array_equal(more.nearest(one.X, 1).X, one.X)
    assert similarity.known.m == FEW_ROWS.m


def test_of_very_many_images_an_even_selection_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.similarity.MAX_KNOWN", 200)
    assert Similarity(FEW_ROWS).known.m == 200
    assert Similarity(joined(FEW_ROWS.take([0, 1]), FEW_ROWS.take([2]))).known.m == 3


def test_edges_of_a_bar_have_its_position_and_direction() -> None:
    image = np.zeros((28, 28), dtype=np.float32)
    image[12:16, 4:24] = 1
    found = edges(image.reshape(-1, 1), (28, 28)).reshape(12, 7, 7)
    assert min(found[3].max(), found[9].max()) > 0.4  # from above and from below
    assert found[3, :2].max() < 0.1
    assert np.argmax(found.sum(axis=(1, 2))) in (3, 9)


def test_other_image_sizes_and_a_single_class_work() -> None:
    rng = np.random.default_rng(0)
    X = np.asfortranarray(rng.random((64, 20), dtype=np.float32))
    small = Dataset("small", X, np.zeros(20, int), ("a", "b"), (8, 8))
    assert np.isfinite(Similarity(small).ood_score(X)[0]).all()
