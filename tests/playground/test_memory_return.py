"""Freed memory returns to the system, tested in a separate process."""

import subprocess
import sys
from pathlib import Path

import pytest

from playground import memory_return

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


HEAPS = """
import ctypes
import sys
from threading import Barrier, Thread

from playground import memory_return

if sys.argv[1] == "limited":
    memory_return.keep_little()
libc = ctypes.CDLL(None)
libc.malloc.restype = libc.fopen.restype = ctypes.c_void_p
all_at_once = Barrier(12)

def allocate():
    all_at_once.wait()
    libc.malloc(1_000)
    all_at_once.wait()

threads = [Thread(target=allocate) for _ in range(12)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
file = ctypes.c_void_p(libc.fopen(sys.argv[2].encode(), b"w"))
libc.malloc_info(0, file)
libc.fclose(file)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="a setting of glibc")
def test_many_threads_share_few_heaps(tmp_path: Path) -> None:
    heaps = {}
    for how in ("limited", "unlimited"):
        report = tmp_path / how
        command = [sys.executable, "-c", HEAPS, how, str(report)]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        heaps[how] = report.read_text().count("<heap ")
    assert heaps["limited"] <= memory_return.HEAPS < heaps["unlimited"]


LARGE = """
import numpy as np
from benchmarks.memory import resident
from playground import memory_return

memory_return.keep_little()
np.ones(2_500_000)  # freed at once: now glibc would put arrays of up to 20 MB into its heap
arrays = [np.ones(memory_return.AT_ONCE // 8) for _ in range(200)]
full = resident("self")
del arrays[::2]
assert resident("self") <= full - 40, (resident("self"), full)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="a setting of glibc")
def test_a_large_array_goes_back_as_soon_as_it_is_freed() -> None:
    done = subprocess.run([sys.executable, "-c", LARGE], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
