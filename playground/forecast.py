"""What a network will cost before it is trained: parameters, memory, seconds an epoch."""

import time
from dataclasses import dataclass

import numpy as np

from data.dataset import Splits
from netcore.network import n_parameters, slices
from netcore.optimizers import OPTIMIZERS
from netcore.training import LANES
from playground.config import RunConfig
from playground.slots import cores_for
from playground.trainer import Trainer

TRIAL_WORK = 1e8  # multiplications of a trial step: some hundredths of a second
TRIALS = 3
FLOAT = 4  # bytes of a float32


@dataclass(frozen=True)
class Forecast:
    """parameters: numbers learned; memory: bytes beside the data; seconds: of one epoch here."""

    parameters: int
    memory: int
    seconds: float


def forecast(config: RunConfig, data: Splits) -> Forecast:
    """Work out the sizes, and time a few steps on a copy that is thrown away.

    Big steps are tried on part of their examples and scaled up, so that it takes a moment only.
    Raises ConfigError where the network does not fit the data.
    """
    m = data.train.m
    batch = config.examples_a_step(m)
    parameters = n_parameters(config.layers)
    trial_batch = int(np.clip(TRIAL_WORK / (6 * parameters), 1, batch))
    trainer = Trainer(config.with_values(batch_size=trial_batch), data)
    trainer.step()  # the first one makes the buffers
    times = []
    for _ in range(TRIALS):
        began = time.perf_counter()
        trainer.step()
        times.append(time.perf_counter() - began)
    step = min(times) * batch / trial_batch / cores_for(config, m)
    return Forecast(parameters, memory(config, m), step * m / batch)


def memory(config: RunConfig, m: int) -> int:
    """Bytes that a run holds beside the data: vectors like θ, and the matrices of a step."""
    # θ, its gradient, the start, both in two snapshots while one takes the other's place, and
    # the optimizer's moments
    vectors = 7 + len(OPTIMIZERS[config.optimizer].moments)
    batch = config.examples_a_step(m)
    per_column = 4 * sum(config.layers[1:])  # Z, A, dZ, dA
    if config.batch_size is not None or config.augmentation:
        per_column += config.layers[0]  # a copy of the examples
    pieces = slices(batch)
    columns = pieces[0].stop
    if len(pieces) > 1:
        lanes = min(LANES, len(pieces))
        columns *= lanes
        vectors += 2 * lanes  # a gradient and a sum of them
    return FLOAT * (vectors * n_parameters(config.layers) + columns * per_column)
