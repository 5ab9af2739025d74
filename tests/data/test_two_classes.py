"""Binary tasks on images of many classes."""

import numpy as np
import pytest

from data.dataset import DataError, Dataset, Splits, as_columns
from data.two_classes import ask, parse

LABELS = np.array([0, 1, 2, 3, 3, 1])


def digits() -> Splits:
    X = as_columns(np.arange(12.0).reshape(6, 2))
    part = Dataset("four", X, LABELS, ("zero", "one", "two", "three"), (1, 2))
    return Splits(part, part.take([1, 3]))


def test_one_class_against_the_rest_keeps_every_image() -> None:
    asked = ask(digits(), "3-rest").train
    assert asked.labels.tolist() == [0, 0, 0, 1, 1, 0]
    assert asked.class_names == ("not three", "three")
    assert asked.X is not None
    assert np.shares_memory(ask(data := digits(), "3-rest").train.X, data.train.X)


def test_two_classes_keep_only_theirs_and_the_first_is_looked_for() -> None:
    asked = ask(digits(), "3-1")
    assert asked.train.labels.tolist() == [0, 1, 1, 0]
    assert asked.train.class_names == ("one", "three")
    assert asked.train.X[0].tolist() == [2, 6, 8, 10]
    assert asked.train.image_shape == (1, 2)
    assert asked.validation.labels.tolist() == [0, 1]


def test_the_task_all_changes_nothing() -> None:
    data = digits()
    assert ask(data, "all") is data


@pytest.mark.parametrize("task", ["", "3", "3-3", "rest-3", "3-8-9", "-1-2", "3-Rest", "a-b"])
def test_a_text_that_is_not_a_task(task: str) -> None:
    with pytest.raises(DataError, match="is not a task; write 'all'"):
        parse(task)


@pytest.mark.parametrize("task", ["4-rest", "4-0", "0-4"])
def test_a_class_that_is_not_there(task: str) -> None:
    with pytest.raises(DataError, match=r"no class 4 in four: its classes are 0 to 3 \(zero, one"):
        ask(digits(), task)
