"""A question with two answers about images of many classes: is it a 3, or a 3 rather than an 8?

Class 1 is what is looked for, so that its probability is what one output unit says.
"""

import re
from dataclasses import replace

import numpy as np

from data.dataset import DataError, Dataset, Splits

ALL = "all"
REST = "rest"
_QUESTION = re.compile(r"(\d{1,3})-(\d{1,3}|rest)")


def parse(task: str) -> tuple[int, int | None]:
    """ "3-rest" -> (3, None), "3-8" -> (3, 8): the class looked for, and the other one.

    Raises DataError for anything else.
    """
    found = _QUESTION.fullmatch(task)
    if found is None or found[1] == found[2]:
        raise DataError(
            f"{task!r} is no task; there are {ALL!r}, one class against all others such as "
            f"'3-{REST}', and two classes such as '3-8'."
        )
    return int(found[1]), None if found[2] == REST else int(found[2])


def ask(splits: Splits, task: str) -> Splits:
    """Both parts with the labels 0 and 1; for two classes only their examples.

    Raises DataError where there is no such class.
    """
    if task == ALL:
        return splits
    return Splits(asked(splits.train, task), asked(splits.validation, task))


def asked(dataset: Dataset, task: str) -> Dataset:
    """One part of them."""
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
