"""Uploaded data: one CSV file, or an IDX file of images and one of labels; split in two."""

from collections.abc import Sequence

from data.csv_file import read_csv
from data.dataset import DataError, Dataset, Splits, split
from data.idx import holds_images, is_idx, read_idx_pair
from data.images import MAX_CLASSES, MAX_SIDE
from data.source import FILE_LIMIT_MB, Source

# The page shows these sentences before an upload.
WHAT_TO_UPLOAD = (
    "One CSV file (label,pixel0,pixel1,… with pixels from 0 to 255, one image per line), or two "
    "IDX files, images and labels; gzipped or not. Square images of one size, at most "
    f"{MAX_SIDE}×{MAX_SIDE} pixels, 2 to {MAX_CLASSES} classes, {FILE_LIMIT_MB} MB per file."
)

VALIDATION_FRACTION = 0.2
SPLIT_SEED = 0
VALIDATION = (
    "One image in five is for validation, the same share of every class, and the same ones every "
    "time "
    f"(seed {SPLIT_SEED})."
)


def read_upload(files: Sequence[Source], name: str = "upload") -> Splits:
    """The examples in these files, whose form and order are recognized.

    Raises DataError that says what is wrong and where.
    """
    kinds = [is_idx(file) for file in files]
    match kinds:
        case [False]:
            return split_off_validation(read_csv(files[0], name))
        case [True]:
            other = "labels" if holds_images(files[0]) else "images"
            raise DataError(f"This is one IDX file of two: give the file of {other} with it.")
        case [True, True]:
            images, labels = sorted(files, key=holds_images, reverse=True)
            return split_off_validation(read_idx_pair(images, labels, name))
        case _:
            raise DataError(
                f"{len(files)} files came; give one CSV file, or two IDX files, images and labels."
            )


def split_off_validation(dataset: Dataset) -> Splits:
    """Split off one image in five for validation, as VALIDATION says. Raises DataError if there are
    too few.
    """
    return split(dataset, max(1, round(VALIDATION_FRACTION * dataset.m)), seed=SPLIT_SEED)
