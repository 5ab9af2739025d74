"""MNIST's files in a folder: where they are searched, what they contain, and errors in them."""

import gzip
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from data.dataset import DataError
from data.folders import DATA_FOLDER, data_folder
from data.mnist import (
    FASHION_MNIST,
    FOUR_FILES,
    MNIST,
    TEST_IMAGES,
    TEST_LABELS,
    TRAIN_IMAGES,
    TRAIN_LABELS,
    download_folder,
    load_images,
    why_missing,
)
from tests.data.test_idx import idx, some_images

SMALL = {
    TRAIN_IMAGES: idx(some_images(6, 4)),
    TRAIN_LABELS: idx(np.array([5, 0, 4, 1, 9, 2], np.uint8)),
    TEST_IMAGES: idx(some_images(3, 4, seed=1)),
    TEST_LABELS: idx(np.array([7, 2, 1], np.uint8)),
}


def put(folder: Path, packed: bool = False, changed: dict[str, bytes] | None = None) -> Path:
    """The four files, small, in this folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (SMALL | (changed or {})).items():
        path = folder / (f"{name}.gz" if packed else name)
        path.write_bytes(gzip.compress(content) if packed else content)
    return folder


@pytest.fixture(autouse=True)
def empty_cache(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYGROUND_CACHE", str(tmp_path / "cache"))
    if "real" not in request.function.__name__:
        monkeypatch.delenv(DATA_FOLDER, raising=False)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("where", [".", "mnist"])
def test_the_four_files_are_found(tmp_path: Path, where: str, packed: bool) -> None:
    put(tmp_path / where, packed)
    assert why_missing(MNIST, tmp_path) is None
    splits = load_images(MNIST, tmp_path)
    assert splits.train.name == "mnist"
    assert splits.train.class_names == tuple("0123456789")
    assert splits.train.labels.tolist() == [5, 0, 4, 1, 9, 2]
    assert splits.validation.labels.tolist() == [7, 2, 1]
    assert splits.validation.image_shape == (4, 4)
    np.testing.assert_array_equal(
        splits.validation.X, some_images(3, 4, seed=1).reshape(3, 16).T / np.float32(255)
    )


def test_fashion_is_never_mistaken_for_digits(tmp_path: Path) -> None:
    put(tmp_path / "data")
    assert why_missing(FASHION_MNIST, tmp_path / "data") is not None
    fashion = put(tmp_path / "other" / "fashion-mnist")
    assert why_missing(MNIST, fashion) is not None
    for folder in (fashion, fashion.parent):
        splits = load_images(FASHION_MNIST, folder)
        assert splits.train.name == "fashion-mnist"
        assert splits.train.class_names[9] == "Ankle boot"


def test_the_environment_names_the_folder_and_a_download_is_found_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert why_missing(MNIST) is not None
    put(download_folder(MNIST), packed=True)
    assert load_images(MNIST).train.m == 6
    put(tmp_path / "mnist", changed={TRAIN_LABELS: idx(np.zeros(6, np.uint8))})
    monkeypatch.setenv(DATA_FOLDER, str(tmp_path))
    assert load_images(MNIST).train.labels.tolist() == 6 * [0]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    sentence = why_missing(MNIST, tmp_path)
    assert sentence is not None
    start = f"MNIST is not on this computer yet (not in {tmp_path} either): download it (11.6 MB), "
    assert sentence.startswith(start)
    assert "PLAYGROUND_DATA" in sentence
    with pytest.raises(DataError, match="not on this computer yet"):
        load_images(MNIST, tmp_path / "no such folder")
    put(tmp_path)
    (tmp_path / TEST_LABELS).unlink()
    with pytest.raises(DataError, match=f"lacks {TEST_LABELS} .or the same gzipped"):
        load_images(MNIST, tmp_path)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {TRAIN_LABELS: idx(np.array([0, 1, 2, 3, 10, 5], np.uint8))},
            "train-labels-idx1-ubyte has the label 10 at byte 12 of its contents; MNIST has labels",
        ),
        ({TEST_LABELS: SMALL[TRAIN_LABELS]}, "images holds 3 and the file of labels"),
        ({TEST_IMAGES: idx(some_images(3, 5))}, "have 16 pixels .* 25; they must have"),
        ({TEST_IMAGES: SMALL[TEST_IMAGES][:-1]}, "t10k-images-idx3-ubyte has 63 byt"),
    ],
)
def test_malformed_files_get_a_sentence(
    tmp_path: Path, changed: dict[str, bytes], sentence: str
) -> None:
    put(tmp_path, changed=changed)
    with pytest.raises(DataError, match=sentence):
        load_images(MNIST, tmp_path)


def csv_rows(labels: list[int], n_pixels: int = 16) -> str:
    return "".join(f"{label}," + ",".join(n_pixels * [str(label)]) + "\n" for label in labels)


def test_the_csv_files_of_the_posts_are_found(tmp_path: Path) -> None:
    (tmp_path / "train.csv").write_text(csv_rows([3, 1, 3, 1, 8]))
    (tmp_path / "test.csv").write_text(csv_rows([8, 1]))
    splits = load_images(MNIST, tmp_path)
    assert splits.train.labels.tolist() == [3, 1, 3, 1, 8]
    assert splits.validation.labels.tolist() == [8, 1]
    assert splits.train.class_names == splits.validation.class_names == tuple("0123456789")


@pytest.mark.parametrize("test_csv", [None, csv_rows([8, 1]).replace("8,", "", 1)])
def test_without_test_labels_a_fifth_is_for_validation(
    tmp_path: Path, test_csv: str | None
) -> None:
    (tmp_path / "train.csv").write_text(csv_rows(5 * [3] + 5 * [7]))
    if test_csv is not None:
        (tmp_path / "test.csv").write_text(test_csv)
    splits = load_images(MNIST, tmp_path)
    assert sorted(splits.validation.labels.tolist()) == [3, 7]
    assert splits.train.m == 8


def test_other_classes_in_a_csv_file_get_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "train.csv").write_text("cat" + csv_rows([3, 4])[1:])
    with pytest.raises(DataError, match="'cat' is not one of MNIST, which has 0 to 9"):
        load_images(MNIST, tmp_path)


needs_real_files = pytest.mark.skipif(
    data_folder() is None or why_missing(MNIST) is not None,
    reason=f"needs MNIST's four files in the folder that {DATA_FOLDER} names",
)

MEMORY_OF_LOADING = """
import resource, sys
from data.mnist import MNIST, load_images

