"""Forecast of a network's cost before training: parameters, memory, seconds per epoch."""

import logging
import time
from collections import OrderedDict
from collections.abc import Hashable
from math import inf
from threading import Lock, Thread

import numpy as np

from data.dataset import Splits
from netcore.network import n_parameters, step_work
from netcore.optimizers import OPTIMIZERS
from netcore.training import workspace_size
from playground.config import RunConfig
from playground.cpu_semaphore import CPU_SEMAPHORE, cores_for
from playground.trainer import Trainer

TRIAL_WORK = 1e8  # multiplications in a trial step, which then takes some hundredths of a second
TRIALS = 3
FLOAT32_BYTES = 4
MEASURER = "time of a step"  # the name of the measuring thread

log = logging.getLogger(__name__)


def seconds_per_step(config: RunConfig, data: Splits, cores: int | None = None) -> float:
    """Time a few steps on a copy of the run, for so many cores; None for those that a run gets.

    A big step is timed on part of its examples and scaled up, so that this takes only a moment.
    Raises ConfigError if the network does not fit the data.
    """
    m = data.train.m
    batch = config.examples_a_step(m)
    trial_batch = int(np.clip(TRIAL_WORK / step_work(config.layers, 1), 1, batch))
    cores = cores or cores_for(config, m)
    with CPU_SEMAPHORE.acquire(1):
        trainer = Trainer(config.with_values(batch_size=trial_batch), data)
        if cores > 1:
            trainer.compute_alone()  # the time of one core is divided by the number of cores
        trainer.step()  # the first step allocates the arrays
        times = []
        for _ in range(TRIALS):
            began = time.perf_counter()
            trainer.step()
            times.append(time.perf_counter() - began)
    return min(times) * batch / trial_batch / cores


class StepTimes:
    """The time of a step on this machine, measured in the background, once for each combination of
    settings that affects it, one after another.
    """

    def __init__(self, most: int = 256) -> None:
        self._most = most
        self._known: OrderedDict[Hashable, float | None] = OrderedDict()  # None: not measured yet
        self._asked: dict[Hashable, tuple[RunConfig, Splits]] = {}  # queue to measure
        self._measuring = False
        self._lock = Lock()

    def of(self, config: RunConfig, data: Splits) -> float | None:
        """Seconds of a step with these settings: None while it is being measured, infinity if that
        failed. Returns at once.
        """
        key = self.key(config, data)
        with self._lock:
            if key not in self._known:
                self._known[key], self._asked[key] = None, (config, data)
                if len(self._known) > self._most:
                    oldest, _ = self._known.popitem(last=False)
                    self._asked.pop(oldest, None)
                if not self._measuring:
                    self._measuring = True
                    Thread(target=self._measure, name=MEASURER, daemon=True).start()
            self._known.move_to_end(key)
            return self._known[key]

    def key(self, config: RunConfig, data: Splits) -> tuple[Hashable, ...]:
        """What decides how long a step takes."""
        return (
            config.layers,
            config.activations,
            config.optimizer,
            config.examples_a_step(data.train.m),
            config.dropout > 0,
            config.augmentation > 0 and data.train.image_shape,
        )

    def measured(self, config: RunConfig, data: Splits) -> float:
        return seconds_per_step(config, data)

    def _measure(self) -> None:
        """The thread: measures until the queue is empty."""
        while (asked := self._next()) is not None:
            key, config, data = asked
            try:
                seconds = self.measured(config, data)
            except Exception:  # any error: still measure the next one
                log.exception("the time of a step was not measured")
                seconds = inf
            with self._lock:
                if key in self._known:
                    self._known[key] = seconds

    def _next(self) -> tuple[Hashable, RunConfig, Splits] | None:
        with self._lock:
            self._measuring = bool(self._asked)
            if not self._asked:
                return None
            key = next(iter(self._asked))
            return key, *self._asked.pop(key)


STEP_TIMES = StepTimes()


def seconds_per_epoch(config: RunConfig, data: Splits) -> float | None:
    """Seconds of an epoch on this machine: None while it is being measured, infinity if that
    failed. Returns at once.
    """
    m = data.train.m
    step = STEP_TIMES.of(config, data)
    return None if step is None else step * m / config.examples_a_step(m)


def memory(config: RunConfig, m: int) -> int:
    """Bytes that a run holds beside the data while it trains: vectors of theta's size, and the
    matrices of a step.
    """
    # θ and the initial θ; both also in two snapshots, while a new snapshot replaces the old one;
    # and the optimizer's moments.
    vectors = 6 + len(OPTIMIZERS[config.optimizer].moments)
    batch = config.examples_a_step(m)
    scratch = workspace_size(config.layers, batch)
    if config.batch_size is not None or config.augmentation:
        scratch += batch * config.layers[0]  # a copy of the examples
    return FLOAT32_BYTES * (vectors * n_parameters(config.layers) + scratch)
