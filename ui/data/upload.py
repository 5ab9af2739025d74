"""Uploading files: they become the run's data set, or images for the network to classify."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from data.csv_file import has_labels, read_csv_images
from data.dataset import DataError
from data.idx import is_idx
from data.source import FILE_LIMIT_MB
from data.upload_files import VALIDATION, WHAT_TO_UPLOAD, read_upload
from data.upload_store import UPLOADS, Upload
from playground.predictions import predict_images, predictions_csv
from playground.run import Snapshot
from ui import deferred, runs, session
from ui.data.choice import remember_upload
from ui.text import as_is

_FIELD, _CHOICES, _FILES = "files", "choices of files", "files chosen"
_SAID, _READ = "said of the files", "read in the files"
MAX_TITLE = 40  # characters of a file name that are shown


@dataclass(frozen=True, eq=False)
class _Reading:
    """Predictions for images without labels: labels (m,), the file, and the iteration."""

    file: str
    iteration: int
    labels: NDArray[np.integer]
    names: tuple[str, ...]


def upload(shown: Snapshot) -> None:
    """The field for files, errors in them, and what can be done with them."""
    st.caption(f"{WHAT_TO_UPLOAD} {VALIDATION}")
    # Above the field, where it is seen: below it is the end of the screen, on a phone the player.
    if (sentence := session.get(_SAID)) is not None:
        st.error(as_is(sentence), icon=":material/error:")
    st.file_uploader(
        "A CSV file, or two IDX files",
        accept_multiple_files=True,
        max_upload_size=FILE_LIMIT_MB,
        key=_field(),
        on_change=_take_files,
    )
    files = session.get(_FILES)
    if files and session.get(_SAID) is None and _is_unlabeled(files):
        _classify(shown, files[0])


def _field() -> str:
    """The key of the field: another one after each choice, so that the next one replaces it."""
    n = session.get(_CHOICES, 0)
    return f"{_FIELD} {n}" if n else _FIELD


def _take_files() -> None:
    """Files were chosen, in place of those before. Only the second of two IDX files joins the
    first, where they were chosen one by one."""
    chosen = session.get(_field()) or []
    if not chosen:
        return
    before = session.take(_FILES, [])
    session.take(_SAID)
    session.take(_READ)
    if len(before) == len(chosen) == 1 and _is_idx(before[0]) and _is_idx(chosen[0]):
        chosen = [*before, *chosen]
    session.put(_FILES, chosen)
    session.put(_CHOICES, session.get(_CHOICES, 0) + 1)
    deferred.soon("Reading your files …", _read_files, _show_upload)


def _is_idx(file: Any) -> bool:
    try:
        return is_idx(file)
    except DataError:  # such as an empty one
        return False


def _read_files() -> Upload | DataError | None:
    """The data set in the files, or why there is none; None if they have no labels."""
    files = session.get(_FILES)
    try:
        if not files or _is_unlabeled(files):  # unless the files were removed meanwhile
            return None
        title = " + ".join(file.name[:MAX_TITLE] for file in files)
        return UPLOADS.keep(read_upload(files, title), title)
    except DataError as error:
        return error


def _show_upload(read: Upload | DataError | None) -> None:
    if isinstance(read, DataError):
        session.put(
            _SAID, f"{read} Everything stays as it was. Choose other files to replace these."
        )
    elif read is not None:
        session.take(_FILES)  # they are read: no need to hold them, too
        remember_upload(read.name)
        runs.configure(dataset=read.name, task="all")


def _is_unlabeled(files: list[Any]) -> bool:
    """Whether this is one CSV file of images without labels. Raises DataError."""
    return len(files) == 1 and not is_idx(files[0]) and not has_labels(files[0])


def _classify(shown: Snapshot, file: Any) -> None:
    """A file of images without labels: the network's predictions."""
    st.markdown(
        f"**{as_is(file.name)}** has images without labels: they can be classified, not trained on."
    )
    if shown.iteration == 0:
        st.caption("The network is untrained: train it first, because it only guesses now.")
    if st.button("Classify them with the network as it is now", key="classify", type="primary"):
        try:
            with st.spinner("Reading the images …"):
                labels = predict_images(shown.network, read_csv_images(file))
        except DataError as error:
            st.error(as_is(str(error)), icon=":material/error:")
            return
        names = shown.data.train.class_names
        session.put(_READ, _Reading(file.name, shown.iteration, labels, names))
    reading: _Reading | None = session.get(_READ)
    if reading is not None:
        _show(reading)


def _show(reading: _Reading) -> None:
    counts = np.bincount(reading.labels, minlength=len(reading.names))
    m = len(reading.labels)
    rows = [
        f"| {as_is(name)} | {count:,} | {100 * count / m:.1f} % |"
        for name, count in zip(reading.names, counts, strict=True)
    ]
    st.markdown(f"**{m:,} images**, predicted by the network at iteration {reading.iteration:,}:")
    st.markdown("\n".join(["| class | images | share |", "| --- | ---: | ---: |", *rows]))
    st.download_button(
        "Download the predictions as CSV",
        lambda: predictions_csv(reading.labels, reading.names),
        file_name="predictions.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key="predictions",
        help="One line for each image: ImageId, counted from 1, and Label.",
    )
