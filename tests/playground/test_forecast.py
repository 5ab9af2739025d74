"""Forecasts of time and memory against measurements."""

import gc
import threading
import tracemalloc
from itertools import count
from math import inf
from types import SimpleNamespace

import numpy as np
import pytest

from data.dataset import Splits
from netcore.network import step_work
from playground.config import ConfigError, RunConfig
from playground.cpu_semaphore import cores_for
from playground.forecast import TRIAL_WORK, TRIALS, StepTimes, memory, seconds_per_step
from playground.run import Run
from playground.trainer import Trainer
from tests.playground.examples import DATA, small, wait_until


def test_a_big_step_is_tried_on_a_part_and_scaled_up(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = SimpleNamespace(perf_counter=count().__next__)  # by this clock each trial takes 1 s
    monkeypatch.setattr("playground.forecast.time", ticks)
    config = small(layers=(64, 1000, 1000, 4), batch_size=None)
    tried = int(TRIAL_WORK / step_work(config.layers, 1))
    assert 0 < tried < DATA.train.m
    expected = DATA.train.m / tried / cores_for(config, DATA.train.m)
    assert seconds_per_step(config, DATA) == pytest.approx(expected)


def test_small_steps_are_tried_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = SimpleNamespace(perf_counter=count().__next__)
    monkeypatch.setattr("playground.forecast.time", ticks)
    assert seconds_per_step(small(batch_size=30), DATA) == pytest.approx(1)


def test_a_network_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ConfigError, match="does not fit the data"):
        seconds_per_step(RunConfig(), DATA)


@pytest.fixture
def stepping(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the threads that take steps, one for each step."""
    names: list[str] = []
    step = Trainer.step

    def noted(trainer: Trainer) -> object:
        names.append(threading.current_thread().name)
        return step(trainer)

    monkeypatch.setattr(Trainer, "step", noted)
    return names


def test_the_time_of_a_step_is_measured_beside_the_one_who_asks(stepping: list[str]) -> None:
    times, config = StepTimes(), small()
    wait_until(lambda: times.of(config, DATA) is not None)
    seconds = times.of(config, DATA)
    assert seconds is not None
    assert 0 < seconds < 5
    assert stepping
    assert threading.current_thread().name not in stepping


def test_what_does_not_decide_the_time_is_not_measured_again(stepping: list[str]) -> None:
    times, config = StepTimes(), small(l2=0.0)
    wait_until(lambda: times.of(config, DATA) is not None)
    known, steps = times.of(config, DATA), len(stepping)
    for other in ({"learning_rate": 0.5}, {"epochs": 7}, {"seed": 9}, {"schedule": "cosine"}):
        assert times.of(config.with_values(**other), DATA) == known
    assert len(stepping) == steps
    wait_until(lambda: times.of(config.with_values(dropout=0.5), DATA) is not None)
    assert len(stepping) > steps


def test_no_more_is_kept_than_there_is_room_for(stepping: list[str]) -> None:
    """What is asked for again and again stays."""
    times, usual = StepTimes(most=2), small()
    for units in (3, 4, 5):
        config = small(layers=(64, units, 4))
        wait_until(lambda config=config: times.of(config, DATA) is not None)  # type: ignore[misc]
        wait_until(lambda: times.of(usual, DATA) is not None)
    assert len(times._known) == 2
    assert len(stepping) == 4 * (TRIALS + 1)  # the usual one was measured once


def test_one_network_is_measured_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many pages ask at once; and what nobody asks for any more is left out."""
    measured, go_on, at_work = [], threading.Event(), []

    def slow(config: RunConfig, data: Splits) -> float:
        at_work.append(config)
        assert len(at_work) == 1
        go_on.wait()
        measured.append(at_work.pop().layers[1])
        return 1.0

    monkeypatch.setattr("playground.forecast.seconds_per_step", slow)
    times = StepTimes(most=2)
    first = small(layers=(64, 1, 4))
    assert times.of(first, DATA) is None
    wait_until(lambda: bool(at_work))
    for units in (2, 3, 4):
        assert times.of(small(layers=(64, units, 4)), DATA) is None
    go_on.set()
    wait_until(lambda: times.of(small(layers=(64, 4, 4)), DATA) is not None)
    assert measured == [1, 3, 4]
    assert len(times._known) == 2


def test_a_measurement_that_fails_is_over_too(caplog: pytest.LogCaptureFixture) -> None:
    times, misfit = StepTimes(), RunConfig()
    wait_until(lambda: times.of(misfit, DATA) is not None)
    assert times.of(misfit, DATA) == inf
    assert "does not fit the data" in caplog.text
    wait_until(lambda: times.of(small(), DATA) is not None)  # the next one is measured
    seconds = times.of(small(), DATA)
    assert seconds is not None
    assert 0 < seconds < inf


@pytest.mark.parametrize(
    "config",
    [
        small(layers=(64, 1000, 1000, 4), optimizer="adam"),
        small(layers=(64, 300, 300, 4), optimizer="gradient_descent", batch_size=None),
    ],
    ids=["parameters", "examples"],
)
def test_memory_is_about_what_a_run_takes(config: RunConfig) -> None:
    many = np.arange(4000) % DATA.train.m
    data = Splits(train=DATA.train.take(many), validation=DATA.validation)
    first = Run(config, data)
    first.step()  # what is made once for all runs is made
    wait_until(lambda: not first.busy)
    gc.collect()
    tracemalloc.start()
    try:
        run = Run(config, data)
        run.step(3)
        wait_until(lambda: not run.busy)
        _, taken = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert 0.7 < taken / memory(config, data.train.m) < 1.6
