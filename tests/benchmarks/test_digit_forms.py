"""The benchmark of the digit forms: training sets, measured digits, and tables."""

import numpy as np
import pytest

from benchmarks.digit_forms import (
    N_VALIDATION,
    Readable,
    Trained,
    accuracy_table,
    mnist_validation,
    most_similar_forms,
    trained,
    without,
)
from data.catalog import load
from data.dataset import DataError, Splits
from data.form_images import N_IMAGES, load_form_images
from data.mnist_5k import load_mnist_5k
from netcore.network import Network
from playground.config import RunConfig


@pytest.fixture(scope="module")
def few() -> Splits:
    digits = load_mnist_5k()
    return Splits(digits.train.take(np.arange(100)), digits.validation.take(np.arange(50)))


def test_one_form_can_be_left_out() -> None:
    forms = load_form_images()
    left = without(forms, 3)
    assert left.m == forms.m - N_IMAGES
    missing = forms.X[:, forms.forms == 3].T
    kept = {row.tobytes() for row in np.ascontiguousarray(left.X.T)}
    assert not any(row.tobytes() in kept for row in np.ascontiguousarray(missing))


def test_different_seeds_give_different_networks(few: Splits) -> None:
    config = RunConfig(layers=(784, 5, 10), activations=("relu",), epochs=2)
    run = trained("few", few, config, seeds=(1, 2))
    assert run.steps == 2
    assert len(run.seconds) == 2
    first, second = run.networks
    assert (first.theta != second.theta).any()


def test_the_table_has_means_range_and_the_lowest_writer() -> None:
    # Networks without hidden layer whose biases predict 0 and 1 for any input.
    networks = []
    for answer in (0, 1):
        network = Network((784, 10), ("softmax",), np.zeros(7850, dtype=np.float32))
        network.layers[0].b[answer] = 1
        networks.append(network)
    X, labels = np.zeros((784, 4), dtype=np.float32), np.array([0, 0, 0, 1])
    read = Readable("two writers", X, labels, np.array([3, 3, 6, 6]))
    text = accuracy_table([Trained("both", networks, [1.0, 2.0], 7)], [read])
    assert "| two writers |" in " ".join(text.split())
    assert "| both | 7 | 1.5 | 50.00 % (25.00–75.00) | 50.0 % |" in " ".join(text.split())


def test_an_image_of_a_form_is_most_like_that_form() -> None:
    loaded = load_form_images()
    assert loaded.forms is not None
    some = np.arange(0, loaded.m, 50)
    read = Readable("forms", loaded.X[:, some], loaded.labels[some])
    np.testing.assert_array_equal(most_similar_forms(read), loaded.forms[some])


def test_no_embedded_digit_is_in_the_validation_images() -> None:
    try:
        mnist = load("mnist").train
    except DataError:
        pytest.skip("PLAYGROUND_DATA names no folder with MNIST")
    chosen_by, embedded = mnist_validation(mnist), load_mnist_5k()
    assert chosen_by.X.shape == (784, N_VALIDATION)
    # A few of the embedded ones differ from MNIST's own by a gray level at some pixels.
    among_all = _nearest(embedded.validation.X, mnist.X[:, :6000])
    assert among_all.max() < 5 / 255
    for part in (embedded.train, embedded.validation):
        assert _nearest(part.X, chosen_by.X).min() > 100 / 255


def _nearest(X: np.ndarray, others: np.ndarray) -> np.ndarray:
    """How far each column of X is from the nearest of the others."""
    squares = (X**2).sum(axis=0)[:, None] + (others**2).sum(axis=0) - 2 * X.T @ others
    return np.sqrt(np.maximum(squares.min(axis=1), 0))
