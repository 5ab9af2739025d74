"""Bounds on memory and time, for tests of code that reads input from outside."""

import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager

MEGABYTES = 64  # the files of these tests are small: what they hold, several times, is far less
SECONDS = 5.0  # of the processor, not of the clock


@contextmanager
def bounded(megabytes: float = MEGABYTES) -> Iterator[None]:
    """Fails where the block takes more memory at once, or computes for longer."""
    began = time.thread_time()
    tracemalloc.start()
    try:
        yield
    finally:
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    took = time.thread_time() - began
    assert most < megabytes * 2**20, f"{most / 2**20:.0f} MB were taken at once"
    assert took < SECONDS, f"{took:.1f} s were computed"
