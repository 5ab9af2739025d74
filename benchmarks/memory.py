"""Memory for training on all of MNIST: `python -m benchmarks.memory` (Linux).

Measures the largest resident memory of a separate process: after Python's imports, with the data,
and while training.
"""

import argparse
import os
import sys
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

from data.dataset import DataError
from playground.config import RunConfig
from playground.run_data import load_data
from playground.trainer import Trainer

MINIBATCHES = RunConfig(dataset="mnist")
FULL_BATCH = RunConfig(
    dataset="mnist",
    layers=(784, 256, 128, 64, 10),
    activations=("relu",) * 3,
    optimizer="gradient_descent",
    schedule="constant",
    learning_rate=0.1,
    batch_size=None,
    augmentation=0.0,
    epochs=None,
    iterations=500,
)
ROWS = {
    "the default network, minibatches of 128, augmented": (MINIBATCHES, 500),
    "[784, 256, 128, 64, 10], full batch": (FULL_BATCH, 3),
}
MEGABYTE = 2**20


def resident(process: str = "self", *, peak: bool = False) -> float:
    """The resident memory of a process, or its peak, in MB (Linux)."""
    field = "VmHWM" if peak else "VmRSS"
    status = Path(f"/proc/{process}/status").read_text().splitlines()
    return int(next(line for line in status if line.startswith(field)).split()[1]) / 1024


def server_process() -> str:
    """The id of the Streamlit server that this process started (Linux)."""
    for file in Path("/proc/self/task").glob("*/children"):
        for pid in file.read_text().split():
            if "streamlit" in Path(f"/proc/{pid}/cmdline").read_text():
                return pid
    raise RuntimeError("This process has started no Streamlit server.")


def processor_seconds(process: str) -> float:
    """The CPU time of all threads of a process, in seconds (Linux)."""
    if sys.platform == "win32":
        raise NotImplementedError("Windows has no /proc")
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(config: RunConfig, steps: int, say: Callable[[tuple[float, ...]], None]) -> None:
    """Load, train and evaluate. Reports the peak memory before loading, with the data, and at the
    end.
    """
    before = resident(peak=True)
    data = load_data(config)
    loaded = resident(peak=True)
    trainer = Trainer(config, data)
    for _ in range(steps):
        trainer.step()
    trainer.measure()
    arrays = [data.train.X, data.validation.X]
    say((before, loaded, resident(peak=True), *(X.nbytes / MEGABYTE for X in arrays)))


def main() -> None:
    argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__).parse_args()
    try:
        load_data(MINIBATCHES)
    except DataError as error:
        sys.exit(str(error))
    print("| training on 60,000 images | imports, MB | with data, MB | peak while training, MB |")
    print("| --- | ---: | ---: | ---: |")
    for name, (config, steps) in ROWS.items():
        context = get_context("spawn")
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=measure, args=(config, steps, theirs.send))
        process.start()
        before, loaded, most, *arrays = ours.recv()
        process.join()
        print(f"| {name} | {before:.0f} | {loaded:.0f} | {most:.0f} |")
    train, validation = arrays
    print(f"\nOf the data: {train:.0f} MB training, {validation:.0f} MB validation, float32.")


if __name__ == "__main__":
    main()
