"""The embedded digits: always the same, whatever is in the cache."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from data import mnist_5k
from data.dataset import Splits
from data.mnist_5k import load_mnist_5k


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder, and where the digits will be in it."""
    monkeypatch.setenv("PLAYGROUND_CACHE", str(tmp_path))
    return tmp_path / "mnist-5k.bytes"


def test_the_split_is_stratified_and_complete(cache: Path) -> None:
    splits = load_mnist_5k()
    for part, each in ((splits.train, 400), (splits.validation, 100)):
        np.testing.assert_array_equal(np.bincount(part.labels), np.full(10, each))
        assert part.X.dtype == np.float32
        assert part.X.flags.f_contiguous
        assert part.image_shape == (28, 28)
        assert part.X.min() == 0
        assert part.X.max() == 1
    columns = np.concatenate([splits.train.X.T, splits.validation.X.T])
    assert len(np.unique(columns, axis=0)) == 5000  # no digit is on both sides


def test_the_digits_are_decoded_once(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = load_mnist_5k()
    monkeypatch.setattr(mnist_5k, "_decode_digits", lambda: pytest.fail("decoded again"))
    again = load_mnist_5k()
    np.testing.assert_array_equal(first.train.X, again.train.X)
    np.testing.assert_array_equal(first.validation.labels, again.validation.labels)


SPOILED: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda whole: b"",
    "something else": lambda whole: b"no digits",
    "half": lambda whole: whole[: len(whole) // 2],
    "more": lambda whole: whole + b"7",
    "a pixel": lambda whole: whole[:100_000] + bytes([whole[100_000] ^ 1]) + whole[100_001:],
    "its checksum": lambda whole: bytes(32) + whole[32:],
    "other digits, whole": lambda whole: sha256(b"7" * 99).digest() + b"7" * 99,
}


@pytest.fixture(scope="module")
def undamaged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Splits, bytes]:
    """The digits and their cache, decoded once for all tests: that takes seconds."""
    folder = tmp_path_factory.mktemp("undamaged")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAYGROUND_CACHE", str(folder))
        return load_mnist_5k(), (folder / "mnist-5k.bytes").read_bytes()


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=list(SPOILED))
def test_a_damaged_cache_is_rewritten(
    cache: Path, undamaged: tuple[Splits, bytes], spoil: Callable[[bytes], bytes]
) -> None:
    good, whole = undamaged
    cache.write_bytes(spoil(whole))
    again = load_mnist_5k()
    np.testing.assert_array_equal(good.train.X, again.train.X)
    assert cache.read_bytes() == whole


def test_nothing_is_left_beside_the_cache(cache: Path) -> None:
    load_mnist_5k()
    assert [path.name for path in cache.parent.iterdir()] == [cache.name]


def test_a_cache_that_cannot_be_written_only_costs_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "a file, no folder"
    blocked.write_text("")
    monkeypatch.setenv("PLAYGROUND_CACHE", str(blocked))
    assert load_mnist_5k().train.m == 4000
    assert blocked.read_text() == ""
