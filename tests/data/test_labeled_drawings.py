"""Labeled drawings: saved and loaded, and which files are rejected."""

import csv
import io

import numpy as np
import pytest

from data.csv_file import read_csv
from data.dataset import DataError
from data.labeled_drawings import MAX_DRAWINGS, MAX_MB, Drawings


def column(seed: int) -> np.ndarray:
    gray = np.random.default_rng(seed).integers(256, size=(784, 1))
    return (gray / 255).astype(np.float32)


def named(*names: str) -> Drawings:
    drawings = Drawings()
    for i, name in enumerate(names):
        drawings.add(column(i), name)
    return drawings


def file(content: bytes) -> io.BytesIO:
    source = io.BytesIO(content)
    source.name = "mine.csv"
    return source


def test_a_drawing_labeled_again_changes_its_label() -> None:
    drawings = named("1", "7")
    drawings.add(column(0), "4")
    assert [each.name for each in drawings] == ["4", "7"]
    assert drawings.find(column(1)) == 1
    drawings.delete(0)
    assert drawings.find(column(0)) is None
    assert len(drawings) == 1


def test_there_and_back_to_the_bit() -> None:
    drawings, other = named("1", "1", "9"), Drawings()
    assert other.read(file(drawings.write())) == 3
    assert other.write() == drawings.write()
    assert other.read(file(drawings.write())) == 3  # the same ones: they are there already
    assert len(other) == 3


def test_the_file_is_a_data_set_too() -> None:
    dataset = read_csv(file(named("3", "8").write()))
    assert dataset.class_names == ("3", "8")
    np.testing.assert_allclose(dataset.X[:, :1], column(0), atol=1e-6)


def test_a_name_with_commas_and_quotes_comes_back() -> None:
    """A loaded run names its classes as it likes."""
    drawings, other = named('"odd", or even', 'say "A"', "T-shirt/top"), Drawings()
    lines = list(csv.reader(io.StringIO(drawings.write().decode())))
    assert {len(line) for line in lines} == {785}
    other.read(file(drawings.write()))
    assert [each.name for each in other] == [line[0] for line in lines[1:]]
    assert [each.name for each in other] == [each.name for each in drawings]
    assert read_csv(file(drawings.write())).n_classes == 3


def test_examples_are_those_of_known_classes() -> None:
    examples = named("3", "cat", "8").examples(("8", "3"))
    assert examples.labels.tolist() == [1, 0]
    np.testing.assert_allclose(examples.X[:, 1:], column(2), atol=1e-6)
    assert Drawings().examples(("8", "3")).X.shape == (784, 0)


def test_too_many_are_refused() -> None:
    drawings = Drawings()
    x = np.zeros((784, 1), dtype=np.float32)
    for i in range(MAX_DRAWINGS):
        x[i] = 1
        drawings.add(x, "1")
    x[-1] = 0.5
    with pytest.raises(DataError, match="500 drawings, the most"):
        drawings.add(x, "1")
    with pytest.raises(DataError, match="there would be more than 500"):
        drawings.read(file(named("1").write()))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "column"),
        (b"label," + b",".join([b"0"] * 64) + b"\n1," + b",".join([b"0"] * 64), "8×8"),
        (b",".join([b"0"] * 784), "no label"),
        (b"3," + b",".join([b"300"] * 784), "0 to 255"),
        (b"3," + b",".join([b"nan"] * 784), "0 to 255"),
        (b"\x07," + b",".join([b"1"] * 784), "cannot be shown"),
        (bytes(MAX_MB * 10**6 + 1), "too much for drawings"),
    ],
    ids=["empty", "picture", "small", "no label", "bright", "nan", "label", "large"],
)
def test_hostile_files_are_refused_whole(content: bytes, sentence: str) -> None:
    drawings = named("5")
    with pytest.raises(DataError, match=sentence):
        drawings.read(file(content))
    assert len(drawings) == 1
