"""What a network predicts: for one drawing, and for images without labels with their file."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.dataset import Array, DataError
from data.images import Images
from data.preprocessing import Prepared
from netcore.metrics import predicted_labels
from netcore.network import Network
from playground.output import class_probabilities

_CHUNK = 4096  # images read together


@dataclass(frozen=True, eq=False)
class Prediction:
    """What a network predicts for one drawing, with all that decides whether to believe it.

    A  (n_classes, 1) class probabilities; NaN where the network diverged
    """

    network: Network
    prepared: Prepared
    A: Array

    @property
    def a(self) -> Array:
        """(n_classes,) The probabilities as a vector."""
        vector: Array = self.A[:, 0]
        return vector

    @property
    def label(self) -> int:
        """The most probable class."""
        return int(self.A.argmax())

    @property
    def is_finite(self) -> bool:
        return bool(np.isfinite(self.A).all())


def predict(network: Network, prepared: Prepared) -> Prediction:
    """One forward pass; whoever needs the outcome is given it."""
    return Prediction(network, prepared, class_probabilities(network.predict(prepared.column)))


def predict_images(network: Network, images: Images) -> NDArray[np.integer]:
    """The class of each image (m,), as the network reads it.

    Raises DataError where the images are not of the size that it has learned from.
    """
    n_x, m = images.X.shape
    if n_x != network.layer_dims[0]:
        height, width = images.image_shape
        raise DataError(
            f"These images have {width}×{height} = {n_x:,} pixels, the network reads "
            f"{network.layer_dims[0]:,}: train one on images of this size first."
        )
    parts = [images.X[:, start : start + _CHUNK] for start in range(0, m, _CHUNK)]
    return np.concatenate([predicted_labels(network.predict(part)) for part in parts])


def predictions_csv(labels: NDArray[np.integer], names: Sequence[str]) -> bytes:
    r"""A line for each image, counted from 1, in the form that goes with train.csv and test.csv.

    >>> predictions_csv(np.array([1, 0]), ["0", "7"])
    b'ImageId,Label\n1,7\n2,0\n'
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["ImageId", "Label"])
    writer.writerows((number, names[label]) for number, label in enumerate(labels, start=1))
    return file.getvalue().encode()
