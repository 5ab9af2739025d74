"""The library of this process: in the folder of its settings, opened when it is first needed."""

import atexit
from pathlib import Path
from threading import Lock

from data.folders import home_folder
from playground.library.library import Library

CLOSING = 5.0  # seconds that the end of the process waits for what is being written

_opened: dict[Path, Library] = {}
_lock = Lock()


def library() -> Library:
    """The one in home_folder(); always the same while that names the same folder."""
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
