"""Returns memory that runs have freed to the operating system.

NumPy frees an array at once, but the C library keeps memory that lies between blocks still in use.
After forty visits of a minute it had kept 140 MB (measured with benchmarks.load).
"""

import ctypes
import sys
import time
from functools import cache
from threading import Lock, Thread

HEAPS = 2  # of the C library, for all threads; else there are up to eight for each core
# Bytes: an array as large as this returns as soon as it is freed. A minibatch of 128 images is
# smaller: warping makes some anew at each step, whose pages the system would have to clear again.
AT_ONCE = 2**19
DELAY = 1.0  # seconds to wait for other runs to end as well: a call takes some 10 ms
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8  # of glibc's malloc.h

_lock = Lock()
_pending: Thread | None = None


def give_back_soon() -> None:
    """Return memory about DELAY seconds from now, in another thread. Does nothing unless the C
    library is glibc, the only one that needs this. May be called from any thread, as often as
    wanted.
    """
    global _pending
    if not _can_trim():
        return
    with _lock:
        if _pending is None:
            _pending = Thread(target=_give_back, name="memory return", daemon=True)
            _pending.start()


@cache
def keep_little() -> None:
    """Let the C library keep less freed memory: it has HEAPS heaps, and arrays of AT_ONCE bytes do
    not lie in them. Else it puts ever larger arrays there, up to 32 MB. With twenty runs that train
    the server takes 110 MB less. Does nothing unless the C library is glibc.
    """
    if _can_trim():
        library = ctypes.CDLL(None)
        library.mallopt(_M_ARENA_MAX, HEAPS)
        library.mallopt(_M_MMAP_THRESHOLD, AT_ONCE)


def _give_back() -> None:
    global _pending
    time.sleep(DELAY)
    with _lock:
        _pending = None
    ctypes.CDLL(None).malloc_trim(0)  # ctypes releases the interpreter lock


@cache
def _can_trim() -> bool:
    return sys.platform == "linux" and hasattr(ctypes.CDLL(None), "malloc_trim")
