"""Small trained networks and their data: what the tests of views share."""

from functools import cache

import numpy as np

from data.dataset import Dataset, as_columns
from netcore.network import Network
from playground.trainer import Trainer
from tests.playground.examples import DATA, small

VALIDATION = DATA.validation


@cache
def trained(*hidden: int, activation: str = "relu") -> Network:
    """A network of these hidden layers that has learned a little of DATA. Nobody changes it."""
    layers = (64, *hidden, 4)
    config = small(layers=layers, activations=(activation,) * len(hidden), epochs=25)
    trainer = Trainer(config, DATA)
    while not trainer.done:
        trainer.step()
    return trainer.network


@cache
def two_classes() -> tuple[Network, Dataset]:
    """One sigmoid unit for two classes, and examples of both."""
    rng = np.random.default_rng(7)
    labels = np.arange(60) % 2
    rows = rng.uniform(0, 1, size=(60, 64))
    rows[labels == 1, :32] *= 0.6
    dataset = Dataset("halves", as_columns(rows), labels, ("no", "yes"), (8, 8))
    theta = rng.normal(0, 0.4, 64 * 6 + 6 + 6 + 1).astype(np.float32)
    return Network((64, 6, 1), ("tanh", "sigmoid"), theta), dataset
