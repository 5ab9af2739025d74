"""Binary tasks on images of many classes: one class against the rest, or one class against another.

Class 1 is the positive class, whose probability the network's one output unit gives.
"""

import re
from dataclasses import replace

import numpy as np

from data.dataset import DataError, Dataset, Splits

ALL = "all"
REST = "rest"
_QUESTION = re.compile(r"(\d{1,3})-(\d{1,3}|rest)")


def parse(task: str) -> tuple[int, int | None]:
    """Read a task: "3-rest" -> (3, None), "3-8" -> (3, 8), the positive class and the other one.

    Raises DataError for anything else.
    """
    found = _QUESTION.fullmatch(task)
    if found is None or found[1] == found[2]:
        raise DataError(
            f"{task!r} is not a task; write {ALL!r}, one class against all others such as "
            f"'3-{REST}', or two classes such as '3-8'."
        )
    return int(found[1]), None if found[2] == REST else int(found[2])


def ask(splits: Splits, task: str) -> Splits:
    """Training and validation set with the labels 0 and 1, limited to the two classes if two are
    named.

    Raises DataError if there is no such class.
    """
    if task == ALL:
        return splits
    return Splits(asked(splits.train, task), asked(splits.validation, task))


def asked(dataset: Dataset, task: str) -> Dataset:
    """One of the two sets, with the labels of the task."""
    if task == ALL:
        return dataset
    wanted, other = parse(task)
    names = dataset.class_names
    for label in (wanted, other):
        if label is not None and label >= len(names):
            raise DataError(
                f"There is no class {label} in {dataset.name}: its classes are 0 to "
                f"{len(names) - 1} ({', '.join(names)})."
            )
    if other is None:
        labels = (dataset.labels == wanted).astype(np.intp)
        two = (f"not {names[wanted]}", names[wanted])
        return replace(dataset, labels=labels, class_names=two, all_classes=names)
    few = dataset.take(np.flatnonzero((dataset.labels == wanted) | (dataset.labels == other)))
    labels = (few.labels == wanted).astype(np.intp)
    two = (names[other], names[wanted])
    return replace(few, labels=labels, class_names=two, all_classes=names)
