"""The time of a training step: netcore and the libraries that a user might use instead.

    python -m benchmarks.speed            every setting, some minutes
    python -m benchmarks.speed --quick    the settings with a bar of their own, about two minutes
    python -m benchmarks.speed --json     one JSON object per row instead of the tables

A ratio above 1 says how many times faster netcore is. Times are medians of interleaved turns. In
the first table all peers have as many threads as the machine has cores, in the second one each.
Before a peer is timed, its gradient is compared with netcore's. At the end the missed bars are
listed, and the program exits with status 1 if there are any. The peers are installed by
`pip install -r requirements-bench.txt`.
"""

import argparse
import json
import platform
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from statistics import median

import numpy as np

from benchmarks.peers import M, Setting, Vector
from benchmarks.workers import Worker, workers
from playground.cpu_semaphore import n_cores

SMALL, DEEP, DEFAULT = (784, 10, 10), (784, 256, 128, 64, 10), (784, 256, 128, 10)
BATCHES = (1, 32, 128, 1024, None)
OPTIMIZERS = ("gradient_descent", "adam")
DEFAULT_RUN = Setting(DEFAULT, 128, "adam", augmentation=True)

# Name of the function in benchmarks.peers -> its name in the table.
LIBRARIES = {
    "pytorch": "PyTorch",
    "jax": "JAX, jitted",
    "scikit_learn": "scikit-learn",
    "textbook": "textbook NumPy, float64",
}
PARTS = {
    "one_thread": "netcore with one thread",
    "bare_products": "its matrix products alone",
    "one_product": "one large product of as many operations",
    "augmentation": "augmentation of the minibatch",
}
NAMES = LIBRARIES | PARTS

Case = tuple[Setting, tuple[str, ...]]

SAME = 1e-4  # the largest distance of a gradient from netcore's, relative to its length
TIME_SLICE = 0.1  # seconds; a turn is one step where that takes longer
PAUSE = 0.05  # seconds in which the threads of the previous peer go to sleep


@dataclass(frozen=True)
class Bar:
    """The target for a row's ratio: at least, or for augmentation at most."""

    ratio: float
    at_most: bool = False

    def met(self, ratio: float) -> bool:
        return ratio <= self.ratio if self.at_most else ratio >= self.ratio

    def __str__(self) -> str:
        return f"{'≤' if self.at_most else '≥'} {self.ratio:.2f}"


PYTORCH_BARS = {
    (SMALL, 32, "gradient_descent"): 5.0,
    (SMALL, 128, "gradient_descent"): 2.5,
    (SMALL, None, "gradient_descent"): 1.8,
    (DEEP, 32, "gradient_descent"): 1.5,
    (DEEP, 128, "gradient_descent"): 1.3,
    (DEEP, 128, "adam"): 1.4,
    (DEEP, None, "gradient_descent"): 1.4,
}


def bar_of(setting: Setting, peer: str, threads: int) -> Bar | None:
    """The target of a row, if it has one."""
    match peer:
        case "pytorch" if threads == 1:
            return Bar(1.0)
        case "pytorch" if not setting.augmentation:
            key = setting.layer_dims, setting.batch_size, setting.optimizer
            return Bar(PYTORCH_BARS[key]) if key in PYTORCH_BARS else None
        case "jax":
            return Bar(1.0)
        case "scikit_learn":
            return Bar(2.0)
        case "one_thread":
            return Bar(1 / 0.65)  # at most 65 % of the time of one thread
        case "augmentation":
            return Bar(1.0, at_most=True)
    return None


@dataclass(frozen=True)
class Row:
    """The times of netcore and of one peer for a step of a setting, with so many threads each; no
    time if the peer is missing.
    """

    setting: Setting
    peer: str
    threads: int
    ours_ms: float
    peer_ms: float | None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return None if self.peer_ms is None else self.peer_ms / self.ours_ms

    @property
    def bar(self) -> Bar | None:
        return bar_of(self.setting, self.peer, self.threads)

    @property
    def missed(self) -> bool:
        return self.ratio is not None and self.bar is not None and not self.bar.met(self.ratio)

    @property
    def step(self) -> str:
        """What is timed, as the first cells of a line."""
        setting = self.setting
        batch = "full" if setting.batch_size is None else f"{setting.batch_size:,}"
        warped = ", augmentation" if setting.augmentation else ""
        optimizer = setting.optimizer.replace("_", " ")
        return f"{list(setting.layer_dims)} | {batch} | {optimizer}{warped}"

    def as_json(self) -> str:
        ratio, batch = self.ratio, self.setting.batch_size
        return json.dumps(
            {
                "network": list(self.setting.layer_dims),
                "batch": "full" if batch is None else batch,
                "optimizer": self.setting.optimizer,
                "augmentation": self.setting.augmentation,
                "threads": self.threads,
                "peer": NAMES[self.peer],
                "ours_ms": round(self.ours_ms, 4),
                "peer_ms": None if self.peer_ms is None else round(self.peer_ms, 4),
                "ratio": None if ratio is None else round(ratio, 3),
                "missed": self.missed,
            }
            | ({"note": self.note} if self.note else {})
        )

    def as_line(self) -> str:
        examples = (self.setting.batch_size or M) / self.ours_ms * 1e3
        cells = [self.step, f"{self.ours_ms:,.3f}", f"{examples:,.0f}", NAMES[self.peer]]
        if self.ratio is None:
            cells += ["–", self.note, ""]
        else:
            verdict = f"{self.bar} {'MISSED' if self.missed else 'met'}" if self.bar else ""
            cells += [f"{self.peer_ms:,.3f}", f"{self.ratio:.2f}", verdict]
        return "| " + " | ".join(cells) + " |"


