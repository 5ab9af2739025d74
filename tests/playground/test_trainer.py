"""The trainer measures at moments that depend on the iteration alone, and changes nothing by it."""

from contextlib import ExitStack

import numpy as np
import pytest

from playground.cpu_semaphore import CPU_SEMAPHORE
from playground.trainer import (
    MAX_EVALUATIONS,
    TRAINING_SAMPLE,
    Trainer,
    first_layer_images,
    start_state,
)
from tests.playground.examples import DATA, N_CLASSES, SIDE, small, uninterrupted


def moments(**values: int) -> list[int]:
    return [each.iteration for each in uninterrupted(small(**values))[1]]


def test_measured_at_the_start_after_every_epoch_and_at_the_end() -> None:
    assert moments(epochs=20) == list(range(0, 201, 10))
    assert moments(epochs=20, batch_size=150) == list(range(21))


def test_more_often_where_epochs_are_few_less_where_they_are_many() -> None:
    assert moments(epochs=2) == list(range(21))
    assert moments(iterations=7) == list(range(8))
    many = moments(epochs=1000, batch_size=150)
    assert len(many) <= MAX_EVALUATIONS * 2 + 1
    assert many[-1] == 1000


def test_measuring_changes_nothing() -> None:
    quiet, measured = (Trainer(small(dropout=0.2, augmentation=1.0), DATA) for _ in range(2))
    for _ in range(12):
        quiet.step()
        measured.step()
        measured.measure()
    np.testing.assert_array_equal(quiet.network.theta, measured.network.theta)


def test_beside_as_many_runs_as_cores_a_run_has_one_thread_and_the_same_bits() -> None:
    config = small(layers=(64, 1000, 400, 4), batch_size=128)
    alone, in_company = Trainer(config, DATA), Trainer(config, DATA)
    alone.step()
    with ExitStack() as runs:
        for _ in range(CPU_SEMAPHORE.size + 1):
            runs.enter_context(CPU_SEMAPHORE.computing())
        in_company.step()
        assert in_company.workspace.map is map
    assert alone.workspace.map is not map or CPU_SEMAPHORE.size == 1
    np.testing.assert_array_equal(alone.network.theta, in_company.network.theta)


def test_what_is_measured_is_the_network_on_examples_as_they_are() -> None:
    trainer = Trainer(small(dropout=0.5, augmentation=1.0), DATA)
    trainer.step()
    measured = trainer.measure()
    A = trainer.network.predict(DATA.validation.X)
    assert measured.iteration == 1
    assert measured.validation.score == np.mean(A.argmax(axis=0) == DATA.validation.labels)
    assert measured.training.predicted.shape == (min(TRAINING_SAMPLE, DATA.train.m),)


def test_it_learns() -> None:
    _, measured, _ = uninterrupted(small(epochs=40, learning_rate=0.01))
    assert measured[-1].validation.cost < measured[0].validation.cost / 2
    assert measured[-1].validation.score > 0.7  # by chance: 0.25


def test_a_state_goes_on_where_it_was() -> None:
    whole, first = (Trainer(small(), DATA) for _ in range(2))
    for _ in range(20):
        whole.step()
    for _ in range(7):
        first.step()
    second = Trainer(small(), DATA, first.state)
    for _ in range(13):
        second.step()
    np.testing.assert_array_equal(whole.network.theta, second.network.theta)


@pytest.mark.parametrize("values", [{"seed": 2}, {"initializer": "glorot"}], ids=str)
def test_the_start_follows_from_the_settings(values: dict[str, object]) -> None:
    start = start_state(small()).network.theta
    np.testing.assert_array_equal(start, start_state(small(optimizer="momentum")).network.theta)
    assert (start != start_state(small(**values)).network.theta).any()


def test_first_layer_images_are_its_rows_of_weights() -> None:
    network = start_state(small()).network
    images = first_layer_images(network, network.theta, (SIDE, SIDE))
    assert images.shape == (12, SIDE, SIDE)
    np.testing.assert_array_equal(images[3].ravel(), network.layers[0].W[3])
    assert network.layer_dims[-1] == N_CLASSES
