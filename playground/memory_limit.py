"""How much memory all runs of this server may take: a setting, or a quarter of the machine's
memory.
"""

import os
import sys

LIMIT = "PLAYGROUND_MEMORY"
FALLBACK = 2 * 10**9  # bytes, if the system does not tell how much memory it has
SHARE = 0.25


def memory_limit() -> int:
    """The limit in bytes: the environment variable PLAYGROUND_MEMORY, in MB, or the default.

    Raises ValueError, with a sentence, if the variable is not a number above 0.
    """
    named = os.environ.get(LIMIT, "").strip()
    if not named:
        return int(SHARE * _installed())
    try:
        megabytes = float(named)
    except ValueError:
        megabytes = 0.0
    if not 0 < megabytes < 1e9:
        raise ValueError(
            f"{LIMIT} is {named!r}: give the megabytes that all runs together may hold, such as "
            "4000, or unset it for a quarter of the machine's memory."
        )
    return int(megabytes * 10**6)


def _installed() -> int:
    if sys.platform == "win32":
        return int(FALLBACK / SHARE)
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (OSError, ValueError):  # the system does not tell
        return int(FALLBACK / SHARE)
