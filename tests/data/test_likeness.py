"""Which images are alike: those of a class, shifted ones; and what that knows of other images."""

import numpy as np
import pytest

from data import catalog
from data.dataset import Dataset, joined
from data.likeness import Likeness, edges

DATA = catalog.load("mnist-5k")
FEW = DATA.train.take(np.arange(800))


@pytest.fixture(scope="module")
def likeness() -> Likeness:
    return Likeness(FEW)


def test_a_known_image_is_nearest_to_itself(likeness: Likeness) -> None:
    found = likeness.nearest(FEW.X[:, 7:8], 5)
    assert found.m == 5
    np.testing.assert_array_equal(found.X[:, 0], FEW.X[:, 7])
    distances = np.sort(likeness.distances(FEW.X[:, 7:8])[0])
    assert distances[0] < 0.1 < 1 < distances[1]


def test_the_nearest_are_mostly_of_the_same_class(likeness: Likeness) -> None:
    few = DATA.held_out.take(np.arange(100))
    same = [
        np.mean(likeness.nearest(few.X[:, i : i + 1], 5).labels == label)
        for i, label in enumerate(few.labels)
    ]
    assert np.mean(same) > 0.8


def test_a_shifted_image_stays_nearer_than_another_one(likeness: Likeness) -> None:
    image = FEW.X[:, 3].reshape(28, 28)
    shifted = np.roll(image, 1, axis=1).reshape(-1, 1)
    assert np.argmin(likeness.distances(shifted)[0]) == 3


def test_oddness_is_least_for_the_own_class_and_infinite_without_one(likeness: Likeness) -> None:
    few = DATA.held_out.take(np.arange(100))
    odd = likeness.oddness(few.X)
    assert odd.shape == (10, 100)
    assert np.mean(odd.argmin(axis=0) == few.labels) > 0.85
    no_nines = Likeness(FEW.take(np.flatnonzero(FEW.labels != 9)))
    assert np.isinf(no_nines.oddness(few.X)[9]).all()


def test_what_is_learned_later_is_known(likeness: Likeness) -> None:
    one = DATA.held_out.take([0])
    more = likeness.with_more(one)
    assert more.known.m == FEW.m + 1
    np.testing.assert_array_equal(more.nearest(one.X, 1).X, one.X)
    assert likeness.known.m == FEW.m


def test_of_very_many_images_every_so_many_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.likeness.MOST", 200)
    assert Likeness(FEW).known.m == 200
    assert Likeness(joined(FEW.take([0, 1]), FEW.take([2]))).known.m == 3


def test_edges_of_a_bar_lie_where_it_is_and_run_as_it_does() -> None:
    image = np.zeros((28, 28), dtype=np.float32)
    image[12:16, 4:24] = 1
    found = edges(image.reshape(-1, 1), (28, 28)).reshape(12, 7, 7)
    assert min(found[3].max(), found[9].max()) > 0.4  # from above and from below
    assert found[3, :2].max() < 0.1
    assert np.argmax(found.sum(axis=(1, 2))) in (3, 9)


def test_other_sides_and_a_single_class_do() -> None:
    rng = np.random.default_rng(0)
    X = np.asfortranarray(rng.random((64, 20), dtype=np.float32))
    small = Dataset("small", X, np.zeros(20, int), ("a", "b"), (8, 8))
    assert np.isfinite(Likeness(small).oddness(X)[0]).all()
