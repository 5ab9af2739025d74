"""The costs of a run, and those that its exported script prints in a separate process."""

import ast
import os
import subprocess
import sys
from pathlib import Path

from data.dataset import Splits
from playground.config import RunConfig
from playground.cpu_semaphore import CPU_SEMAPHORE, cores_for
from playground.export.script import DATA_FILE, data_file, needs_data_file, script
from playground.trainer import Trainer


def costs_of_run(config: RunConfig, data: Splits) -> list[float]:
    trainer = Trainer(config, data)
    with CPU_SEMAPHORE.acquire(cores_for(config, data.train.m)):
        return [trainer.step().cost for _ in range(trainer.hyper.iterations)]


def costs_of_script(folder: Path, config: RunConfig, data: Splits) -> list[float]:
    file = folder / "run.py"
    file.write_text(script(config, data), encoding="utf-8")
    if needs_data_file(config):
        (folder / DATA_FILE).write_bytes(data_file(data))
    environment = {k: v for k, v in os.environ.items() if not k.endswith("_NUM_THREADS")}
    done = subprocess.run(
        [sys.executable, "-W", "error", str(file)],
        cwd=folder,
        env=environment | {"PYTHONPATH": "", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith(("validation accuracy: ", "validation R²: "))
    return [ast.literal_eval(line) for line in done.stdout.splitlines()]
