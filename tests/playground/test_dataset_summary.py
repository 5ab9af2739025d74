"""The summary of a data set."""

import gc
import weakref

import numpy as np
import pytest

from data import catalog
from data.dataset import Dataset, Splits, as_columns
from playground.data_figures import balance_figure, pixel_figure
from playground.dataset_summary import (
    LEVELS,
    class_means,
    dataset_summary,
    first_of_each_class,
    pixel_histogram,
)
from tests.playground.examples import images


def test_the_summary_of_mnist_counts_its_examples() -> None:
    data = catalog.load("mnist-5k")
    seen = dataset_summary(data)
    assert seen.counts.tolist() == [400] * 10
    assert seen.validation_counts.tolist() == [100] * 10
    assert seen.pixels.sum() == data.train.X.size
    assert seen.means.shape == (10, 28, 28)
    threes = data.train.X[:, data.train.labels == 3]
    np.testing.assert_allclose(seen.means[3].ravel(), threes.mean(axis=1), atol=1e-6)


def test_a_summary_is_made_once_and_dropped_with_its_data() -> None:
    data = Splits(images(20, seed=1), images(8, seed=2))
    seen = dataset_summary(data)
    assert dataset_summary(data) is seen

    gone = weakref.ref(seen)
    del data, seen
    gc.collect()
    assert gone() is None


def test_every_pixel_is_counted_in_its_step_the_ends_too() -> None:
    edges = (np.arange(LEVELS) + 0.5) / LEVELS
    X = np.asfortranarray(np.tile(np.append(edges, 1.0), (3, 1)).T)
    assert pixel_histogram(X).tolist() == [3] * (LEVELS - 1) + [6]
    rng = np.random.default_rng(0)
    X = as_columns(rng.random((9000, 4)))
    expected = np.histogram(X, bins=LEVELS, range=(0, 1))[0]
    np.testing.assert_array_equal(pixel_histogram(X), expected)


def test_a_class_without_examples_has_a_black_mean() -> None:
    X = as_columns(np.ones((2, 4)))
    means = class_means(Dataset("some", X, np.array([0, 2]), ("a", "b", "c"), (2, 2)))
    assert means[:, 0, 0].tolist() == [1, 0, 1]


@pytest.mark.parametrize("start", [0, 30])
def test_the_first_of_each_class_come_class_by_class(start: int) -> None:
    dataset = images(150, seed=1)  # 38 of two classes, 37 of the others
    chosen = dataset.labels[first_of_each_class(dataset, 10, start)]
    assert chosen.tolist() == sorted(chosen)
    expected = [10] * 4 if start == 0 else [8, 8, 7, 7]
    assert np.bincount(chosen).tolist() == expected


def test_the_figures_show_the_summary() -> None:
    seen = dataset_summary(catalog.load("mnist-5k"))
    bars = balance_figure(seen, [str(i) for i in range(10)])
    assert [trace["name"] for trace in bars["data"]] == ["training", "validation"]
    assert bars["data"][0]["y"] is seen.counts
    assert bars["layout"]["xaxis"]["tickangle"] == 0
    long = balance_figure(seen, ["Ankle boot"] * 10)
    assert long["layout"]["xaxis"]["tickangle"] == -60
    pixels = pixel_figure(seen)
    assert pixels["data"][0]["y"] is seen.pixels
    assert pixels["data"][0]["customdata"][-1] == "0.97 to 1.00"
