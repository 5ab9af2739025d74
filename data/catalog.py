"""DATASETS: every data set that has a name, in the order the page lists them."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from data.dataset import DataError, Splits
from data.mnist_5k import load_mnist_5k


def _always() -> None:
    """It comes with the app: there is nothing that could be missing."""


@dataclass(frozen=True)
class CatalogEntry:
    """What the page says of a data set before it is loaded, and how it is loaded.

    title      what the list shows
    about      one plain sentence
    held_out   how it is split, one sentence
    load       reads it; raises DataError
    available  None where load will find its files; else a sentence: why not, and what to do
    """

    name: str
    title: str
    about: str
    held_out: str
    load: Callable[[], Splits]
    available: Callable[[], str | None] = _always


ENTRIES = (
    CatalogEntry(
        name="mnist-5k",
        title="MNIST, 5,000 digits",
        about="Handwritten digits, 28×28 pixels, 500 of each; they come with the app.",
        held_out="4,000 digits to train on, 1,000 held out, 100 of each.",
        load=load_mnist_5k,
    ),
)
DATASETS: dict[str, CatalogEntry] = {entry.name: entry for entry in ENTRIES}

_loaded: dict[str, Splits] = {}
_loading = {name: Lock() for name in DATASETS}


def load(name: str) -> Splits:
    """The data set of this name: read by the first who asks, shared by all who ask after.

    Raises DataError for an unknown name and for files that are missing or malformed.
    """
    if name not in DATASETS:
        raise DataError(f"unknown data set {name!r}; choose one of: {', '.join(DATASETS)}")
    # functools.lru_cache does not lock: 20 sessions at once would each read a copy of their own.
    with _loading[name]:
        if name not in _loaded:
            _loaded[name] = DATASETS[name].load()
        return _loaded[name]
