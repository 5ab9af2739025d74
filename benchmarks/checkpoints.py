"""What keeping a run costs its training: `python -m benchmarks.checkpoints`.

The default network trains with a library and without, in turns, because the machine's own speed
varies. The processor's time for a step, with all that is written meanwhile, and the time that
checkpoints take in the run's own thread, are affected less by other work than the speed is.
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.page import missed, say
from playground.config import RunConfig
from playground.library.library import Library
from playground.run import CHECKPOINT, Run, Snapshot
from playground.run_data import load_data

PAIRS = 15
SECONDS = 2 * CHECKPOINT  # of training in each, so that two checkpoints are taken
BAR = 2  # percent of training speed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.checkpoints")
    parser.parse_args()
    config = RunConfig(epochs=5_000)
    data = load_data(config)
    slower, more, copying = list[float](), list[float](), list[float]()
    with tempfile.TemporaryDirectory() as folder:
        library = Library(Path(folder))
        alone, kept = Run(config, data), Run(config, data)
        spent = time_checkpoints(kept)
        kept.keep_with(lambda checkpoint: library.keep(checkpoint, "benchmark"))
        for run in (alone, kept):  # what is made once is made
            pace(run)
        for pair in range(PAIRS):
            runs = (alone, kept) if pair % 2 else (kept, alone)
            spent.clear()
            paces = {run: pace(run) for run in runs}
            slower.append(100 * (1 - paces[kept][0] / paces[alone][0]))
            more.append(100 * (paces[kept][1] / paces[alone][1] - 1))
            copying.append(100 * sum(spent) / SECONDS)
        library.close()
    print(f"    {PAIRS} pairs: {', '.join(f'{each:+.1f}' for each in sorted(slower))} %")
    say("checkpoints, share of the run's own thread: median", statistics.median(copying), "%", BAR)
    print(f"    more of the processor for a step, with writing: {statistics.median(more):.1f} %")
    say("checkpoints, training is slower by: median", statistics.median(slower), "%", BAR)
    sys.exit(f"missed: {', '.join(missed)}" if missed else 0)


def time_checkpoints(run: Run) -> list[float]:
    """The seconds that each takes in the run's thread, from now on."""
    spent, checkpoint = list[float](), run._checkpoint

    def timed(shown: Snapshot) -> None:
        began = time.perf_counter()
        checkpoint(shown)
        spent.append(time.perf_counter() - began)

    run._checkpoint = timed  # type: ignore[method-assign]
    return spent


def pace(run: Run) -> tuple[float, float]:
    """Steps per second of a run that plays for SECONDS, and the processor's seconds for each."""
    first, began, worked = run.snapshot.iteration, time.perf_counter(), time.process_time()
    run.play()
    time.sleep(SECONDS)
    run.pause()
    while run.busy:
        time.sleep(0.001)
    seconds, work = time.perf_counter() - began, time.process_time() - worked
    steps = run.snapshot.iteration - first
    return steps / seconds, work / steps


if __name__ == "__main__":
    main()
