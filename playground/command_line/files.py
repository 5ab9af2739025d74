"""Files of runs as the command line names them. Every error names its file."""

import os
from pathlib import Path

from data.dataset import DataError, Splits
from data.upload_files import read_upload
from data.upload_store import UPLOADS, is_upload
from playground.config import ConfigError, RunConfig
from playground.export.script import data_file, needs_data_file, script
from playground.saved import SavedRun, load_run
from playground.settings import EVERY_SET
from playground.storage.train_state import StorageError


def load(path: Path) -> SavedRun:
    """Load a saved run. Raises StorageError if the file is not one."""
    try:
        return load_run(path)
    except StorageError as error:
        raise StorageError(f"{path} cannot be read. {error}") from error
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror}.") from error


def own_data(text: str) -> str:
    """The data set of `--dataset text`: its name; where that is a CSV file, or two IDX files with a
    comma between, what is in them, under the name that the app gives it.

    Raises DataError where the files cannot be read.
    """
    if text in EVERY_SET or is_upload(text):
        return text
    files = [Path(text)] if Path(text).exists() else [Path(part) for part in text.split(",")]
    if len(files) == 1 and not files[0].exists() and not _like_a_file(files[0]):
        return text  # the settings refuse it, with a list of those there are
    for file in files:
        if not file.is_file():
            what = "is a folder" if file.is_dir() else "is not there"
            raise DataError(
                f"dataset: {file} {what}; give a CSV file, or two IDX files with a comma between: "
                "images.idx,labels.idx."
            )
    title = " + ".join(file.name for file in files)
    return UPLOADS.keep(read_upload(files, title), title).name


def _like_a_file(path: Path) -> bool:
    return bool(path.suffix) or len(path.parts) > 1


def check_target(path: Path, flag: str = "save", example: str = "model.npz") -> None:
    """Raise ConfigError if this file could not be written, before the training rather than after
    it.
    """
    if path.is_dir():
        raise ConfigError(f"{flag}: {path} is a folder; name a file in it, {path / example}.")
    if not path.parent.is_dir():
        raise ConfigError(f"{flag}: there is no folder {path.parent}; create it first.")
    if not os.access(path.parent, os.W_OK):
        raise ConfigError(f"{flag}: no permission to write in the folder {path.parent}.")


def write_script(path: Path, config: RunConfig, data: Splits) -> str:
    """Write the script of this run, and the file of examples if it needs one. Returns a sentence
    that names the files.

    Raises StorageError if they cannot be written.
    """
    examples = path.with_suffix(".data.npz")
    try:
        path.write_text(script(config, data, examples.name), encoding="utf-8")
        if not needs_data_file(config):
            return f"The script is {path}."
        examples.write_bytes(data_file(data))
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror}.") from error
    return f"The script is {path}; it reads its examples from {examples}."
