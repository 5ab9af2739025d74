"""Teaching: what a lesson is made of, what it does to a network, and what is kept of it."""

import io

import numpy as np
import pytest

from data import catalog
from data.dataset import Dataset
from data.drawings import MOST_DRAWINGS
from netcore.metrics import accuracy
from playground.config import RunConfig
from playground.doubt import judge_of
from playground.run import Run, Status
from playground.saved import load_run
from playground.storage import train_state
from playground.storage.train_state import StorageError
from playground.teaching import COPIES, OLD, STEPS, Lesson
from playground.trainer import Trainer
from tests.playground.examples import wait_until

DATA = catalog.load("mnist-5k")
CONFIG = RunConfig(augmentation=0.0, epochs=4).with_values(layers=(784, 32, 10))


def odd_hand(count: int) -> Dataset:
    """Digits by somebody who writes them far to the left, which no network here has seen."""
    few = DATA.held_out.take(np.arange(count))
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


def test_few_drawings_are_a_small_part_many_more_than_half() -> None:
    network = Trainer(CONFIG, DATA).network
    for count, copies in ((1, COPIES), (50, COPIES), (200, 30)):
        mixed = Lesson(CONFIG, network, odd_hand(count)).examples(DATA)
        assert mixed.train.m == OLD + count * copies
        assert mixed.held_out is DATA.held_out
        assert mixed.train.X.flags.f_contiguous


def test_it_learns_the_hand_and_keeps_the_rest(trained: Run) -> None:
    hand, others = odd_hand(100), odd_hand(400)
    taught = done(Run.taught(trained, hand))
    before, after = trained.snapshot.network, taught.snapshot.network
    assert taught.snapshot.status is Status.DONE
    assert taught.snapshot.iteration == STEPS
    right = [accuracy(each.predict(others.X), others.labels) for each in (before, after)]
    assert right[1] > right[0] + 0.25
    kept = [run.snapshot.measured.held_out.accuracy for run in (trained, taught)]
    assert kept[1] > kept[0] - 0.05


def test_the_run_before_is_as_it_was_and_reset_goes_back_to_it(trained: Run) -> None:
    theta = trained.snapshot.network.theta.copy()
    taught = done(Run.taught(trained, odd_hand(10)))
    np.testing.assert_array_equal(trained.snapshot.network.theta, theta)
    assert not np.array_equal(taught.snapshot.network.theta, theta)
    taught.reset()
    np.testing.assert_array_equal(taught.snapshot.network.theta, theta)


def test_an_address_gives_the_network_from_before(trained: Run) -> None:
    taught = Run.taught(trained, odd_hand(3))
    again = Run.taught(taught, odd_hand(5))
    assert all(run.snapshot.shared_config == CONFIG for run in (taught, again, trained))
    assert again.learned_from is DATA


def test_the_judge_of_a_taught_run_knows_its_drawings(trained: Run) -> None:
    hand = odd_hand(1)
    taught = Run.taught(trained, hand)
    found = judge_of(taught.snapshot).likeness.nearest(hand.X, 1)
    np.testing.assert_array_equal(found.X, hand.X)
    assert judge_of(taught.snapshot) is judge_of(taught.snapshot) is not judge_of(trained.snapshot)


def test_saved_in_the_middle_it_goes_on_to_the_same_bits(trained: Run) -> None:
    taught = Run.taught(trained, odd_hand(7))
    taught.step(30)
    wait_until(lambda: not taught.busy)
    saved = load_run(io.BytesIO(taught.save()))
    opened = Run(saved.config, DATA, saved=saved)
    assert opened.lesson is not None
    assert opened.snapshot.shared_config == CONFIG
    theta = done(taught).snapshot.network.theta
    np.testing.assert_array_equal(done(opened).snapshot.network.theta, theta)
    opened.reset()
    np.testing.assert_array_equal(opened.start_theta, trained.snapshot.network.theta)


def test_a_damaged_lesson_is_refused(trained: Run) -> None:
    file = io.BytesIO(Run.taught(trained, odd_hand(2)).save())
    state, about, curves = train_state.load(file)
    lesson = about["lesson"]
    for bad_lesson, bad_curves in (
        (lesson | {"labels": [1, 10]}, {}),
        (lesson | {"labels": [1]}, {}),
        (lesson | {"labels": [1] * (MOST_DRAWINGS + 1)}, {}),
        ("nonsense", {}),
        (lesson, {"lesson_theta": curves["lesson_theta"][:-1]}),
        (lesson, {"lesson_theta": np.full_like(curves["lesson_theta"], np.nan)}),
        (lesson, {"drawings": curves["drawings"].astype(np.float32)}),
        (lesson | {"config": {"layers": "0"}}, {}),
    ):
        other = io.BytesIO()
        train_state.save(
            other, state, about=about | {"lesson": bad_lesson}, curves=curves | bad_curves
        )
        other.seek(0)
        with pytest.raises(StorageError):
            load_run(other)
