"""DATASETS: every data set that has a name, in the order the page lists them."""

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
    """It comes with the app: there is nothing that could be missing."""


@dataclass(frozen=True)
class CatalogEntry:
    """What the page says of a data set before it is loaded, and how it is loaded.

    title      what the list shows
    about      one plain sentence
    example_noun  what one calls its examples: "digits", "pictures"
    validation   how it is split, one sentence
    load       reads it; raises DataError
    available  None where load will find its files; else a sentence: why not, and what to do
    images     set where the data set can be downloaded
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

# What was read, and which folder it may have been read from.
_loaded: dict[str, tuple[Path | None, Splits]] = {}
_loading = {name: Lock() for name in DATASETS}
_downloads: dict[str, Download] = {}
_starting = Lock()


def entry(name: str) -> CatalogEntry:
    """What is known of this data set, named above or uploaded.

    Raises DataError that lists the names there are.
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
    """Whether its examples are so many that a person notices how long it takes to read them."""
    return is_upload(name) or (name in DATASETS and DATASETS[name].images is not None)


def load(name: str) -> Splits:
    """The data set of this name: read by the first who asks, shared by all who ask after.

    Read again only where another folder was named since.
    Raises DataError for an unknown name and for files that are missing or malformed.
    """
    found = entry(name)
    if name not in _loading:
        return found.load()
    # functools.lru_cache does not lock: 20 sessions at once would each read a copy of their own.
    with _loading[name]:
        folder = data_folder()
        if name not in _loaded or _loaded[name][0] != folder:
            _loaded.pop(name, None)  # before the next is read: they are large
            _loaded[name] = folder, found.load()
        return _loaded[name][1]


def loaded() -> list[Dataset]:
    """The parts of all data sets that were read and are kept."""
    kept = [splits for _, splits in list(_loaded.values())]
    return [part for splits in kept for part in (splits.train, splits.validation)]


def download(name: str) -> Download:
    """Bring this data set into the cache, from where load will read it; what is on its way
    already is not started twice.

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
    """The download of this data set that was started last, however it went."""
    return _downloads.get(name)
