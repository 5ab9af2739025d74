"""The figures behind the decisions in docs/architecture.md: `python -m benchmarks.decisions`.

Each line compares what the app does with the alternative that was rejected. Both are timed in
turns, and the least time counts: of this process's processor time for one thread, else of the
clock's, which other work on the machine lengthens. Takes about two minutes.
"""

import multiprocessing
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from time import perf_counter, process_time

import numpy as np
from threadpoolctl import threadpool_limits

from netcore.array import Array
from netcore.column_blocks import matmul_in_blocks
from netcore.initializers import he
from netcore.losses import LOSSES
from netcore.network import Network
from netcore.optimizers import GradientDescent
from netcore.training import Hyperparameters, TrainState, Workspace, train_step
from playground.config import RunConfig
from playground.pool import Pool
from playground.run_data import load_data
from playground.trainer import Trainer

TURNS = 20
RNG = np.random.default_rng(0)
DEEP = (784, 256, 128, 64, 10)
WIDE = (784, 1024, 1024, 1024, 1024, 10)


def least(
    *actions: Callable[[], object], repeat: int = 1, clock: Callable[[], float] = process_time
) -> list[float]:
    """The least time of each action in milliseconds, over TURNS turns of `repeat` calls."""
    times = [float("inf")] * len(actions)
    for action in actions:
        action()
    for _ in range(TURNS):
        for i, action in enumerate(actions):
            start = clock()
            for _ in range(repeat):
                action()
            times[i] = min(times[i], (clock() - start) / repeat)
    return [1e3 * each for each in times]


def say(decision: int, what: str, *values: str) -> None:
    print(f"{decision:>2}  {what}: {', '.join(values)}", flush=True)


def trainer(**settings: object) -> Trainer:
    """The default run on MNIST's digits alone, without augmentation, after its first step."""
    config = RunConfig(digit_forms="mnist", augmentation=0.0).with_values(**settings)
    made = Trainer(config, load_data(config))
    made.step()
    return made


def memory_order() -> None:
    W, X = _floats(256, 784), _floats(32, 784).T
    C, F = np.empty((256, 32), np.float32), np.empty((256, 32), np.float32, order="F")
    ours, other = least(lambda: np.matmul(W, X, out=C), lambda: np.matmul(W, X, out=F), repeat=200)
    say(1, "Z = W X, 256×784 with 32 examples, Z in C order", f"{1e3 * ours:.0f} µs",
        f"in Fortran order {1e3 * other:.0f} µs")  # fmt: skip


def workspace_of_a_run() -> None:
    for layers in (RunConfig().layers, WIDE):
        run = trainer(layers=layers, activations=("relu",) * (len(layers) - 2))
        run.release()
        tracemalloc.start()
        run.step()
        kept = tracemalloc.get_traced_memory()[0]
        run.release()
        kept -= tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        say(4, f"a paused run of {list(layers)} frees", f"{kept / 2**20:.1f} MiB")

    def anew() -> None:
        run.release()
        run.step()

    run = trainer(augmentation=1.0)
    ours, other = least(run.step, anew, repeat=10)
    say(4, "a step of the default run", f"{ours:.1f} ms", f"with a new workspace {other:.1f} ms")


def blas_threads() -> None:
    """The rejected design has one worker and two BLAS threads."""
    for busy in (False, True):
        with busy_core() if busy else threadpool_limits(1):
            where = "beside a busy core" if busy else "alone"
            for name, steps, repeat in (
                ("a step of the default run", small_steps(), 20),
                (f"a full-batch step of {list(DEEP)}", full_steps(), 1),
            ):
                ours, other = least(*steps, repeat=repeat, clock=perf_counter)
                say(7, f"{name}, {where}, one BLAS thread for each product", f"{ours:.1f} ms",
                    f"two {other:.1f} ms")  # fmt: skip


def small_steps() -> tuple[Callable[[], object], Callable[[], object]]:
    run = trainer()
    return with_blas_threads(1, run.step), with_blas_threads(2, run.step)


def full_steps() -> tuple[Callable[[], object], Callable[[], object]]:
    X, Y = _floats(60_000, 784).T, np.eye(10, dtype=np.float32)[:, RNG.integers(10, size=60_000)]
    steps = []
    for mapped in (Pool(2).map, map):
        activations = ["relu"] * (len(DEEP) - 2) + ["softmax"]
        network = Network.create(DEEP, activations, he, rng=np.random.default_rng(0))
        state = TrainState.start(network, GradientDescent(), seed=0)
        hyper, workspace = (
            Hyperparameters(0.01, 10**9),
            Workspace(mapped),
        )
        take = partial(train_step, state, X, Y, LOSSES["cross_entropy"], hyper)
        steps.append(partial(take, workspace=workspace))
    return with_blas_threads(1, steps[0]), with_blas_threads(2, steps[1])


def with_blas_threads(n: int, action: Callable[[], object]) -> Callable[[], object]:
    def act() -> None:
        with threadpool_limits(n, user_api="blas"):
            action()

    return act


@contextmanager
def busy_core() -> Iterator[None]:
    """Another process that computes all the time, as a browser does."""
    process = multiprocessing.get_context("spawn").Process(target=_spin, daemon=True)
    process.start()
    try:
        yield
    finally:
        process.kill()
        process.join()


def _spin() -> None:
    while True:
        pass


def recorded_updates() -> None:
    run = trainer()
    theta = run.network.theta

    def recorded() -> None:
        before = theta.copy()
        run.step()
        np.subtract(theta, before, out=before)

    ours, other = least(run.step, recorded, repeat=20)
    say(8, "a step of the default run without augmentation", f"{ours:.2f} ms",
        f"if its update is recorded {other:.2f} ms (+{other / ours - 1:.0%})")  # fmt: skip


def column_blocks() -> None:
    W = _floats(10, 784)
    for m in (128, 1024):
        X, Z = _floats(m, 784).T, np.empty((10, m), np.float32)
        ours, other = least(
            partial(matmul_in_blocks, W, X, out=Z),
            partial(np.matmul, W, X, out=Z),
            repeat=200,
        )
        say(12, f"10×784 times 784×{m} in column blocks", f"{1e3 * ours:.0f} µs",
            f"as one product {1e3 * other:.0f} µs")  # fmt: skip


def _floats(*shape: int) -> Array:
    return RNG.standard_normal(shape, dtype=np.float32)


def main() -> None:
    print(" #  decision: what the app does, the alternative")
    with threadpool_limits(1, user_api="blas"):
        memory_order()
        workspace_of_a_run()
        recorded_updates()
        column_blocks()
    blas_threads()


if __name__ == "__main__":
    main()
