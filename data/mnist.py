"""All 70,000 images of MNIST or of Fashion-MNIST, from a folder or from the cache of downloads.

Sources: LeCun, Cortes, Burges, "The MNIST database of handwritten digits" (1998);
Xiao, Rasul, Vollgraf, "Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning
Algorithms" (2017). TensorFlow Datasets publishes the SHA-256 of their files.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from os.path import isfile  # False for a folder without permission, where Path.is_file raises
from pathlib import Path

import numpy as np

from data import names
from data.csv_file import has_labels, read_csv
from data.dataset import DataError, Dataset, Splits
from data.folders import DATA_FOLDER, cache_folder, data_folder
from data.idx import expect_a_label_each, read_images, read_labels
from data.mirrors import Archive, RemoteFile
from data.mnist_5k import DIGITS
from data.upload_files import split_off_validation

TRAIN_IMAGES = "train-images-idx3-ubyte"
TRAIN_LABELS = "train-labels-idx1-ubyte"
TEST_IMAGES = "t10k-images-idx3-ubyte"
TEST_LABELS = "t10k-labels-idx1-ubyte"
FOUR_FILES = (TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS)


@dataclass(frozen=True)
class ImageSet:
    """A data set in MNIST's four files. name is also the name of its folder."""

    name: str
    class_names: tuple[str, ...]
    archive: Archive


MNIST = ImageSet(
    name=names.MNIST,
    class_names=DIGITS,
    archive=Archive(
        title="MNIST",
        mirrors=(
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
        ),
        files=(
            RemoteFile(
                f"{TRAIN_IMAGES}.gz",
                9_912_422,
                "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
            ),
            RemoteFile(
                f"{TRAIN_LABELS}.gz",
                28_881,
                "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
            ),
            RemoteFile(
                f"{TEST_IMAGES}.gz",
                1_648_877,
                "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
            ),
            RemoteFile(
                f"{TEST_LABELS}.gz",
                4_542,
                "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
            ),
        ),
    ),
)

FASHION_MNIST = ImageSet(
    name=names.FASHION_MNIST,
    class_names=(
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ),
    archive=Archive(
        title="Fashion-MNIST",
        mirrors=(
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        ),
        files=(
            RemoteFile(
                f"{TRAIN_IMAGES}.gz",
                26_421_880,
                "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
            ),
            RemoteFile(
                f"{TRAIN_LABELS}.gz",
                29_515,
                "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
            ),
            RemoteFile(
                f"{TEST_IMAGES}.gz",
                4_422_102,
                "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
            ),
            RemoteFile(
                f"{TEST_LABELS}.gz",
                5_148,
                "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
            ),
        ),
    ),
)


def load_images(images: ImageSet, folder: Path | None = None) -> Splits:
    """The 60,000 training images, and MNIST's 10,000 test images as the validation set.

    Looks in the folder (by default the data folder), then in the cache of downloads. Only downloads
    are checked against a checksum. A train.csv is read as well; without a test.csv that has labels,
    one image in five is the validation set. Memory: float32 arrays of 188 MB and 31 MB.
    Raises DataError if nothing is found, or if what is found is malformed.
    """
    candidate = _find(images, folder)
    if candidate is None:
        raise DataError(why_missing(images, folder))
    idx = _idx_files(candidate)
    if len(idx) < len(FOUR_FILES):
        return _read_csv_files(images, candidate)
    return _same_size(
        train=_read_pair(images, idx[TRAIN_IMAGES], idx[TRAIN_LABELS]),
        validation=_read_pair(images, idx[TEST_IMAGES], idx[TEST_LABELS]),
    )


def why_missing(images: ImageSet, folder: Path | None = None) -> str | None:
    """None if load_images will find its files; else a sentence on why not and what to do."""
    if _find(images, folder) is not None:
        return None
    for candidate in _candidate_folders(images, folder):
        if found := _idx_files(candidate):
            lacking = ", ".join(name for name in FOUR_FILES if name not in found)
            return f"{candidate} lacks {lacking} (or the same gzipped, .gz): put it there."
    archive, named = images.archive, folder or data_folder()
    looked = f" (not in {named} either)" if named else ""
    return (
        f"{archive.title} is not on this computer yet{looked}: download it "
        f"({archive.size / 1e6:,.1f} MB), or put its four IDX files or a train.csv in a folder "
        f"{images.name} and name the folder around it, here or in {DATA_FOLDER}."
    )


def download_folder(images: ImageSet) -> Path:
    """The folder of the downloaded files."""
    return cache_folder() / images.name


def _candidate_folders(images: ImageSet, folder: Path | None) -> Iterator[Path]:
    """The folders to look in, in this order.

    All image sets have files of the same names. So files that lie directly in the given folder are
    taken for the set of the folder's name, or for MNIST.
    """
    named = folder or data_folder()
    if named is not None:
        yield named / images.name
        if named.name == images.name or (images is MNIST and named.name != FASHION_MNIST.name):
            yield named
    yield download_folder(images)


def _find(images: ImageSet, folder: Path | None) -> Path | None:
    """The first folder that has all four files, or a train.csv."""
    for candidate in _candidate_folders(images, folder):
        if len(_idx_files(candidate)) == len(FOUR_FILES) or isfile(candidate / "train.csv"):
            return candidate
    return None


def _idx_files(folder: Path) -> dict[str, Path]:
    """Those of the four files that are in this folder, gzipped or not."""
    return {
        name: path
        for name in FOUR_FILES
        for path in (folder / f"{name}.gz", folder / name)
        if isfile(path)
    }


def _read_pair(images: ImageSet, image_file: Path, label_file: Path) -> Dataset:
    pictures = read_images(image_file)
    labels = read_labels(label_file)
    expect_a_label_each(pictures, labels)
    n_classes = len(images.class_names)
    if (labels >= n_classes).any():
        first = int(np.argmax(labels >= n_classes))
        raise DataError(
            f"{label_file.name} has the label {labels[first]} at byte {8 + first:,} of its "
            f"contents; {images.archive.title} has labels from 0 to {n_classes - 1}."
        )
    index = labels.astype(np.int64)
    return Dataset(images.name, pictures.X, index, images.class_names, pictures.image_shape)


def _read_csv_files(images: ImageSet, folder: Path) -> Splits:
    train = _with_names_of(images, read_csv(folder / "train.csv", images.name))
    test = folder / "test.csv"
    if isfile(test) and has_labels(test):
        return _same_size(train, _with_names_of(images, read_csv(test, images.name)))
    return split_off_validation(train)


def _with_names_of(images: ImageSet, dataset: Dataset) -> Dataset:
    """The same examples, with the labels 0 … 9 of a CSV file replaced by the set's class names."""
    known = [str(label) for label in range(len(images.class_names))]
    foreign = [label for label in dataset.class_names if label not in known]
    if foreign:
        raise DataError(
            f"The label {foreign[0]!r} is not one of {images.archive.title}, which has 0 to "
            f"{known[-1]}; to train on other classes, upload the file instead."
        )
    index = np.array([int(label) for label in dataset.class_names])[dataset.labels]
    return replace(dataset, labels=index, class_names=images.class_names)


def _same_size(train: Dataset, validation: Dataset) -> Splits:
    if train.image_shape != validation.image_shape:
        raise DataError(
            f"The training images have {train.n_x:,} pixels and the test images "
            f"{validation.n_x:,}; they must have the same size."
        )
    return Splits(train, validation)
