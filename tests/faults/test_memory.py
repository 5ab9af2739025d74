"""A worker thread raises: the system refuses memory to a real training step."""

import subprocess
import sys

import pytest

from tests.server import ROOT

# A process of its own, whose addresses are limited between two steps: no vector of 37 MB fits.
REFUSED = """
import resource
from pathlib import Path
from data.catalog import load
from playground.config import RunConfig
from playground.run import Run
from tests.playground.examples import wait_until

layers = (784, *[1024] * 9, 10)
run = Run(RunConfig(epochs=5000).with_values(layers=layers), load("mnist-5k"))
lines = Path("/proc/self/status").read_text().splitlines()
used = 1024 * int(next(line for line in lines if line.startswith("VmSize")).split()[1])
resource.setrlimit(resource.RLIMIT_AS, (used + 20_000_000, resource.RLIM_INFINITY))
run.play()
wait_until(lambda: not run.snapshot.busy)
print(run.snapshot.status, run.snapshot.message)
resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
run.reset()
run.step()
wait_until(lambda: not run.snapshot.busy)
print(run.snapshot.status, run.snapshot.iteration)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone limits a process's addresses")
def test_a_step_without_memory_is_said_and_goes_again_once_there_is_some() -> None:
    result = subprocess.run(
        [sys.executable, "-c", REFUSED], cwd=ROOT, capture_output=True, text=True, timeout=50
    )
    assert result.returncode == 0, result.stderr
    failed, again = result.stdout.splitlines()
    assert failed.startswith("failed The training stopped: Unable to allocate")
    assert failed.endswith("Reset starts it again.")
    assert again == "paused 1"
