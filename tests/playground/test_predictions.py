"""Images without labels, read by a network, and the file that says what it read."""

import csv
import io

import numpy as np
import pytest

from data.dataset import DataError
from data.images import Images
from playground.predictions import predict_images, predictions_csv
from playground.trainer import start_state
from tests.playground.examples import images, small


def test_every_image_gets_the_class_of_its_largest_probability() -> None:
    network = start_state(small()).network
    dataset = images(5000, seed=3)
    labels = predict_images(network, Images(dataset.X, (8, 8)))
    np.testing.assert_array_equal(labels, network.predict(dataset.X).argmax(axis=0))


def test_images_of_another_size_get_a_sentence() -> None:
    network = start_state(small()).network
    X = np.zeros((16, 3), dtype=np.float32)
    with pytest.raises(DataError, match="4×4 = 16 pixels, but the network takes 64"):
        predict_images(network, Images(X, (4, 4)))


def test_the_file_reads_back_whatever_classes_are_called() -> None:
    names = ("T-shirt/top", 'say "cheese"', "one, two")
    text = predictions_csv(np.array([2, 0, 1]), names).decode()
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["ImageId", "Label"]
    assert rows[1:] == [["1", names[2]], ["2", names[0]], ["3", names[1]]]