unit = 1 if sys.platform == "darwin" else 1024  # macOS counts bytes, Linux kilobytes

def peak():
    return unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

before = peak()
splits = load_images(MNIST)
print(peak() - before - splits.train.X.nbytes - splits.validation.X.nbytes)
"""


@needs_real_files
def test_the_real_digits() -> None:
    splits = load_images(MNIST)
    assert (splits.train.m, splits.validation.m) == (60_000, 10_000)
    assert splits.train.image_shape == (28, 28)
    assert splits.train.X.flags.f_contiguous
    assert splits.train.X.dtype == np.float32
    assert (splits.train.X.min(), splits.train.X.max()) == (0, 1)
    assert splits.train.labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert splits.validation.labels[:5].tolist() == [7, 2, 1, 0, 4]
    counts = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert np.bincount(splits.validation.labels).tolist() == counts


@needs_real_files
@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell the peak this way")
def test_real_digits_are_loaded_without_a_second_copy() -> None:
    result = subprocess.run(
        [sys.executable, "-c", MEMORY_OF_LOADING],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert int(result.stdout) < 20_000_000


def test_the_real_names_and_sizes_are_those_of_the_archives() -> None:
    for images in (MNIST, FASHION_MNIST):
        assert [file.name for file in images.archive.files] == [f"{n}.gz" for n in FOUR_FILES]
        assert len({file.sha256 for file in images.archive.files}) == 4
        assert all(len(file.sha256) == 64 for file in images.archive.files)
        assert len(images.archive.mirrors) >= 2
        assert all(mirror.endswith("/") for mirror in images.archive.mirrors)
        assert len(set(images.class_names)) == 10
