"""The shipped images of the digit forms, to train on beside MNIST's.

digit_forms.png has a row of N_IMAGES for every form of the table; data/handwriting.py draws them.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from data.dataset import Dataset, as_columns
from data.digit_forms import FORMS
from data.mnist_5k import DIGITS
from data.preprocessing import SIDE

PICTURE = Path(__file__).with_name("digit_forms.png")
N_IMAGES = 24  # of each form


@dataclass(frozen=True, eq=False)
class FormImages:
    """The images, and of which form each is.

    images  labels are the digits
    forms   (m,) indices into data.digit_forms.FORMS
    """

    images: Dataset
    forms: NDArray[np.integer]

    def without(self, form: int) -> Dataset:
        """The images of all forms but this one."""
        return self.images.take(np.flatnonzero(self.forms != form))


@lru_cache(maxsize=1)
def load_form_images() -> FormImages:
    """N_IMAGES of every form, in the order of the table; the same ones every time."""
    with Image.open(PICTURE) as image:
        picture = np.asarray(image)
    tiles = picture.reshape(len(FORMS), SIDE, N_IMAGES, SIDE).swapaxes(1, 2)
    rows = tiles.reshape(-1, SIDE * SIDE) / np.float32(255)
    forms = np.repeat(np.arange(len(FORMS)), N_IMAGES)
    labels = np.array([form.digit for form in FORMS])[forms]
    return FormImages(Dataset("digit forms", as_columns(rows), labels, DIGITS, (SIDE, SIDE)), forms)
