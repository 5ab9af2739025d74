"""The folders of data: the user's own data sets, the cache of downloaded and unpacked files, and
what the user has made.
"""

import os
from pathlib import Path

from platformdirs import user_cache_path, user_data_path

from data.dataset import DataError

DATA_FOLDER = "PLAYGROUND_DATA"
CACHE_FOLDER = "PLAYGROUND_CACHE"
HOME_FOLDER = "PLAYGROUND_HOME"
_APP = "netcore-playground"


def data_folder() -> Path | None:
    """The data folder: the one set on the page, else that of the environment variable
    PLAYGROUND_DATA.
    """
    named = os.environ.get(DATA_FOLDER, "").strip()
    return Path(named).expanduser() if named else None


def cache_folder() -> Path:
    """The cache folder: that of the environment variable PLAYGROUND_CACHE, else the system's."""
    named = os.environ.get(CACHE_FOLDER, "").strip()
    return Path(named).expanduser() if named else user_cache_path(_APP)


def home_folder() -> Path:
    """The folder of what the user has made: that of the environment variable PLAYGROUND_HOME, else
    the system's for data.
    """
    named = os.environ.get(HOME_FOLDER, "").strip()
    return Path(named).expanduser() if named else user_data_path(_APP, appauthor=False)


def use_data_folder(named: str) -> None:
    """Set the data folder for everyone who uses this server; a blank name means no folder.

    Raises DataError if there is no such folder, and then changes nothing.
    """
    folder = named.strip()
    if folder and not os.path.isdir(os.path.expanduser(folder)):
        raise DataError(f"{folder} is not a folder on the computer that runs this app.")
    os.environ[DATA_FOLDER] = folder
