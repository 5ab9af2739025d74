"""How long a sweep will take."""

from itertools import count
from types import SimpleNamespace

import pytest

from playground.config import RunConfig
from playground.run_data import load_data
from playground.sweep.estimate import (
    OF_A_RUN,
    STARTING,
    BatchTimes,
    Estimate,
    WorkerTimes,
    estimate_of,
    rounds,
    spread,
    together,
)
from playground.sweep.examples import Examples
from playground.sweep.plan import Plan
from playground.sweep.ranges import read_space
from playground.trainer import Trainer
from tests.playground.examples import wait_until

BASE = RunConfig(augmentation=0.0, epochs=2)


def plan(*varied: str, workers: int = 1) -> Plan:
    return Plan(read_space(BASE, varied), workers=workers)


def test_the_timed_runs_are_a_few_from_small_to_large() -> None:
    _, configs = plan("width=1..64:12").checked(Examples())
    some = [each.layers[1] for each in spread(configs)]
    assert some[0] == 1
    assert some[-1] == 64
    assert some == sorted(some)


def test_a_step_is_timed_on_one_core_and_has_its_share_of_measuring(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ticks = SimpleNamespace(perf_counter=count().__next__)  # by this clock each takes 1 s
    monkeypatch.setattr("playground.forecast.time", ticks)
    monkeypatch.setattr("playground.sweep.estimate.time", ticks)
    monkeypatch.setattr("playground.forecast.cores_for", lambda *_: 2)  # as in a page
    config = BASE.with_values(layers=(784, 4, 10), activations=("relu",), epochs=40)
    data = load_data(config)
    interval = Trainer(config, data).interval
    assert interval > 1
    assert WorkerTimes().measured(config, data) == pytest.approx(1 + 1 / interval)


@pytest.mark.parametrize(
    ("workers", "at_once", "one_after_another"), [(1, 1, 3), (2, 2, 2), (9, 3, 1)]
)
def test_it_is_the_time_of_all_runs_on_the_workers_that_have_some(
    monkeypatch: pytest.MonkeyPatch, workers: int, at_once: int, one_after_another: int
) -> None:
    monkeypatch.setattr(WorkerTimes, "measured", lambda *_: 0.25)
    n = BASE.n_iterations(load_data(BASE).train.m)
    seconds = Estimate(plan("seed=4,5,6", workers=workers)).seconds(wait=True)
    beside = STARTING + 3 * OF_A_RUN / at_once
    assert seconds == pytest.approx(beside + one_after_another * 0.25 * n)


def test_runs_that_train_together_take_their_minibatches_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(WorkerTimes, "measured", lambda *_: 0.25)
    monkeypatch.setattr(BatchTimes, "measured", lambda *_: 0.1)
    n = BASE.n_iterations(load_data(BASE).train.m)
    seconds = Estimate(plan("width=4..9:6", workers=2)).seconds(wait=True)
    beside = STARTING + 6 * OF_A_RUN / 2
    assert seconds == pytest.approx(beside + 3 * (0.15 + 0.1 / 3) * n)


@pytest.mark.parametrize(
    ("varied", "at_once", "expected"),
    [
        (["width=4..9:6"], 1, 6),
        (["width=4..9:6"], 2, 3),
        (["width=16..200:40"], 2, 10),
        (["width=4,5", "seed=1,2,3"], 1, 2),
        (["seed=1,2,3"], 1, 1),
        (["width=4,5", "dropout=0,0.1"], 1, 4 / 3),
    ],
)
def test_how_many_runs_train_together(varied: list[str], at_once: int, expected: float) -> None:
    n, configs = plan(*varied).checked(Examples())
    assert together(configs, n, at_once) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("method", "at_once", "expected"),
    [
        ("grid", 1, 27 / 9 + 9 * 2 / 9 + 3 * 2 / 3),
        ("grid", 2, 14 / 9 + 5 * 2 / 9 + 2 * 2 / 3),  # at the end one of three waits
        ("optuna", 2, 27 / 9 * (9 / 9 + 3 * 2 / 9 + 1 * 2 / 3) / 2),
    ],
)
def test_with_halving_it_is_shorter(method: str, at_once: int, expected: float) -> None:
    halved = Plan(read_space(BASE, ["seed=1..27:27"]), method, runs=27, halving=True)
    assert rounds(halved, 27, at_once) == pytest.approx(expected)


def test_equal_plans_have_one_estimate_which_is_known_after_a_while() -> None:
    first = estimate_of(plan("width=4,5"))
    assert estimate_of(plan("width=4,5")) is first
    assert estimate_of(plan("width=4,6")) is not first
    wait_until(lambda: first.seconds() is not None)
    seconds = first.seconds()
    assert seconds is not None
    assert STARTING < seconds < 600
