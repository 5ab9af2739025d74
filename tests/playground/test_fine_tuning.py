"""Fine-tuning: its training set, its effect on a network, and how it is saved."""

import io

import numpy as np
import pytest

from data import catalog
from data.dataset import Dataset
from data.labeled_drawings import MAX_DRAWINGS
from netcore.metrics import accuracy
from playground.config import RunConfig
from playground.fine_tuning import COPIES, OLD, STEPS, FineTuning
from playground.ood_detector import detector_of
from playground.run import Run, Status
from playground.saved import load_run
from playground.storage import train_state
from playground.storage.train_state import StorageError
from playground.trainer import Trainer
from tests.playground.examples import wait_until

DATA = catalog.load("mnist-5k")
CONFIG = RunConfig(augmentation=0.0, epochs=4).with_values(layers=(784, 32, 10))


def shifted_drawings(count: int) -> Dataset:
    """Digits shifted far to the left, as by an unusual writer, which the network has not seen."""
    few = DATA.validation.take(np.arange(count))
    X = np.roll(few.X.T.reshape(-1, 28, 28), -8, axis=2).reshape(count, -1).T
    return Dataset("drawings", X, few.labels, few.class_names, few.image_shape)


@pytest.fixture
def trained() -> Run:
    run = Run(CONFIG, DATA)
    run.play()
    wait_until(lambda: not run.busy)
    return run


def done(run: Run) -> Run:
    run.play()
    wait_until(lambda: not run.busy)
    return run


def test_copies_of_few_drawings_are_a_small_part_of_the_mixture_and_many_more_than_half() -> None:
    network = Trainer(CONFIG, DATA).network
    for count, copies in ((1, COPIES), (50, COPIES), (200, 30)):
        mixed = FineTuning(CONFIG, network, shifted_drawings(count)).examples(DATA)
        assert mixed.train.m == min(OLD, DATA.train.m) + count * copies
        assert mixed.validation is DATA.validation
        assert mixed.train.X.flags.f_contiguous


def test_it_learns_the_handwriting_and_keeps_the_rest(trained: Run) -> None:
    drawings, others = shifted_drawings(100), shifted_drawings(400)
    fine_tuned = done(Run.fine_tuned(trained, drawings))
    before, after = trained.snapshot.network, fine_tuned.snapshot.network
    assert fine_tuned.snapshot.status is Status.DONE
    assert fine_tuned.snapshot.iteration == STEPS
    right = [accuracy(each.predict(others.X), others.labels) for each in (before, after)]
    assert right[1] > right[0] + 0.25
    kept = [run.snapshot.measured.validation.score for run in (trained, fine_tuned)]
    assert kept[1] > kept[0] - 0.05


def test_the_previous_run_is_unchanged_and_reset_returns_to_its_network(trained: Run) -> None:
    theta = trained.snapshot.network.theta.copy()
    fine_tuned = done(Run.fine_tuned(trained, shifted_drawings(10)))
    np.testing.assert_array_equal(trained.snapshot.network.theta, theta)
    assert not np.array_equal(fine_tuned.snapshot.network.theta, theta)
    fine_tuned.reset()
    np.testing.assert_array_equal(fine_tuned.snapshot.network.theta, theta)


def test_an_address_has_the_settings_before_fine_tuning(trained: Run) -> None:
    fine_tuned = Run.fine_tuned(trained, shifted_drawings(3))
    again = Run.fine_tuned(fine_tuned, shifted_drawings(5))
    assert all(run.snapshot.shared_config == CONFIG for run in (fine_tuned, again, trained))
    assert again.learned_from is DATA


def test_the_detector_of_a_fine_tuned_run_knows_its_drawings(trained: Run) -> None:
    drawings = shifted_drawings(1)
    fine_tuned = Run.fine_tuned(trained, drawings)
    found = detector_of(fine_tuned.snapshot).similarity.nearest(drawings.X, 1)
    np.testing.assert_array_equal(found.X, drawings.X)
    assert (
        detector_of(fine_tuned.snapshot)
        is detector_of(fine_tuned.snapshot)
        is not detector_of(trained.snapshot)
    )


def test_saved_in_the_middle_it_continues_to_the_same_bits(trained: Run) -> None:
    fine_tuned = Run.fine_tuned(trained, shifted_drawings(7))
    fine_tuned.step(30)
    wait_until(lambda: not fine_tuned.busy)
    saved = load_run(io.BytesIO(fine_tuned.save()))
    opened = Run(saved.config, DATA, saved=saved)
    assert opened.fine_tuning is not None
    assert opened.snapshot.shared_config == CONFIG
    theta = done(fine_tuned).snapshot.network.theta
    np.testing.assert_array_equal(done(opened).snapshot.network.theta, theta)
    opened.reset()
    np.testing.assert_array_equal(opened.start_theta, trained.snapshot.network.theta)


def test_damaged_fine_tuning_data_are_rejected(trained: Run) -> None:
    file = io.BytesIO(Run.fine_tuned(trained, shifted_drawings(2)).save())
    state, about, curves = train_state.load(file)
    fine_tuning = about["fine_tuning"]
    for bad_about, bad_curves in (
        (fine_tuning | {"labels": [1, 10]}, {}),
        (fine_tuning | {"labels": [1]}, {}),
        (fine_tuning | {"copies": 0}, {}),
        (fine_tuning | {"old": "all"}, {}),
        (fine_tuning | {"labels": [1] * (MAX_DRAWINGS + 1)}, {}),
        ("nonsense", {}),
        (fine_tuning, {"fine_tuning_theta": curves["fine_tuning_theta"][:-1]}),
        (fine_tuning, {"fine_tuning_theta": np.full_like(curves["fine_tuning_theta"], np.nan)}),
        (fine_tuning, {"drawings": curves["drawings"].astype(np.float32)}),
        (fine_tuning | {"config": {"layers": "0"}}, {}),
    ):
        other = io.BytesIO()
        train_state.save(
            other, state, about=about | {"fine_tuning": bad_about}, curves=curves | bad_curves
        )
        other.seek(0)
        with pytest.raises(StorageError):
            load_run(other)