HEADER = """\
| network | batch | optimizer | ours, ms | examples a second | beside | ms | ratio | bar |
| --- | ---: | --- | ---: | ---: | --- | ---: | ---: | --- |"""


def cases(quick: bool, threads: int) -> list[Case]:
    """The settings, each with the peers to time."""
    everything: list[Case] = []
    for layer_dims, batch_size, optimizer in product((SMALL, DEEP), BATCHES, OPTIMIZERS):
        beside = tuple(LIBRARIES)
        if optimizer == "gradient_descent":  # the profile: the share of the matrix products
            beside += ("bare_products",) if batch_size else ("bare_products", "one_product")
        if not quick or (layer_dims, batch_size, optimizer) in PYTORCH_BARS:
            everything.append((Setting(layer_dims, batch_size, optimizer), beside))
    everything.append((DEFAULT_RUN, ("pytorch", "one_thread") if threads > 1 else ("pytorch",)))
    everything.append((Setting(DEFAULT, 128, "adam"), ("augmentation",)))
    return everything


def measure(case: Case, at_work: dict[str, Worker], threads: int, rounds: int) -> Iterator[Row]:
    """The rows of one setting. netcore and its peers are timed in turns.

    Raises SystemExit if the gradient of a library is not netcore's.
    """
    setting, beside = case
    problems = {name: at_work[name].prepare(setting) for name in ("netcore", *beside)}
    expected = at_work["netcore"].gradient(setting)
    for name in beside:
        if name in LIBRARIES and not problems[name]:
            off = distance(at_work[name].gradient(setting), expected)
            if off > SAME:
                sys.exit(f"{NAMES[name]} has another gradient for {setting}: it is {off:.1e} off.")
    times: dict[str, list[float]] = {name: [] for name, why in problems.items() if not why}
    for _ in range(rounds):
        for name, each in times.items():
            time.sleep(PAUSE)
            each.append(at_work[name].time(TIME_SLICE))
    ours = median(times["netcore"])
    for name in beside:
        theirs = median(times[name]) if name in times else None
        yield Row(setting, name, threads, ours, theirs, problems[name])


def distance(gradient: Vector, expected: Vector) -> float:
    """The distance of two vectors, relative to the length of the second."""
    return float(np.linalg.norm(gradient - expected) / np.linalg.norm(expected))


def verdict(rows: Sequence[Row]) -> str:
    """How many bars are met, and which are missed."""
    compared = [row for row in rows if row.bar and row.ratio is not None]
    missed = [row for row in compared if row.missed]
    lines = [f"{len(compared) - len(missed)} of {len(compared)} bars are met."]
    if absent := sorted({NAMES[row.peer] for row in rows if row.ratio is None}):
        lines.append(f"Not installed, so not compared: {', '.join(absent)}.")
    for row in missed:
        lines.append(
            f"MISSED: {row.step} | {NAMES[row.peer]}, threads: {row.threads} | "
            f"{row.ratio:.2f}, {row.bar}"
        )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--quick", action="store_true", help="only settings with a bar")
    parser.add_argument("--json", action="store_true", help="one JSON object per row")
    parser.add_argument("--threads", type=int, help="one table, with so many threads each")
    parser.add_argument("--rounds", type=int, help="turns of each peer")
    options = parser.parse_args(arguments)
    rounds = options.rounds or (5 if options.quick else 15)

    rows = []
    for threads in [options.threads] if options.threads else dict.fromkeys((n_cores(), 1)):
        if not options.json:
            print(f"{date.today()}, {platform.processor() or platform.machine()}, ", end="")
            print(f"threads: {threads}, medians of {rounds} turns\n\n{HEADER}", flush=True)
        with workers(["netcore", *NAMES], threads) as at_work:
            for case in cases(options.quick, threads):
                for row in measure(case, at_work, threads, rounds):
                    print(row.as_json() if options.json else row.as_line(), flush=True)
                    rows.append(row)
        print(end="" if options.json else "\n")
    print(verdict(rows), file=sys.stderr if options.json else sys.stdout)
    sys.exit(any(row.missed for row in rows))


if __name__ == "__main__":
    main()
