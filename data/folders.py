"""The settings of this package: the folder where a person keeps data sets, and the one where what
was downloaded or unpacked is kept."""

import os
from pathlib import Path

from platformdirs import user_cache_path

from data.dataset import DataError

DATA_FOLDER = "PLAYGROUND_DATA"
CACHE_FOLDER = "PLAYGROUND_CACHE"


def data_folder() -> Path | None:
    """The folder named by the environment variable PLAYGROUND_DATA, or by the page since then."""
    named = os.environ.get(DATA_FOLDER, "").strip()
    return Path(named).expanduser() if named else None


def cache_folder() -> Path:
    """The folder named by the environment variable PLAYGROUND_CACHE, or where this system keeps
    caches."""
    named = os.environ.get(CACHE_FOLDER, "").strip()
    return Path(named).expanduser() if named else user_cache_path("netcore-playground")


def use_data_folder(named: str) -> None:
    """Look for data here from now on, for all who use this server; nowhere where it is blank.

    Raises DataError where there is no such folder, and then nothing changes.
    """
    folder = named.strip()
    if folder and not os.path.isdir(os.path.expanduser(folder)):
        raise DataError(f"{folder} is not a folder on the computer that runs this app.")
    os.environ[DATA_FOLDER] = folder
