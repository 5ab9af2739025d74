"""The shipped images of the digit forms, which a network can train on beside MNIST.

digit_forms.png has a row of N_IMAGES images for every form of the table. data/handwriting.py draws
them.
"""

from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image

from data.dataset import NO_FORM, DataError, Dataset, as_columns, joined
from data.digit_forms import FORMS
from data.mnist_5k import DIGITS
from data.preprocessing import SIDE
from data.two_classes import ALL, asked

PICTURE = Path(__file__).with_name("digit_forms.png")
N_IMAGES = 24  # images of each form
ONE_IN = 6  # one in so many training examples is a form; chosen in docs/digit-forms.md


@lru_cache(maxsize=1)
def load_form_images() -> Dataset:
    """N_IMAGES images of every form, in the order of the table. They are the same every time."""
    with Image.open(PICTURE) as image:
        picture = np.asarray(image)
    tiles = picture.reshape(len(FORMS), SIDE, N_IMAGES, SIDE).swapaxes(1, 2)
    rows = tiles.reshape(-1, SIDE * SIDE) / np.float32(255)
    forms = np.repeat(np.arange(len(FORMS)), N_IMAGES)
    labels = np.array([form.digit for form in FORMS])[forms]
    return Dataset("digit forms", as_columns(rows), labels, DIGITS, (SIDE, SIDE), forms=forms)


def with_forms(train: Dataset, task: str = ALL, forms: Dataset | None = None) -> Dataset:
    """MNIST's images followed by the images of the forms, with the labels of the task.

    If MNIST has many images, every form image is repeated, so that the share of form images does
    not depend on the size of the data set.

    forms  the forms to add; None for all

    Raises DataError if the images are not digits of the size of the form images.
    """
    forms = load_form_images() if forms is None else forms
    names = train.all_classes or train.class_names
    if (names, train.image_shape) != (forms.class_names, forms.image_shape):
        raise DataError(
            f"{train.name}: its images are not the ten digits in {SIDE}×{SIDE} pixels, and the "
            "digit forms are: choose digit_forms mnist."
        )
    of_task = asked(forms, task)
    copies = max(1, round(train.m / (ONE_IN * of_task.m)))
    return joined(train, of_task.take(np.tile(np.arange(of_task.m), copies)))


def form_counts(dataset: Dataset) -> dict[int, int]:
    """The number of images of each form in this data set."""
    forms = np.empty(0, dtype=int) if dataset.forms is None else dataset.forms
    found, counts = np.unique(forms[forms != NO_FORM], return_counts=True)
    return dict(zip(found.tolist(), counts.tolist(), strict=True))
