"""Uploaded files: their forms, and how they are split."""

import io

import numpy as np
import pytest

from data.csv_file import read_csv
from data.dataset import DataError
from data.upload_files import WHAT_TO_UPLOAD, read_upload
from tests.data.test_idx import idx, some_images

IMAGES = idx(some_images(100, 3))
LABELS = idx(np.repeat(np.arange(5, dtype=np.uint8), 20))
CSV = "".join(f"{'ab'[i % 4 == 0]},{i},0,0,0\n" for i in range(100)).encode()


def test_a_fifth_of_each_class_of_a_csv_file_is_for_validation() -> None:
    splits = read_upload([io.BytesIO(CSV)], "mine")
    assert splits.train.name == "mine"
    assert splits.train.class_names == ("a", "b")
    assert np.bincount(splits.train.labels).tolist() == [60, 20]
    assert np.bincount(splits.validation.labels).tolist() == [15, 5]


def test_the_split_is_the_same_every_time_and_loses_nothing() -> None:
    first, second = (read_upload([io.BytesIO(CSV)]) for _ in range(2))
    np.testing.assert_array_equal(first.validation.X, second.validation.X)
    both = np.concatenate([first.train.X[0], first.validation.X[0]])
    assert np.sort(both).tolist() == np.sort(read_csv(io.BytesIO(CSV)).X[0]).tolist()


@pytest.mark.parametrize("files", [(IMAGES, LABELS), (LABELS, IMAGES)])
def test_an_idx_pair_comes_in_either_order(files: tuple[bytes, bytes]) -> None:
    splits = read_upload([io.BytesIO(file) for file in files])
    assert (splits.train.m, splits.validation.m) == (80, 20)
    assert splits.train.image_shape == (3, 3)
    assert np.bincount(splits.validation.labels).tolist() == 5 * [4]


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([], "0 files came; give one CSV file, or two IDX files"),
        ([CSV, CSV], "2 files came"),
        ([CSV, IMAGES], "2 files came"),
        ([IMAGES], "one IDX file of two: give the file of labels with it"),
        ([LABELS], "one IDX file of two: give the file of images with it"),
        ([LABELS, LABELS], r"labels \(1 dimension\), says its byte 3; expected images"),
        ([IMAGES, IMAGES], r"images \(3 dimensions\), says its byte 3; expected labels"),
        ([b""], "is empty"),
        ([b"a,0,0,0,0\n"], "1 different label"),
    ],
)
def test_anything_else_gets_a_sentence(files: list[bytes], sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        read_upload([io.BytesIO(file) for file in files])


def test_the_page_states_the_limits_of_uploads() -> None:
    assert "128 MB per file" in WHAT_TO_UPLOAD
    assert "2 to 50 classes" in WHAT_TO_UPLOAD
