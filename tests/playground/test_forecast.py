"""What a network will cost, against what it costs."""

import gc
import tracemalloc
from itertools import count
from types import SimpleNamespace

import numpy as np
import pytest

from data.dataset import Splits
from netcore.network import n_parameters
from playground.config import ConfigError, RunConfig
from playground.forecast import TRIAL_WORK, forecast, memory
from playground.run import Run
from playground.slots import cores_for
from tests.playground.examples import DATA, small, wait_until


@pytest.mark.parametrize(
    ("layers", "parameters"), [((64, 4), 260), ((64, 12, 4), 832), ((64, 5, 3, 4), 359)]
)
def test_parameters_are_counted(layers: tuple[int, ...], parameters: int) -> None:
    assert forecast(small(layers=layers), DATA).parameters == parameters


def test_seconds_are_of_one_epoch() -> None:
    expected = forecast(small(), DATA)
    assert 0 < expected.seconds < 5
    assert expected.memory == memory(small(), DATA.train.m)


def test_a_big_step_is_tried_on_a_part_and_scaled_up(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = SimpleNamespace(perf_counter=count().__next__)  # by this clock each trial takes 1 s
    monkeypatch.setattr("playground.forecast.time", ticks)
    config = small(layers=(64, 1000, 1000, 4), batch_size=None)
    tried = int(TRIAL_WORK / (6 * n_parameters(config.layers)))
    assert 0 < tried < DATA.train.m
    expected = DATA.train.m / tried / cores_for(config, DATA.train.m)
    assert forecast(config, DATA).seconds == pytest.approx(expected)


def test_small_steps_are_tried_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = SimpleNamespace(perf_counter=count().__next__)
    monkeypatch.setattr("playground.forecast.time", ticks)
    assert forecast(small(batch_size=30), DATA).seconds == pytest.approx(5)  # of 150 examples


def test_a_network_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ConfigError, match="does not fit the data"):
        forecast(RunConfig(), DATA)


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
    data = Splits(train=DATA.train.take(many), held_out=DATA.held_out)
    Run(config, data).step()  # what is made once for all runs is made
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
