"""Memory that runs have freed goes back to the system.

NumPy frees an array at once, but the C library keeps what lay between others that live on, for
later. After forty visits of a minute that was 140 MB, for good (measured with benchmarks.load).
"""

import ctypes
import sys
import time
from functools import cache
from threading import Lock, Thread

DELAY = 1.0  # seconds in which others end, too: it looks at all memory, and takes some 10 ms

_lock = Lock()
_pending: Thread | None = None


def give_back_soon() -> None:
    """Give memory back within a moment, on a thread of its own. Does nothing where the C library
    is not glibc, which alone has to be asked. May be called from any thread, as often as wanted."""
    global _pending
    if not _can_trim():
        return
    with _lock:
        if _pending is None:
            _pending = Thread(target=_give_back, name="memory return", daemon=True)
            _pending.start()


def _give_back() -> None:
    global _pending
    time.sleep(DELAY)
    with _lock:
        _pending = None
    ctypes.CDLL(None).malloc_trim(0)  # ctypes lets the interpreter go on meanwhile


@cache
def _can_trim() -> bool:
    return sys.platform == "linux" and hasattr(ctypes.CDLL(None), "malloc_trim")
