"""The size limit of the library: a setting, or 2 GB."""

import os

from playground.library.schema import LibraryError

LIMIT = "PLAYGROUND_LIBRARY"
DEFAULT_MB = 2000.0


def library_limit() -> int:
    """The limit in bytes: the environment variable PLAYGROUND_LIBRARY, in MB, or the default.

    Raises LibraryError, with a sentence, if the variable is not a number above 0.
    """
    named = os.environ.get(LIMIT, "").strip()
    try:
        megabytes = float(named) if named else DEFAULT_MB
    except ValueError:
        megabytes = 0.0
    if not 0 < megabytes < 1e9:
        raise LibraryError(
            f"{LIMIT} is {named!r}: give the megabytes that the library of runs may hold, such "
            f"as {DEFAULT_MB:.0f}, or unset it for that."
        )
    return int(megabytes * 10**6)
