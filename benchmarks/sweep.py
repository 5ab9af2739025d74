"""Sweeps on this machine: `python -m benchmarks.sweep`.

Twenty runs of [784, w, 10], w from 16 to 128, five epochs: as a sweep, and one after another. It
prints how long both take, whether all results are identical, when the first point of a curve comes
after Start, and how long Cancel takes. The page starts the worker processes when its form is
opened; the command line, when its sweep starts: both are measured.
"""

import io
import sys
import time
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from playground.config import RunConfig
from playground.cpu_semaphore import n_cores
from playground.library.library import Library
from playground.run_data import load_data
from playground.saved import load_run
from playground.sweep.clusters import Clusters
from playground.sweep.estimate import Estimate
from playground.sweep.examples import Examples
from playground.sweep.plan import Plan
from playground.sweep.ranges import read_space
from playground.sweep.sweep import Sweep
from playground.trainer import Trainer
from playground.training import Training

BASE = RunConfig(layers=(784, 16, 10), activations=("relu",), epochs=5)
MAX_SHARE, MAX_FIRST, MAX_CANCEL = 0.65, 1.5, 1.5


def one_after_another(configs: list[RunConfig]) -> tuple[float, list[np.ndarray]]:
    """Seconds, and each run's parameters at its end."""
    began, found = time.perf_counter(), []
    for config in configs:
        training = Training(Trainer(config, load_data(config)))
        while not training.trainer.done:
            training.step()
        found.append(training.trainer.network.theta)
    return time.perf_counter() - began, found


def swept(
    plan: Plan, library: Library, *, warmed: bool = False
) -> tuple[float, float, list[np.ndarray]]:
    """Seconds from Start to the end and to the first point of a curve, and the parameters.

    warmed  whether the workers are there before Start, as on the page
    """
    clusters = Clusters()
    if warmed:
        clusters.lend(plan.workers).client.wait_for_workers(plan.workers)
        clusters.give_back()
    sweep = Sweep(plan, library, "benchmark", clusters=clusters)
    began = time.perf_counter()
    sweep.start()
    first = first_point(sweep) - began
    sweep.wait()
    seconds = time.perf_counter() - began
    clusters.close()
    entries = library.find(trial.run_id for trial in sweep.shown().trials)
    states = [load_run(io.BytesIO(library.content(entry))).state for entry in entries]
    return seconds, first, [state.network.theta for state in states]


def first_point(sweep: Sweep) -> float:
    """Wait for the first point of a curve; the time at which it is there."""
    for _ in count():
        if any(len(trial.curves) for trial in sweep.shown().trials) or sweep.wait(0.005):
            break
    return time.perf_counter()


def cancelled(plan: Plan, library: Library) -> float:
    """Seconds from Cancel, in the middle of training, until nothing is trained any more."""
    clusters = Clusters()
    sweep = Sweep(plan, library, "benchmark", clusters=clusters)
    sweep.start()
    first_point(sweep)
    sweep.wait(2.0)
    began = time.perf_counter()
    sweep.cancel()
    sweep.wait()
    seconds = time.perf_counter() - began
    clusters.close()
    return seconds


def main() -> int:
    plan = Plan(read_space(BASE, ["width=16..128:20"]), workers=n_cores())
    _, configs = plan.checked(Examples())
    load_data(BASE)
    estimated = Estimate(plan).seconds(wait=True) or 0.0
    with TemporaryDirectory() as folder:
        library = Library(Path(folder))
        together, first, found = swept(plan, library)
        alone, expected = one_after_another(configs)
        on_page, first_on_page, found_on_page = swept(plan, library, warmed=True)
        long = Plan(
            read_space(BASE.with_values(epochs=500), ["width=16..128:20"]), workers=n_cores()
        )
        cancel = cancelled(long, library)
        library.close()
    same = all(
        np.array_equal(theta, other)
        for each in (found, found_on_page)
        for theta, other in zip(each, expected, strict=True)
    )
    is_near = 0.5 < together / estimated < 2
    bars = {
        f"{len(configs)} runs, all results identical": same and len(found) == len(configs),
        f"{alone:.1f} s one after another, on {plan.workers} workers {on_page:.1f} s from Start on "
        f"the page ({on_page / alone:.0%}), {together:.1f} s from the command line "
        f"({together / alone:.0%}; at most {MAX_SHARE:.0%})": together <= MAX_SHARE * alone,
        f"{estimated:.1f} s were estimated (a half to twice of it)": is_near,
        f"first point {first_on_page:.2f} s after Start on the page (at most {MAX_FIRST} s), "
        f"{first:.2f} s from the command line": first_on_page <= MAX_FIRST,
        f"Cancel takes {cancel:.2f} s (at most {MAX_CANCEL} s)": cancel <= MAX_CANCEL,
    }
    for sentence, holds in bars.items():
        print(f"{'✓' if holds else '✕'} {sentence}")
    return 0 if all(bars.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
