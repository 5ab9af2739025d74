"""A run that stops within an epoch and continues, here or, as a program, in another process.

    python -m tests.playground.storage.resuming STEPS FOLDER

takes that many steps more from every saved run in the folder and saves each beside it.
"""

import sys
from itertools import islice
from pathlib import Path

import numpy as np

from netcore.array import Array
from netcore.initializers import he
from netcore.losses import LOSSES
from netcore.network import Network
from netcore.optimizers import OPTIMIZERS
from netcore.training import Hyperparameters, StepRecord, TrainState, train, weights_rng
from playground.storage.train_state import load, save
from tests.netcore.examples import examples

# Batches of 7 of 24 examples: an epoch is four steps, the last of them smaller.
HYPER = Hyperparameters(0.03, 40, "one_cycle", batch_size=7, l2=1e-3, dropout=0.3)


def jitter(X: Array, rng: np.random.Generator) -> Array:
    return X + 0.1 * rng.standard_normal(X.shape, dtype=np.float32)


def start(optimizer: str, seed: int = 5) -> TrainState:
    net = Network.create([3, 9, 6, 3], ["relu", "tanh", "softmax"], he, rng=weights_rng(seed))
    return TrainState.start(net, OPTIMIZERS[optimizer], seed=seed)


def go_on(state: TrainState, steps: int) -> list[StepRecord]:
    X, Y = examples(m=24, dtype=np.float32)
    return list(islice(train(state, X, Y, LOSSES["cross_entropy"], HYPER, jitter), steps))


def keep(path: Path, state: TrainState, records: list[StepRecord]) -> None:
    curves = {
        "cost": np.array([record.cost for record in records]),
        "learning_rate": np.array([record.learning_rate for record in records]),
    }
    save(path, state, about={"optimizer": type(state.optimizer).__name__}, curves=curves)


if __name__ == "__main__":
    for path in sorted(Path(sys.argv[2]).glob("*.npz")):
        state = load(path).state
        keep(path.with_suffix(".resumed"), state, go_on(state, int(sys.argv[1])))
