"""Examples as columns, one-hot labels, and stratified splits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.dataset import DataError, Dataset, as_columns, one_hot, split


def dataset(labels: list[int], n_classes: int = 3) -> Dataset:
    """Each example is its own number, twice."""
    m = len(labels)
    X = np.asfortranarray(np.vstack([np.arange(m), np.arange(m)]), dtype=np.float32)
    return Dataset("numbers", X, np.array(labels), tuple("abc"[:n_classes]))


def test_rows_become_columns_in_the_same_memory() -> None:
    rows = np.arange(6, dtype=np.float32).reshape(2, 3)
    X = as_columns(rows)
    assert X.shape == (3, 2)
    assert X.flags.f_contiguous
    assert np.shares_memory(X, rows)


def test_one_hot_puts_a_one_at_the_label() -> None:
    Y = one_hot(np.array([2, 0]), 3)
    assert Y.dtype == np.float32
    assert Y.flags.f_contiguous
    np.testing.assert_array_equal(Y, [[0, 1], [0, 0], [1, 0]])


def test_labels_must_fit_the_columns() -> None:
    with pytest.raises(DataError, match="examples are columns"):
        Dataset("wrong", np.zeros((2, 3), dtype=np.float32), np.zeros(2, dtype=int), ("a",))


def test_take_keeps_the_order_and_the_layout() -> None:
    few = dataset([0, 1, 2, 0]).take([3, 1])
    np.testing.assert_array_equal(few.X[0], [3, 1])
    np.testing.assert_array_equal(few.labels, [0, 1])
    assert few.X.flags.f_contiguous


@given(
    labels=st.lists(st.integers(0, 2), min_size=2, max_size=200),
    share=st.floats(0.05, 0.95),
    seed=st.integers(0, 2**32 - 1),
)
def test_a_split_is_complete_and_stratified(labels: list[int], share: float, seed: int) -> None:
    whole = dataset(labels)
    validation = min(max(round(share * whole.m), 1), whole.m - 1)
    splits = split(whole, validation, seed=seed)
    assert splits.validation.m == validation
    both = np.concatenate([splits.train.X[0], splits.validation.X[0]])
    np.testing.assert_array_equal(np.sort(both), np.arange(whole.m))
    for part in (splits.train, splits.validation):
        np.testing.assert_array_equal(part.labels, whole.labels[part.X[0].astype(int)])
    for label in range(3):
        members = np.count_nonzero(whole.labels == label)
        expected = members * validation / whole.m
        assert abs(np.count_nonzero(splits.validation.labels == label) - expected) < 2


def test_a_split_depends_on_the_seed_alone() -> None:
    whole = dataset([0, 1, 2] * 20)
    one, same, other = (split(whole, 10, seed=seed).validation.X[0] for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)


@pytest.mark.parametrize("validation", [0, 6, 7, -1])
def test_an_impossible_split_gets_a_sentence(validation: int) -> None:
    with pytest.raises(DataError, match="give a number from 1 to 5"):
        split(dataset([0, 1, 2, 0, 1, 2]), validation, seed=0)
