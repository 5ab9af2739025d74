"""DATASETS: every named data set, in the order in which the page lists them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock

from data import names
from data.dataset import DataError, Dataset, Splits
from data.download import Download
from data.folders import data_folder
from data.mnist import FASHION_MNIST, MNIST, ImageSet, download_folder, load_images, why_missing
from data.mnist_5k import load_mnist_5k
from data.upload_files import VALIDATION
from data.upload_store import UPLOADS, is_upload


def _always() -> None:
    """For a data set that comes with the app: no file can be missing."""


@dataclass(frozen=True)
class CatalogEntry:
    """How a data set is loaded, and how the page describes it before it is loaded.

    title         its name in the list
    about         a description, one plain sentence
    example_noun  the word for its examples: "digits", "pictures"
    validation    how it is split into training and validation set, one sentence
    load          reads it; raises DataError
    available     None if load will find the files; else a sentence on why not and what to do
    images        the downloadable files; None if the data set cannot be downloaded
    """

    name: str
    title: str
    about: str
    example_noun: str
    validation: str
    load: Callable[[], Splits]
    available: Callable[[], str | None] = _always
    images: ImageSet | None = None


def _full_size(images: ImageSet, about: str, example_noun: str) -> CatalogEntry:
    title = images.archive.title
    return CatalogEntry(
        name=images.name,
        title=f"{title}, 70,000 {example_noun}",
        about=about,
        example_noun=example_noun,
        validation=(
            f"60,000 {example_noun} to train on, {title}'s own 10,000 test {example_noun} for "
            "validation "
            "(from a train.csv alone: one in five)."
        ),
        load=partial(load_images, images),
        available=partial(why_missing, images),
        images=images,
    )


ENTRIES = (
    CatalogEntry(
        name=names.MNIST_5K,
        title="MNIST, 5,000 digits",
        about="Handwritten digits, 28×28 pixels, 500 of each; they come with the app.",
        example_noun="digits",
        validation="4,000 training digits and 1,000 validation digits, 100 of each.",
        load=load_mnist_5k,
    ),
    _full_size(
        MNIST,
        about="All of MNIST: handwritten digits, 28×28 pixels, about 7,000 of each.",
        example_noun="digits",
    ),
    _full_size(
        FASHION_MNIST,
        about="Photographs of clothes, shoes and bags in MNIST's form: 28×28 pixels, 10 classes.",
        example_noun="pictures",
    ),
)
DATASETS: dict[str, CatalogEntry] = {entry.name: entry for entry in ENTRIES}

# The data sets in memory, each with the data folder that was set when it was read.
_loaded: dict[str, tuple[Path | None, Splits]] = {}
_loading = {name: Lock() for name in DATASETS}
_downloads: dict[str, Download] = {}
_starting = Lock()


def entry(name: str) -> CatalogEntry:
    """The catalog's entry of this data set, whether it is named above or was uploaded.

    Raises DataError for an unknown name; the message lists the known ones.
    """
    if is_upload(name):
        return _uploaded(name)
    if name not in DATASETS:
        raise DataError(f"unknown data set {name!r}; choose one of: {', '.join(DATASETS)}")
    return DATASETS[name]


def _uploaded(name: str) -> CatalogEntry:
    upload = UPLOADS.get(name)
    train, validation = upload.splits.train, upload.splits.validation
    height, width = train.image_shape or (1, train.n_x)
    return CatalogEntry(
        name=name,
        title=upload.title,
        about=f"Uploaded: {train.m + validation.m:,} images, {width}×{height} pixels, "
        f"{train.n_classes} classes.",
        example_noun="images",
        validation=VALIDATION,
        load=lambda: upload.splits,
    )


def takes_a_moment(name: str) -> bool:
    """Whether the data set is so large that a person notices the time it takes to load."""
    return is_upload(name) or (name in DATASETS and DATASETS[name].images is not None)


def load(name: str) -> Splits:
    """The data set of this name. The first caller reads it, and all later callers share it.

    It is read again if the data folder was changed since.
    Raises DataError for an unknown name, and for missing or malformed files.
    """
    found = entry(name)
    if name not in _loading:
        return found.load()
    # functools.lru_cache does not lock: 20 sessions at once would each read a copy of their own.
    with _loading[name]:
        folder = data_folder()
        if name not in _loaded or _loaded[name][0] != folder:
            _loaded.pop(name, None)  # frees its memory before the new one is read
            _loaded[name] = folder, found.load()
        return _loaded[name][1]


def loaded() -> list[Dataset]:
    """The training and validation sets of all data sets in memory."""
    kept = [splits for _, splits in list(_loaded.values())]
    return [part for splits in kept for part in (splits.train, splits.validation)]


def download(name: str) -> Download:
    """Start to download this data set into the cache, where load will find it. A download in
    progress is not started twice.

    Raises DataError for an unknown name, and for a data set that comes with the app.
    """
    images = entry(name).images
    if images is None:
        raise DataError(f"{name} comes with the app: there is nothing to download.")
    with _starting:
        last = last_download(name)
        if last is None or last.progress.state != "running":
            _downloads[name] = Download(images.archive, download_folder(images)).start()
        return _downloads[name]


def last_download(name: str) -> Download | None:
    """The most recently started download of this data set, whatever its outcome."""
    return _downloads.get(name)
