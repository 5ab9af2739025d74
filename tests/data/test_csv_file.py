"""CSV files: written files are read back, and malformed ones get a sentence with the line."""

import gzip
import io
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from data import csv_file
from data.csv_file import has_labels, read_csv, read_csv_images
from data.dataset import DataError

HEADER = "label,pixel0,pixel1,pixel2,pixel3\n"


def upload(content: str | bytes, name: str = "train.csv") -> io.BytesIO:
    file = io.BytesIO(content.encode() if isinstance(content, str) else content)
    file.name = name  # as uploads have it
    return file


@settings(deadline=None)
@given(
    seed=st.integers(0, 2**32),
    m=st.integers(2, 30),
    side=st.integers(2, 6),
    header=st.booleans(),
    end=st.sampled_from(["\n", "\r\n"]),
    packed=st.booleans(),
)
@example(seed=0, m=700, side=3, header=True, end="\n", packed=False)  # more than are read at once
def test_images_come_back_as_they_were_written(
    seed: int, m: int, side: int, header: bool, end: str, packed: bool
) -> None:
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (m, side**2))
    labels = np.append(rng.integers(0, 10, m - 2), [3, 12])
    lines = [",".join(map(str, [y, *x])) for y, x in zip(labels, pixels, strict=True)]
    if header:
        lines.insert(0, ",".join(["label", *(f"pixel{i}" for i in range(side**2))]))
    content = end.join(lines).encode()
    dataset = read_csv(upload(gzip.compress(content) if packed else content), "mine")
    assert (dataset.name, dataset.image_shape) == ("mine", (side, side))
    assert dataset.X.dtype == np.float32
    assert dataset.X.flags.f_contiguous
    np.testing.assert_array_equal(dataset.X, pixels.T.astype(np.float32) / np.float32(255))
    assert [int(dataset.class_names[label]) for label in dataset.labels] == labels.tolist()
    assert list(dataset.class_names) == sorted(dataset.class_names, key=int)


@pytest.mark.parametrize(
    "content",
    [
        HEADER + "cat,0,51,102,255\ndog,1,2,3,4\n",
        '"label","pixel0","pixel1","pixel2","pixel3"\n"cat",0,51,102,255\n"dog",1,2,3,4\n',
        "cat,0,51,102,255\ndog,1,2,3,4",
        "\ufeff" + HEADER + "\n cat , 0,51.0, 1.02e2 ,255\n\ndog,1,2,3,4\n\n\n",
        "label,0,1,2,3\ncat,0,51,102,255\ndog,1,2,3,4\n",
    ],
)
def test_csv_files_of_all_common_forms(content: str) -> None:
    dataset = read_csv(upload(content))
    assert dataset.class_names == ("cat", "dog")
    assert dataset.labels.tolist() == [0, 1]
    np.testing.assert_allclose(dataset.X[:, 0], [0, 0.2, 0.4, 1], rtol=1e-6)


@pytest.mark.parametrize("header", ["", "pixel0,pixel1,pixel2,pixel3\n"])
def test_images_without_labels_can_be_classified_not_trained_on(header: str) -> None:
    file = upload(header + "0,51,102,255\n", "test.csv")
    assert not has_labels(file)
    assert read_csv_images(file).X.shape == (4, 1)
    with pytest.raises(DataError, match=r"test\.csv has no label column: .* not trained on"):
        read_csv(file)


def test_images_with_labels_can_be_classified_too() -> None:
    file = upload(HEADER + "5,0,51,102,255\n")
    assert has_labels(file)
    assert read_csv_images(file).X.shape == (4, 1)


