"""How many runs a sweep has, and about how long it takes, before it starts."""

import time
from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache
from math import ceil, inf

from data.dataset import Splits
from netcore.network import step_work
from netcore.training import Workspace
from playground.config import RunConfig
from playground.cpu_semaphore import CPU_SEMAPHORE
from playground.forecast import StepTimes, seconds_per_step
from playground.output import targets
from playground.sweep import halving
from playground.sweep.examples import Examples
from playground.sweep.plan import Plan
from playground.sweep.shared_batches import batches_key, fitting
from playground.trainer import Trainer

TIMED = 5  # runs whose steps are timed
TRYING = 0.2  # seconds of steps that are timed, of each
BATCHES = 20  # minibatches whose taking is timed
STARTING = 1.5  # seconds until the worker processes train
OF_A_RUN = 0.1  # seconds for each run beside its steps: sending, saving, storing


class WorkerTimes(StepTimes):
    """The time of a step in a worker: on one core, with its share of the measurements."""

    def key(self, config: RunConfig, data: Splits) -> tuple[Hashable, ...]:
        return *super().key(config, data), config.n_iterations(data.train.m), data.validation.m

    def measured(self, config: RunConfig, data: Splits) -> float:
        step, trainer = seconds_per_step(config, data, cores=1), Trainer(config, data)
        trainer.compute_alone()
        with CPU_SEMAPHORE.acquire(1):
            # The least time of a step is not that of many: their mean has what else goes on here.
            if (n := int(TRYING / step)) > 1:
                step = _mean(trainer.step, n)
            trainer.measure()  # the first one allocates the arrays
            measuring = _mean(trainer.measure, 1)
        return step + measuring / trainer.interval


class BatchTimes(StepTimes):
    """The time of taking a minibatch, which runs that train together take once for all of them."""

    def key(self, config: RunConfig, data: Splits) -> tuple[Hashable, ...]:
        return batches_key(config), data.train.X.shape

    def measured(self, config: RunConfig, data: Splits) -> float:
        trainer, workspace = Trainer(config, data), Workspace()
        X, Y = data.train.X, targets(data.train, config.layers)

        def take() -> object:
            return workspace.batch(trainer.state, X, Y, trainer.hyper, trainer.augment)

        with CPU_SEMAPHORE.acquire(1):
            take()  # the first one allocates the arrays
            return _mean(take, BATCHES)


def _mean(act: Callable[[], object], n: int) -> float:
    """Seconds of each of so many calls."""
    began = time.perf_counter()
    for _ in range(n):
        act()
    return (time.perf_counter() - began) / n


TIMES, BATCH_TIMES = WorkerTimes(), BatchTimes()


class Estimate:
    """Of a plan. Raises ConfigError or DataError if it cannot be."""

    def __init__(self, plan: Plan) -> None:
        examples = Examples()
        self.count, configs = plan.checked(examples)
        self._at_once = max(min(plan.workers, self.count), 1)
        self._together = together(configs, self.count, self._at_once)
        self._rounds = rounds(plan, self.count, self._at_once)
        if self._together > 1 and not plan.halving:  # they are shared anew when a worker has none
            self._rounds = self.count / self._at_once
        self._timed = [(config, examples.of(config)) for config in spread(configs)]
        self._seconds: float | None = None

    def seconds(self, *, wait: bool = False) -> float | None:
        """About how long it takes on this machine's cores; infinity if a step cannot be timed.

        Without `wait` it returns at once: None while steps are being timed.
        """
        if self._seconds is None:
            steps = [self._step(config, data, wait=wait) for config, data in self._timed]
            known = [step for step in steps if step is not None]
            if len(known) < len(steps):
                return None
            self._seconds = self._in_all(known)
            self._timed = []  # the examples are not held any longer
        return self._seconds

    def _step(self, config: RunConfig, data: Splits, *, wait: bool) -> float | None:
        """Seconds of a step, with the run's share of taking its minibatch."""
        step = TIMES.measured(config, data) if wait else TIMES.of(config, data)
        if self._together == 1 or batches_key(config) is None:
            return step
        batch = BATCH_TIMES.measured(config, data) if wait else BATCH_TIMES.of(config, data)
        if step is None or batch is None:
            return None
        return step - min(batch, step) * (1 - 1 / self._together)

    def _in_all(self, steps: Sequence[float]) -> float:
        each = [
            step * config.n_iterations(data.train.m)
            for step, (config, data) in zip(steps, self._timed, strict=True)
        ]
        if not each:
            return inf
        beside = STARTING + OF_A_RUN * self.count / self._at_once
        return beside + self._rounds * sum(each) / len(each)


@lru_cache(maxsize=8)
def estimate_of(plan: Plan) -> Estimate:
    """The same one for equal plans: a page asks at each draw. Raises ConfigError or DataError."""
    return Estimate(plan)


def rounds(plan: Plan, count: int, at_once: int) -> float:
    """How many times as long as one run so many runs take, with so many at once."""
    if not plan.halving:
        return ceil(count / at_once)
    if plan.method == "optuna":  # runs of several groups train at once
        group = min(count, halving.GROUP)
        work = sum(alive * part for alive, part in halving.stages(group))
        return count * work / group / at_once
    return sum(ceil(alive / at_once) * part for alive, part in halving.stages(count))


def together(configs: Sequence[RunConfig], count: int, at_once: int) -> float:
    """How many of these runs train together, on average."""
    if not configs or len(configs) < count:  # each depends on results
        return 1.0
    same: dict[Hashable, list[RunConfig]] = {}
    for i, config in enumerate(configs):
        key = batches_key(config)
        same.setdefault(i if key is None else key, []).append(config)
    stints = sum(
        ceil(len(each) / min(fitting(each), ceil(count / at_once))) for each in same.values()
    )
    return len(configs) / stints


def spread(configs: Sequence[RunConfig]) -> list[RunConfig]:
    """A few of these, from the smallest network to the largest."""
    ordered = sorted(configs, key=lambda config: step_work(config.layers, 1))
    if len(ordered) <= TIMED:
        return ordered
    return [ordered[round(i * (len(ordered) - 1) / (TIMED - 1))] for i in range(TIMED)]
