"""Training examples made fewer, noisier, or wrongly labeled."""

import numpy as np
import pytest

from data.corruption import CHUNK, add_noise, shuffle_labels, subset
from data.dataset import Dataset, as_columns


def examples(m: int = 1000, n_x: int = 4) -> Dataset:
    """Classes of 10, 20, 30 and 40 per cent; every column says which one it is."""
    labels = np.repeat(np.arange(4), np.array([1, 2, 3, 4]) * m // 10)
    rows = np.full((m, n_x), 0.5)
    rows[:, 0] = np.arange(m) / m
    return Dataset("some", as_columns(rows), labels, ("a", "b", "c", "d"), (2, 2))


def test_a_subset_has_the_same_share_of_every_class_and_whole_examples() -> None:
    all_of_them = examples()
    few = subset(all_of_them, 100, seed=1)
    assert np.bincount(few.labels).tolist() == [10, 20, 30, 40]
    index = np.rint(few.X[0] * all_of_them.m).astype(int)
    np.testing.assert_array_equal(all_of_them.labels[index], few.labels)


def test_a_smaller_subset_is_a_part_of_a_larger_one_of_the_same_seed() -> None:
    small, large, other = (
        set(subset(examples(), m, seed=seed).X[0].tolist())
        for m, seed in ((50, 1), (200, 1), (50, 2))
    )
    assert small < large
    assert small != other


def test_a_subset_of_more_than_there_are_is_all() -> None:
    data = examples()
    assert subset(data, data.m, seed=1) is data
    assert subset(data, 10 * data.m, seed=1) is data


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_shuffled_labels_move_between_that_share_of_examples(share: float) -> None:
    data = examples(4000)
    shuffled = shuffle_labels(data, share, seed=3)
    np.testing.assert_array_equal(np.bincount(shuffled.labels), np.bincount(data.labels))
    # Of those chosen, as many get their own label back as two random ones agree: 30 in 100 here.
    assert np.mean(shuffled.labels != data.labels) == pytest.approx(0.7 * share, abs=0.03)
    assert shuffled.X is data.X


def test_noise_has_its_deviation_and_stays_within_black_and_white() -> None:
    data = examples(10_000)
    noisy = add_noise(data, 0.1, seed=1)
    added = noisy.X[1:] - data.X[1:]
    assert np.std(added) == pytest.approx(0.1, rel=0.02)
    assert abs(np.mean(added)) < 0.002
    assert noisy.X.dtype == np.float32
    assert noisy.X.flags.f_contiguous
    loud = add_noise(data, 1.0, seed=1).X
    assert (loud.min(), loud.max()) == (0, 1)
    assert not np.array_equal(noisy.X[1:, :CHUNK], noisy.X[1:, CHUNK : 2 * CHUNK])


def test_corruption_depends_on_the_seed_alone() -> None:
    data = examples()
    for change in (add_noise, shuffle_labels):
        one, same, other = (change(data, 0.5, seed=seed) for seed in (1, 1, 2))
        for field in ("X", "labels"):
            np.testing.assert_array_equal(getattr(one, field), getattr(same, field))
        assert not np.array_equal(one.X, other.X) or not np.array_equal(one.labels, other.labels)
    np.testing.assert_array_equal(data.X, examples().X)
    np.testing.assert_array_equal(data.labels, examples().labels)
