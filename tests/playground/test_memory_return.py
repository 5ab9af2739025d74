"""Freed memory returns to the system, tested in a separate process."""

import subprocess
import sys

import pytest

HOLES = """
import time
import numpy as np
from benchmarks.memory import resident
from playground import memory_return

kept = []
freed = []
for _ in range(1_500):  # small enough that the C library takes them from its heap
    freed.append(np.ones(12_500))
    kept.append(np.ones(25))
del freed
before = resident("self")
memory_return.give_back_soon()
deadline = time.monotonic() + 30
while resident("self") > before - 60 and time.monotonic() < deadline:
    time.sleep(0.05)
assert resident("self") <= before - 60, (before, resident("self"))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc has to be asked")
def test_what_lay_between_arrays_that_live_on_goes_back_to_the_system() -> None:
    done = subprocess.run([sys.executable, "-c", HOLES], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
