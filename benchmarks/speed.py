"""The time of a training step: netcore and the libraries that a user might use instead.

    python -m benchmarks.speed            every setting, some minutes
    python -m benchmarks.speed --quick    the settings that have a target, about a minute
    python -m benchmarks.speed --json     one JSON object per row instead of the table

A ratio above 1 says how many times faster netcore is. Times are medians of interleaved turns, with
the same number of threads for all peers. `pip install -r requirements-bench.txt` installs the
peers.
"""

import argparse
import json
import os
import platform
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from statistics import median

from benchmarks.peers import M, Setting
from benchmarks.workers import Worker, workers

SMALL, DEEP, DEFAULT = (784, 10, 10), (784, 256, 128, 64, 10), (784, 256, 128, 10)
BATCHES = (1, 32, 128, 1024, None)
OPTIMIZERS = ("gradient_descent", "adam")

# Name of the function in benchmarks.peers -> its name in the table.
LIBRARIES = {
    "pytorch": "PyTorch",
    "jax": "JAX, jitted",
    "scikit_learn": "scikit-learn",
    "textbook": "textbook NumPy",
}
PARTS = {
    "bare_products": "its matrix products alone",
    "one_product": "one large product of as many operations",
    "augmentation": "augmentation of the minibatch",
}
NAMES = LIBRARIES | PARTS

Case = tuple[Setting, tuple[str, ...]]

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


BARS = {
    (SMALL, 32, "gradient_descent", "pytorch"): Bar(3.0),
    (SMALL, 128, "gradient_descent", "pytorch"): Bar(1.8),
    (DEEP, 32, "gradient_descent", "pytorch"): Bar(1.6),
    (DEEP, 128, "gradient_descent", "pytorch"): Bar(1.2),
    (DEEP, None, "gradient_descent", "pytorch"): Bar(1.15),
    (SMALL, 128, "adam", "pytorch"): Bar(1.2),
    (DEEP, 128, "adam", "pytorch"): Bar(1.2),
    (SMALL, None, "gradient_descent", "jax"): Bar(1.5),
    (DEEP, None, "gradient_descent", "jax"): Bar(1.5),
    (SMALL, 128, "gradient_descent", "scikit_learn"): Bar(2.5),
    (DEEP, 128, "gradient_descent", "scikit_learn"): Bar(2.5),
    (DEEP, None, "gradient_descent", "textbook"): Bar(3.0),
    (DEEP, None, "gradient_descent", "bare_products"): Bar(1 / 1.2),
    (DEFAULT, 128, "adam", "augmentation"): Bar(1.0, at_most=True),
}


@dataclass(frozen=True)
class Row:
    """The times of netcore and of one peer for a step of a setting; no time if the peer is
    missing.
    """

    setting: Setting
    peer: str
    ours_ms: float
    peer_ms: float | None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return None if self.peer_ms is None else self.peer_ms / self.ours_ms

    @property
    def bar(self) -> Bar | None:
        setting = self.setting
        return BARS.get((setting.layer_dims, setting.batch_size, setting.optimizer, self.peer))

    def as_json(self) -> str:
        ratio, batch = self.ratio, self.setting.batch_size
        return json.dumps(
            {
                "network": list(self.setting.layer_dims),
                "batch": "full" if batch is None else batch,
                "optimizer": self.setting.optimizer,
                "peer": NAMES[self.peer],
                "ours_ms": round(self.ours_ms, 4),
                "peer_ms": None if self.peer_ms is None else round(self.peer_ms, 4),
                "ratio": None if ratio is None else round(ratio, 3),
            }
            | ({"note": self.note} if self.note else {})
        )

    def as_line(self) -> str:
        setting, bar = self.setting, self.bar
        examples = (setting.batch_size or M) / self.ours_ms * 1e3
        cells = [
            str(list(setting.layer_dims)),
            "full" if setting.batch_size is None else f"{setting.batch_size:,}",
            setting.optimizer.replace("_", " "),
            f"{self.ours_ms:,.3f}",
            f"{examples:,.0f}",
            NAMES[self.peer],
        ]
        if self.ratio is None:
            cells += ["–", self.note, ""]
        else:
            verdict = f"{bar} {'met' if bar.met(self.ratio) else 'MISSED'}" if bar else ""
            cells += [f"{self.peer_ms:,.3f}", f"{self.ratio:.2f}", verdict]
        return "| " + " | ".join(cells) + " |"


HEADER = """\
| network | batch | optimizer | ours, ms | examples a second | beside | ms | ratio | bar |
| --- | ---: | --- | ---: | ---: | --- | ---: | ---: | --- |"""


def cases(quick: bool) -> list[Case]:
    """The settings, each with the peers to time."""
    everything: list[Case] = []
    for layer_dims, batch_size, optimizer in product((SMALL, DEEP), BATCHES, OPTIMIZERS):
        beside = tuple(LIBRARIES)
        if optimizer == "gradient_descent":  # the profile: the share of the matrix products
            beside += ("bare_products",) if batch_size else ("bare_products", "one_product")
        everything.append((Setting(layer_dims, batch_size, optimizer), beside))
    everything.append((Setting(DEFAULT, 128, "adam"), ("augmentation",)))
    with_bar = {key[:3] for key in BARS}
    return [
        (setting, beside)
        for setting, beside in everything
        if not quick or (setting.layer_dims, setting.batch_size, setting.optimizer) in with_bar
    ]


def measure(case: Case, at_work: dict[str, Worker], rounds: int) -> Iterator[Row]:
    """The rows of one setting. netcore and its peers are timed in turns."""
    setting, beside = case
    problems = {name: at_work[name].prepare(setting) for name in ("netcore", *beside)}
    times: dict[str, list[float]] = {name: [] for name, why in problems.items() if not why}
    for _ in range(rounds):
        for name, each in times.items():
            time.sleep(PAUSE)
            each.append(at_work[name].time(TIME_SLICE))
    ours = median(times["netcore"])
    for name in beside:
        theirs = median(times[name]) if name in times else None
        yield Row(setting, name, ours, theirs, problems[name])


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--quick", action="store_true", help="only settings with a bar")
    parser.add_argument("--json", action="store_true", help="one JSON object per row")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="default: all cores")
    options = parser.parse_args(arguments)
    rounds = 5 if options.quick else 15

    if not options.json:
        print(f"{date.today()}, {platform.processor() or platform.machine()}, ", end="")
        print(f"{options.threads} threads, medians of {rounds} turns\n\n{HEADER}", flush=True)
    with workers(["netcore", *NAMES], options.threads) as at_work:
        for case in cases(options.quick):
            for row in measure(case, at_work, rounds):
                print(row.as_json() if options.json else row.as_line(), flush=True)


if __name__ == "__main__":
    main()
