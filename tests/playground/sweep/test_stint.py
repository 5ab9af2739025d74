"""A run in stints: the same bits as in one go."""

import io

import numpy as np
import pytest

from playground.config import RunConfig, settings_as_text
from playground.history import Point
from playground.run_data import load_data
from playground.saved import load_run
from playground.sweep.stint import stint
from playground.sweep.trial import Trial, TrialStatus
from playground.trainer import Trainer
from playground.training import Training

CONFIG = RunConfig.default("spiral").with_values(
    layers=(2, 8, 1), activations=("tanh",), points=200, epochs=30, dropout=0.2
)
DATA = load_data(CONFIG)


def test_many_stints_are_one_run() -> None:
    points: list[Point] = []
    content: bytes | None = None
    stints = 0
    while True:
        done = stint(settings_as_text(CONFIG), content, DATA, 10**9, 0.003, points.append)
        assert not done.failure
        content, stints = done.content, stints + 1
        if done.done:
            break
    assert stints > 1
    whole = Training(Trainer(CONFIG, DATA))
    while not whole.trainer.done:
        whole.step()
    saved, curves = load_run(io.BytesIO(content)), whole.history.curves()
    np.testing.assert_array_equal(saved.state.network.theta, whole.trainer.network.theta)
    np.testing.assert_array_equal(saved.curves.step_cost, curves.step_cost)
    assert [point[0] for point in points] == curves.iteration.tolist()
    assert [point[4] for point in points] == curves.validation_accuracy.tolist()
    assert (done.score, done.cost) == (
        whole.measured.validation.score,
        whole.measured.validation.cost,
    )


def test_a_stint_ends_at_the_iteration_of_its_rung() -> None:
    first = stint(settings_as_text(CONFIG), None, DATA, 7, 100.0)
    assert (first.iteration, first.done) == (7, False)
    second = stint(settings_as_text(CONFIG), first.content, DATA, 11, 100.0)
    assert second.iteration == 11
    assert second.seconds > first.seconds > 0


def test_a_run_that_diverges_says_so() -> None:
    bad = CONFIG.with_values(
        learning_rate=100.0,
        optimizer="gradient_descent",
        activations=("relu",),
        dropout=0.0,
        l2=10.0,
    )
    done = stint(settings_as_text(bad), None, load_data(bad), 10**9, 100.0)
    assert "diverged" in done.failure
    assert done.content == b""
    trial = Trial(1, {}, bad, 1000, 0)
    trial.take(done)
    assert (trial.status, trial.content) == (TrialStatus.FAILED, None)


@pytest.mark.parametrize("again", [False, True])
def test_points_of_a_repeated_stint_are_taken_once(again: bool) -> None:
    trial = Trial(1, {}, CONFIG, 1000, 0)
    for iteration in (0, 10, 20, *((10, 20, 30) if again else (30,))):
        trial.add((iteration, 0.0, 0.0, 0.0, 0.0))
    assert [point[0] for point in trial.points] == [0, 10, 20, 30]
