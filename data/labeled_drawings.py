"""A person's own drawings with their labels, preprocessed to 28×28.

Their file has the form of train.csv: a header, then label,pixel0,…,pixel783 with whole numbers from
0 to 255, one drawing per line. Spreadsheets and the page Data can open it.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.csv_file import MAX_LABEL, read_csv_rows
from data.dataset import Array, DataError, Dataset, as_columns
from data.preprocessing import SIDE
from data.source import Source, opened

MAX_DRAWINGS = 500
MAX_MB = 4  # size of the file; 500 drawings take less than 2 MB


@dataclass(frozen=True, eq=False)
class LabeledDrawing:
    """pixels (784,), from 0 to 1, and the name of its class."""

    pixels: NDArray[np.uint8]
    name: str


class Drawings:
    """Drawings in the order in which they were added. Adding one again changes its label."""

    def __init__(self) -> None:
        self._drawings: list[LabeledDrawing] = []

    def __len__(self) -> int:
        return len(self._drawings)

    def __iter__(self) -> Iterator[LabeledDrawing]:
        return iter(self._drawings)

    def add(self, x: Array, name: str) -> None:
        """Add an example x (784, 1), ink from 0 to 1. Raises DataError if there are too many."""
        drawing = LabeledDrawing(np.rint(255 * x[:, 0]).astype(np.uint8), name)
        place = self.find(x)
        if place is not None:
            self._drawings[place] = drawing
        elif len(self._drawings) >= MAX_DRAWINGS:
            raise DataError(f"There are {MAX_DRAWINGS} drawings, the most that are kept.")
        else:
            self._drawings.append(drawing)

    def find(self, x: Array) -> int | None:
        """The index of this example among the drawings, or None."""
        pixels = np.rint(255 * x[:, 0]).astype(np.uint8)
        for place, drawing in enumerate(self._drawings):
            if np.array_equal(drawing.pixels, pixels):
                return place
        return None

    def delete(self, place: int) -> None:
        del self._drawings[place]

    def clear(self) -> None:
        self._drawings.clear()

    def examples(self, class_names: tuple[str, ...]) -> Dataset:
        """The drawings of these classes as a data set."""
        known = [drawing for drawing in self if drawing.name in class_names]
        labels = np.array([class_names.index(drawing.name) for drawing in known], dtype=int)
        return Dataset("drawings", _columns(known), labels, class_names, (SIDE, SIDE))

    def columns(self) -> Array:
        """X (784, m) of all drawings."""
        return _columns(self._drawings)

    def write(self) -> bytes:
        """The bytes of a file of the drawings."""
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["label", *(f"pixel{i}" for i in range(SIDE * SIDE))])
        writer.writerows([each.name, *each.pixels.tolist()] for each in self)
        return file.getvalue().encode()

    def read(self, source: Source) -> int:
        """Add the drawings of a file to these. Returns the number of drawings in the file.

        Raises DataError, with a sentence, if the file is malformed, and then adds none of them.
        """
        with opened(source) as stream:
            if stream.capacity > MAX_MB * 10**6:
                raise DataError(f"{stream.name} is more than {MAX_MB} MB, too much for drawings.")
            name = stream.name
        images, labels = read_csv_rows(source)
        if images.image_shape != (SIDE, SIDE):
            height, width = images.image_shape
            raise DataError(
                f"{name} holds images of {height}×{width} pixels; drawings have {SIDE}×{SIDE}."
            )
        if len(self) + len(labels) > MAX_DRAWINGS:
            raise DataError(
                f"{name} holds {len(labels):,} drawings; with the {len(self):,} that are here "
                f"there would be more than {MAX_DRAWINGS}."
            )
        strange = next((each for each in labels if not each.isprintable()), None)
        if strange is not None:
            raise DataError(f"{name} has the label {strange!r}, which cannot be shown.")
        for x, label in zip(images.X.T, labels, strict=True):
            self.add(x[:, np.newaxis], label[:MAX_LABEL])
        return len(labels)


def _columns(drawings: Sequence[LabeledDrawing]) -> Array:
    rows = np.array([drawing.pixels for drawing in drawings], dtype=np.float32)
    return as_columns(rows.reshape(-1, SIDE * SIDE) / 255)
