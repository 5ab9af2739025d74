"""What a network reads in images that came without labels, and the file that tells it."""

import csv
import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from data.dataset import DataError
from data.images import Images
from netcore.metrics import predicted_labels
from netcore.network import Network

_CHUNK = 4096  # images read together


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
