"""Where sharing a step between two threads pays: `python -m benchmarks.shares`, about a minute.

The times of a step in milliseconds: with whole products in one thread; with products in halves, one
after another in one thread; and with the halves in two threads. Then the time of a full-batch step,
whose micro-batches are shared, with one thread and with two. Times are medians of interleaved
turns. netcore.matmul.is_shared has the rule that follows from them.
"""

import sys
import time
from collections.abc import Callable
from itertools import pairwise
from statistics import median
from unittest.mock import patch

from threadpoolctl import threadpool_limits

from benchmarks import peers
from benchmarks.peers import Setting
from data.dataset import one_hot
from netcore import LOSSES, OPTIMIZERS, Hyperparameters, TrainState, Workspace, train
from netcore.training import max_workers
from playground.pool import Pool

TURNS, SECONDS = 15, 0.03
FULL_TURNS = 3
HEADER = """\
| network | batch | optimizer | million multiplications | whole | halves | by 2 threads | the rule |
| --- | ---: | --- | ---: | ---: | ---: | ---: | --- |"""
SETTINGS = [
    Setting(layer_dims, m, optimizer)
    for layer_dims, sizes, optimizer in (
        ((784, 10, 10), (32, 512), "gradient_descent"),
        ((784, 64, 10), (128,), "gradient_descent"),
        ((784, 256, 128, 64, 10), (32, 64, 128, 256, 512), "gradient_descent"),
        ((784, 256, 128, 10), (128,), "adam"),
        ((784, 1024, 1024, 10), (16, 32, 64, 128), "gradient_descent"),
    )
    for m in sizes
]
FULL = [Setting((784, 10, 10), None, "adam"), Setting((784, 256, 128, 64, 10), None, "adam")]


def step_of(setting: Setting, threads: int, halved: bool | None) -> Callable[[], object]:
    """A step in this many threads; `halved` overrides the rule, where it is not None: the
    largest product of the step is in halves, or none is.
    """
    rows, labels = peers.examples()
    Y = one_hot(labels, peers.N_CLASSES)
    state = TrainState.start(peers.network_of(setting), OPTIMIZERS[setting.optimizer], seed=0)
    hyper = Hyperparameters(setting.learning_rate, 10**9, batch_size=setting.batch_size)
    workspace = Workspace(Pool(threads).map if threads > 1 else map)
    records = train(state, rows.T, Y, LOSSES["cross_entropy"], hyper, workspace=workspace)
    if halved is None:
        return records.__next__
    shared_from = largest_product(setting) if halved else sys.maxsize

    def step() -> object:
        with patch("netcore.matmul.SHARED_PRODUCT", shared_from):
            return next(records)

    return step


def largest_product(setting: Setting) -> int:
    """The multiplications of the largest product of a step."""
    return max(n * k for k, n in pairwise(setting.layer_dims)) * (setting.batch_size or peers.M)


def times(steps: list[Callable[[], object]], n_turns: int = TURNS) -> list[float]:
    """Milliseconds of each step."""
    turns: list[list[float]] = [[] for _ in steps]
    for _ in range(n_turns):
        for step, found in zip(steps, turns, strict=True):
            step()
            start, n = time.perf_counter(), 0
            while (now := time.perf_counter()) < start + SECONDS or n == 0:
                step()
                n += 1
            found.append(1e3 * (now - start) / n)
    return [median(found) for found in turns]


def main() -> None:
    print(HEADER)
    with threadpool_limits(1, user_api="blas"):
        for setting in SETTINGS:
            whole, halves, shared = times([
                step_of(setting, 1, False), step_of(setting, 1, True), step_of(setting, 2, True)
            ])  # fmt: skip
            workers = max_workers(setting.layer_dims, setting.batch_size or peers.M)
            rule = "halves" if workers > 1 else "whole"
            optimizer = setting.optimizer.replace("_", " ")
            work = largest_product(setting) / 1e6
            print(f"| {list(setting.layer_dims)} | {setting.batch_size} | {optimizer} | "
                  f"{work:.0f} | {whole:.2f} | {halves:.2f} | {shared:.2f} | {rule} |",
                  flush=True)  # fmt: skip
        for setting in FULL:
            one, two = times([step_of(setting, n, None) for n in (1, 2)], FULL_TURNS)
            print(f"\nfull batch of {list(setting.layer_dims)}: {one:.0f} ms with one thread, "
                  f"{two:.0f} with two, {two / one:.2f} of it", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
