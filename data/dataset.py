"""Dataset: examples as columns, with their labels and names; and a stratified split in two."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
NO_FORM = -1


class DataError(ValueError):
    """Data from a person or a file cannot be read. The message is a sentence for the page."""


def as_columns(rows: NDArray) -> Array:
    """Turn examples in rows, as files hold them, into float32 columns without a second copy.

    Shapes: (m, n_x) in C order -> (n_x, m) in Fortran order: the transpose of what is on disk.
    A batch of columns is then contiguous in memory, 20 times faster to gather than in C order.
    """
    return np.ascontiguousarray(rows, dtype=np.float32).T


def one_hot(labels: NDArray[np.integer], n_classes: int) -> Array:
    """Y (n_classes, m), float32 in Fortran order: column j is 1 at row labels[j], else 0."""
    return np.eye(n_classes, dtype=np.float32)[labels].T


@dataclass(frozen=True, eq=False)
class Dataset:
    """Examples X (n_x, m) as columns, with one label each.

    X            float32 in Fortran order; images have their pixels in row-major order, from 0 to 1
    labels       (m,) integers, indices into class_names
    class_names  the names of the labels, such as ("0", …, "9")
    image_shape  (height, width) if a column is an image, else None
    true_labels  the labels before label noise; None without it
    all_classes  the names of all classes, if a task has chosen some of them
    forms        (m,) the digit form of each image, an index into data.digit_forms.FORMS or NO_FORM;
                 None without digit forms
    values       (m,) float32, the targets of a regression, where all labels are 0 and class_names
                 is the one name of the target; None for classification
    """

    name: str
    X: Array
    labels: NDArray[np.integer]
    class_names: tuple[str, ...]
    image_shape: tuple[int, int] | None = None
    true_labels: NDArray[np.integer] | None = None
    all_classes: tuple[str, ...] | None = None
    forms: NDArray[np.integer] | None = None
    values: Array | None = None

    def __post_init__(self) -> None:
        if self.X.ndim != 2 or self.labels.shape != (self.X.shape[1],):
            raise DataError(
                f"X has shape {self.X.shape} and labels {self.labels.shape}: "
                "examples are columns, with one label for each column."
            )

    @property
    def n_x(self) -> int:
        """The number of features of one example."""
        return int(self.X.shape[0])

    @property
    def m(self) -> int:
        """The number of examples."""
        return int(self.X.shape[1])

    @property
    def n_classes(self) -> int:
        return len(self.class_names)

    @cached_property
    def Y(self) -> Array:
        """The labels as one-hot columns (n_classes, m)."""
        return one_hot(self.labels, self.n_classes)

    @property
    def images(self) -> Array:
        """The examples as images (m, height, width): a view, not a copy.

        Raises ValueError if they are not images.
        """
        if self.image_shape is None:
            raise ValueError(f"The examples of {self.name} are not images.")
        return self.X.T.reshape(-1, *self.image_shape)

    def take(self, index: NDArray[np.integer] | Sequence[int]) -> "Dataset":
        """The examples at these column indices, in this order."""
        index = np.asarray(index)
        X = np.take(self.X.T, index, axis=0).T
        return replace(self, X=X, **self._each(index))

    def first(self, m: int) -> "Dataset":
        """The first m examples, or all if there are fewer: a view, not a copy."""
        return replace(self, X=self.X[:, :m], **self._each(slice(m)))

    def _each(self, index: NDArray[np.integer] | slice) -> dict[str, Any]:
        """The per-example fields other than X, at these indices."""
        names = ("labels", "true_labels", "forms", "values")
        known = {name: getattr(self, name) for name in names}
        return {name: None if each is None else each[index] for name, each in known.items()}


def joined(dataset: Dataset, more: Dataset) -> Dataset:
    """The examples of both data sets, those of `more` last, under the name of the first."""
    rows = np.concatenate([dataset.X.T, more.X.T])
    labels = np.concatenate([dataset.labels, more.labels])
    true, forms = dataset.true_labels, None
    if true is not None:
        true = np.concatenate([true, more.labels])
    if dataset.forms is not None or more.forms is not None:
        forms = np.concatenate([_forms_of(dataset), _forms_of(more)])
    return replace(dataset, X=rows.T, labels=labels, true_labels=true, forms=forms)


def _forms_of(dataset: Dataset) -> NDArray[np.integer]:
    return np.full(dataset.m, NO_FORM) if dataset.forms is None else dataset.forms


@dataclass(frozen=True, eq=False)
class Splits:
    """A training set, and a validation set that is never trained on."""

    train: Dataset
    validation: Dataset


def split(dataset: Dataset, validation: int, *, seed: int) -> Splits:
    """Split off this many examples as a validation set, with the same share of every class.

    The split depends on the seed alone. Raises DataError if there are too few examples.
    """
    if not 0 < validation < dataset.m:
        raise DataError(
            f"{validation} examples cannot be split off for validation from {dataset.m}: "
            f"give a number from 1 to {dataset.m - 1}."
        )
    rng = np.random.default_rng(seed)
    order = rng.permutation(dataset.m)
    # Rank every example within its class, as a fraction, and take the lowest fractions of all.
    # Then each class gives its share, and the total is exact.
    rank = np.empty(dataset.m)
    for label in range(dataset.n_classes):
        members = order[dataset.labels[order] == label]
        rank[members] = (np.arange(len(members)) + rng.random()) / max(len(members), 1)
    by_rank = np.argsort(rank, kind="stable")
    chosen = np.zeros(dataset.m, dtype=bool)
    chosen[by_rank[:validation]] = True
    return Splits(
        train=dataset.take(order[~chosen[order]]),
        validation=dataset.take(order[chosen[order]]),
    )