BAD: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "is empty"),
    "blank": ("\n \n\n", "has only blank lines"),
    "header alone": (HEADER, "holds no images"),
    "ragged": (HEADER + "1,0,0,0,0\n2,0,0,0\n", "line 3 has 4 columns where the first line has 5"),
    "too long": (HEADER + "1,0,0,0,0,0\n", "line 2 has 6 columns where the first line has 5"),
    "negative": (HEADER + "1,0,0,-1,0\n", "line 2 has '-1' in column 4; a pixel is a number from"),
    "too bright": ("1,0,0,0,256\n", "line 1 has '256' in column 5"),
    "a word": (HEADER + "1,0,zero,0,0\n", "line 2 has 'zero' in column 3"),
    "a gap": (HEADER + "1,0,,0,0\n", "line 2 has '' in column 3"),
    "not a number": (HEADER + "1,0,nan,0,0\n", "line 2 has 'nan' in column 3"),
    "infinite": (HEADER + "1,0,0,0,1e999\n", "line 2 has '1e999' in column 5"),
    "python's own": (HEADER + "1,0,0,1_0,0\n", "line 2 cannot be read as numbers from 0 to 255"),
    "no label": (HEADER + ",0,0,0,0\n", "line 2 has a label of 0 characters"),
    "long label": (HEADER + "x" * 41 + ",0,0,0,0\n", "line 2 has a label of 41 characters"),
    "label last": ("p0,p1,p2,p3,label\n0,0,0,0,1\n", "line 1 has the label in column 5; it must"),
    "not square": ("label,p0,p1,p2\n1,0,0,0\n", "line 1 has 4 columns; expected a label and the"),
    "semicolons": ("1;0;0;0;0\n", "line 1 has 1 column; expected a label"),
    "one class": (HEADER + "1,0,0,0,0\n1,0,0,0,0\n", "has 1 different label"),
    "51 classes": (
        HEADER + "".join(f"{i},0,0,0,0\n" for i in range(51)),
        "line 52 has label number 51, '50'; at most 50 classes",
    ),
    "too wide": ("0," * 129**2 + "0\n", "holds images of 129×129 pixels; 2×2 to 128×128"),
    "a million columns": ("0," * 10**6 + "0\n", "line 1 has more than 524,288 characters"),
    "binary": (bytes(range(256)), "line 1 has 1 column"),
    "far down": (
        HEADER + 600 * "1,0,0,0,0\n" + "1,0,0,0,x\n" + 600 * "1,0,0,0,0\n",
        "line 602 has 'x' in column 5",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_malformed_files_get_a_sentence(name: str) -> None:
    content, sentence = BAD[name]
    with pytest.raises(DataError, match=sentence) as caught:
        read_csv(upload(content))
    assert str(caught.value).startswith(("train.csv", "upload"))
    assert str(caught.value).endswith(".")


def test_endless_blank_lines_are_not_all_read() -> None:
    with pytest.raises(DataError, match="more than 1,000,000 lines"):
        read_csv(upload(HEADER + 1_100_000 * "\n"))


def test_a_gzip_bomb_is_given_up_in_time() -> None:
    row = b"1," + b"0," * (128**2 - 1) + b"0\n"
    bomb = gzip.compress(row * 8000, 1)  # a megabyte that unpacks to 262 MB
    began = time.process_time()  # not the clock: the machine may be busy
    with pytest.raises(DataError, match="unpacks to more than 128 MB"):
        read_csv(upload(bomb))
    assert time.process_time() - began < 20


def test_a_file_over_the_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(10**12)  # sparse: it takes no room
    with pytest.raises(DataError, match=r"large\.csv has 1,000,000 MB; at most 128 MB are read"):
        read_csv(path)


@settings(deadline=None)
@given(
    st.binary(max_size=200)
    | st.lists(
        st.sampled_from(["0", "255", ",", ",", ",", "\n", "\n", '"', "label", "-", "e", ".", "#"])
    ).map(lambda parts: "".join(parts).encode())
)
def test_garbage_raises_nothing_but_a_data_error(garbage: bytes) -> None:
    sentences = []
    for content in (garbage, HEADER.encode() + garbage, gzip.compress(garbage)):
        for read in (read_csv, read_csv_images, has_labels):
            try:
                read(upload(content))
            except DataError as error:
                sentences.append(str(error))
    assert all(sentence.endswith(".") for sentence in sentences)


def test_the_longest_valid_line_fits() -> None:
    longest = ",".join(["x" * csv_file.MAX_LABEL] + 128**2 * ["2.55000000000000000000e+02"])
    assert len(longest) < csv_file.MAX_LINE
    X = read_csv_images(upload(longest)).X
    np.testing.assert_array_equal(X, np.ones((128**2, 1)))


def test_labels_too_long_for_a_number_stay_text() -> None:
    labels = ["1", "9223372036854775808", "9223372036854775809"]  # as float64 the last are one
    lines = [f"{label},1,2,3,4" for label in labels]
    assert read_csv(upload(HEADER + "\n".join(lines))).class_names == tuple(labels)
