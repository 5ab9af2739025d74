"""The library of this process, in the folder of its settings, opened at first use."""

import atexit
from pathlib import Path
from threading import Lock

from data.folders import home_folder
from playground.library.library import Library

CLOSING = 5.0  # seconds for which the exiting process waits for writing

_opened: dict[Path, Library] = {}
_lock = Lock()


def library() -> Library:
    """The library in home_folder(): the same object as long as the folder is the same."""
    folder = home_folder() / "library"
    with _lock:
        if folder not in _opened:
            _close()
            _opened[folder] = Library(folder)
        return _opened[folder]


@atexit.register
def _close() -> None:
    for each in _opened.values():
        each.close(CLOSING)
    _opened.clear()
