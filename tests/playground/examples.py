"""Small data, small settings, and waiting for a state, shared by the tests of playground."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from data.dataset import Dataset, Splits, as_columns
from netcore.training import TrainState
from playground.config import RunConfig
from playground.history import Curves
from playground.trainer import Measured, Trainer

SIDE, N_CLASSES = 8, 4


def images(m: int, *, seed: int) -> Dataset:
    """m images of 8×8, each class bright in a quarter of its own, and noise all over."""
    rng = np.random.default_rng(seed)
    labels = np.arange(m) % N_CLASSES
    rows = rng.uniform(0, 0.8, size=(m, SIDE, SIDE))
    for row, label in zip(rows, labels, strict=True):
        row[4 * (label // 2) :, 4 * (label % 2) :][:4, :4] += 0.2
    names = tuple(map(str, range(N_CLASSES)))
    return Dataset("quarters", as_columns(rows.reshape(m, -1)), labels, names, (SIDE, SIDE))


DATA = Splits(train=images(150, seed=1), validation=images(40, seed=2))


def small(**values: Any) -> RunConfig:
    """Settings that fit DATA: ten steps an epoch, of a fraction of a millisecond each."""
    layers = (SIDE * SIDE, 12, N_CLASSES)
    config = RunConfig(layers=layers, activations=("relu",), batch_size=16, epochs=5)
    return config.with_values(augmentation=0.0).with_values(**values)


def uninterrupted(config: RunConfig) -> tuple[list[float], list[Measured], Trainer]:
    """The same training without threads: the cost of every step, and all that is measured."""
    trainer = Trainer(config, DATA)
    costs, measured = [], [trainer.measure()]
    while not trainer.done:
        record = trainer.step()
        costs.append(record.cost)
        if trainer.is_time_to_measure(record):
            measured.append(trainer.measure())
    return costs, measured, trainer


def numbers(curves: Curves) -> list[list[float]]:
    """All of the curves as plain lists, to compare them to the bit."""
    return [
        each.tolist()
        for each in (
            curves.step_cost,
            curves.iteration,
            curves.cost,
            curves.accuracy,
            curves.validation_cost,
            curves.validation_accuracy,
        )
    ]


def wait_until(condition: Callable[[], bool], seconds: float = 40.0) -> None:
    """Wait for a state that another thread brings about; fail where it never comes."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not so within {seconds:g} s"
        time.sleep(0.002)


def everything(state: TrainState) -> list[Any]:
    """All of a state that training goes on from."""
    order = None if state.order is None else state.order.tolist()
    moments = {name: vector.tolist() for name, vector in state.optimizer_state.items()}
    rngs = [rng.bit_generator.state for rng in (state.order_rng, state.noise_rng)]
    theta = state.network.theta.tolist()
    return [theta, moments, rngs, order, state.iteration, state.epoch, state.position]
