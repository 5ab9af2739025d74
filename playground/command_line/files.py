"""Files of runs as the command line names them: every sentence says which file it is about."""

import os
from pathlib import Path

from netcore.storage import StorageError
from playground.config import ConfigError
from playground.saved import SavedRun, load_run


def load(path: Path) -> SavedRun:
    """Raises StorageError where there is no saved run."""
    try:
        return load_run(path)
    except StorageError as error:
        raise StorageError(f"{path} cannot be read. {error}") from error
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror}.") from error


def check_target(path: Path) -> None:
    """Raise ConfigError where a run could not be saved: better now than after the training."""
    if path.is_dir():
        raise ConfigError(f"save: {path} is a folder; name a file in it, {path / 'model.npz'}.")
    if not path.parent.is_dir():
        raise ConfigError(f"save: there is no folder {path.parent}; make it first.")
    if not os.access(path.parent, os.W_OK):
        raise ConfigError(f"save: nothing may be written in the folder {path.parent}.")
