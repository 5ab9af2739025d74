"""Time to accuracy: how long a user waits for a good network, with netcore and with PyTorch.

    python -m benchmarks.time_to_accuracy            both data sets, three seeds, some ten minutes
    python -m benchmarks.time_to_accuracy --quick    the embedded digits alone, one seed

Seconds of training until so many of MNIST's 10,000 test images are predicted correctly, from the
embedded digits and from all of MNIST: medians over seeds, and how many seeds got there. Both train
the app's default network from the same start, with the same minibatches, schedule and warps (drawn
by each itself), and as many threads as the machine has cores. Measuring the accuracy is not timed.
The program exits with status 1 if netcore misses its bar.
"""

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from math import inf
from multiprocessing import get_context
from statistics import median

from benchmarks import peers
from benchmarks.command import mnist_of, parser_of
from benchmarks.peers import Peer, Setting
from benchmarks.workers import MISSING, environment
from data.catalog import load
from netcore.metrics import accuracy
from playground.config import EPOCHS_WITHOUT_FORMS, RunConfig
from playground.cpu_semaphore import n_cores

PEERS = {"netcore": "netcore", "pytorch": "PyTorch"}  # name in benchmarks.peers -> in the table
INTERVAL = 50  # steps between two measurements
SEEDS = 3


@dataclass(frozen=True)
class Goal:
    """What to train on, for how many epochs, the accuracies to reach, and the seconds that netcore
    may take for the last one.
    """

    dataset: str
    title: str
    epochs: int
    accuracies: tuple[float, ...]
    most: float = inf


GOALS = (
    Goal("mnist-5k", "the embedded digits", EPOCHS_WITHOUT_FORMS, (0.97, 0.975)),
    Goal("mnist", "all of MNIST", 17, (0.98, 0.99), most=15.0),
)


def seconds_to(goal: Goal, peer: str, seed: int) -> list[float] | None:
    """Seconds of training until each accuracy was first measured, infinity where it never was; None
    if the peer is not installed.
    """
    config, test = RunConfig(), load("mnist").validation
    batch = config.batch_size or peers.M
    total = goal.epochs * -(-len(peers.examples(goal.dataset)[1]) // batch)
    setting = Setting(
        config.layers,
        batch,
        config.optimizer,
        augmentation=True,
        dataset=goal.dataset,
        seed=seed,
        rate=config.learning_rate,
        schedule=config.schedule,
        iterations=total,
    )
    try:
        learner: Peer = getattr(peers, peer)(setting)
    except ModuleNotFoundError:
        return None
    network, seconds = peers.network_of(setting), 0.0
    found = dict.fromkeys(goal.accuracies, inf)
    for step in range(1, total + 1):
        began = time.perf_counter()
        learner.step()
        seconds += time.perf_counter() - began
        if step % INTERVAL == 0 or step == total:
            network.theta[:] = learner.theta()
            score = accuracy(network.predict(test.X), test.labels)
            found |= {each: seconds for each in found if found[each] == inf and score >= each}
            if inf not in found.values():
                break
    return list(found.values())


def in_a_process(goal: Goal, peer: str, seed: int) -> list[float] | None:
    """The same in a process of its own, with as many threads as there are cores."""
    with (
        environment(peer, n_cores()),
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process,
    ):
        return process.submit(seconds_to, goal, peer, seed).result()


def line(goal: Goal, i: int, name: str, times: list[float], beside: float | None) -> str:
    """A line of the table: the median over seeds, and its ratio to netcore's."""
    middle = median(times)
    reached = sum(each < inf for each in times)
    ratio = f"{middle / beside:.2f}" if beside and inf not in (middle, beside) else "–"
    took = "not reached" if middle == inf else f"{middle:.1f}"
    cells = goal.title, f"{100 * goal.accuracies[i]:g} %", name, took, f"{reached} of {len(times)}"
    return "| " + " | ".join((*cells, ratio)) + " |"


def main() -> None:
    parser = parser_of("time_to_accuracy", __doc__)
    parser.add_argument("--quick", action="store_true", help="the embedded digits, one seed")
    options = parser.parse_args()
    mnist_of(parser)
    seeds = range(1 if options.quick else SEEDS)
    missed = False
    print(f"{n_cores()} cores, seeds: {len(seeds)}\n")
    print("| trained on | accuracy | with | seconds | reached by seeds | times netcore's |")
    print("| --- | ---: | --- | ---: | ---: | ---: |")
    for goal in GOALS[: 1 if options.quick else None]:
        ours: list[float] = []
        for peer, name in PEERS.items():
            found = [in_a_process(goal, peer, seed) for seed in seeds]
            runs = [each for each in found if each is not None]
            if not runs:
                print(f"| {goal.title} | | {name} | {MISSING} | | |")
                continue
            columns = [list(each) for each in zip(*runs, strict=True)]
            ours = ours or [median(each) for each in columns]
            for i, times in enumerate(columns):
                print(line(goal, i, name, times, ours[i]), flush=True)
        missed |= ours[-1] > goal.most
        if goal.most < inf:
            verdict = "MISSED" if ours[-1] > goal.most else "met"
            print(f"\nBar: {100 * goal.accuracies[-1]:g} % in at most {goal.most:g} s: {verdict}")
    sys.exit(missed)


if __name__ == "__main__":
    main()
