"""Uploads are kept under a name made from their contents, up to a total size."""

import numpy as np
import pytest

from data import catalog
from data.dataset import DataError, Dataset, Splits, as_columns, split
from data.upload_store import UPLOADS, Uploads, is_upload


def some(seed: int, m: int = 20, names: tuple[str, ...] = ("cat", "dog")) -> Splits:
    rng = np.random.default_rng(seed)
    dataset = Dataset("mine", as_columns(rng.random((m, 9))), np.arange(m) % 2, names, (3, 3))
    return split(dataset, m // 5, seed=0)


def test_what_is_kept_is_found_again() -> None:
    uploads = Uploads()
    kept = uploads.keep(some(1), "pets.csv")
    assert uploads.get(kept.name) is kept
    assert is_upload(kept.name)


def test_the_name_depends_only_on_the_contents() -> None:
    here, there = Uploads(), Uploads()
    assert here.keep(some(1), "a").name == there.keep(some(1), "b").name
    others = [some(2), some(1, names=("dog", "cat"))]
    names = {here.keep(each, "a").name for each in [some(1), *others]}
    assert len(names) == 3


def test_the_least_recently_used_uploads_are_dropped() -> None:
    size = 20 * 9 * 4
    uploads = Uploads(room=2 * size)
    first, second = (uploads.keep(some(seed), "x").name for seed in (1, 2))
    uploads.get(first)
    third = uploads.keep(some(3), "x").name
    assert uploads.get(first).name == first
    assert uploads.get(third).name == third
    with pytest.raises(DataError, match="upload the same files again"):
        uploads.get(second)


def test_the_newest_upload_is_kept_whatever_its_size() -> None:
    uploads = Uploads(room=1)
    name = uploads.keep(some(1), "large").name
    assert uploads.get(name).name == name


@pytest.mark.parametrize("name", ["mnist", "upload-", "upload-1", "upload-00000000000000001", ""])
def test_other_names_are_not_uploads(name: str) -> None:
    assert not is_upload(name)


def test_the_catalog_knows_uploads() -> None:
    upload = UPLOADS.keep(some(5), "pets.csv")
    entry = catalog.entry(upload.name)
    assert entry.title == "pets.csv"
    assert entry.available() is None
    assert "20 images, 3×3 pixels, 2 classes" in entry.about
    assert entry.validation.startswith("One image in five is for validation")
    assert catalog.takes_a_moment(upload.name)
    assert catalog.takes_a_moment("mnist")
    assert not catalog.takes_a_moment("mnist-5k")
    assert catalog.load(upload.name) is upload.splits
    with pytest.raises(DataError, match=r"upload-0123456789abcdef was uploaded, but is not"):
        catalog.load("upload-0123456789abcdef")
