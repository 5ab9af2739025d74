"""Predictions of a network: for one drawing, and for images without labels, with their CSV file."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.dataset import Array, DataError
from data.images import Images
from data.preprocessing import Prepared
from netcore.metrics import predicted_labels
from netcore.network import Network
from playground.csv_bytes import csv_bytes
from playground.output import class_probabilities

_CHUNK = 4096  # images in one forward pass


@dataclass(frozen=True, eq=False)
class Prediction:
    """The prediction for one drawing, with everything that the OOD detector needs.

    A  (n_classes, 1) class probabilities; NaN if the network diverged
    """

    network: Network
    prepared: Prepared
    A: Array

    @property
    def a(self) -> Array:
        """The probabilities as a vector (n_classes,)."""
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
    """Predict with one forward pass. The result is passed to everyone who needs it."""
    return Prediction(network, prepared, class_probabilities(network.predict(prepared.column)))


def predict_images(network: Network, images: Images) -> NDArray[np.integer]:
    """The predicted class of each image (m,).

    Raises DataError if the images do not have the size that the network takes.
    """
    n_x, m = images.X.shape
    if n_x != network.layer_dims[0]:
        height, width = images.image_shape
        raise DataError(
            f"These images have {width}×{height} = {n_x:,} pixels, but the network takes "
            f"{network.layer_dims[0]:,}: train a network on images of this size first."
        )
    parts = [images.X[:, start : start + _CHUNK] for start in range(0, m, _CHUNK)]
    return np.concatenate([predicted_labels(network.predict(part)) for part in parts])


def predictions_csv(labels: NDArray[np.integer], names: Sequence[str]) -> bytes:
    r"""A line for each image, counted from 1, in the form that goes with train.csv and test.csv.

    >>> predictions_csv(np.array([1, 0]), ["0", "7"])
    b'ImageId,Label\n1,7\n2,0\n'
    """
    rows = ((number, names[label]) for number, label in enumerate(labels, start=1))
    return csv_bytes([("ImageId", "Label"), *rows])
