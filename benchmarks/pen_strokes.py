"""Handwritten digits as pen trajectories, and their rendering on a canvas.

Source: E. Alpaydin, F. Alimoglu, "Pen-Based Recognition of Handwritten Digits", UCI (1998).
"""

import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.dataset import DataError
from data.folders import data_folder
from data.strokes import CANVAS_SIZE, draw_strokes

FILE_NAME = "pen-strokes/pendigits-train.unipen.gz"
PEN_WIDTHS = (14, 20, 26)
EXTENT = (0.45, 0.80)  # a drawing's longer side, as a share of the canvas


@dataclass(frozen=True, eq=False)
class PenDrawing:
    """One digit by one writer: strokes of points (n, 2), x to the right and y downwards."""

    label: int
    writer: int
    strokes: tuple[NDArray[np.float64], ...]


def find_pen_strokes() -> Path | None:
    """The file in the data folder, or None."""
    folder = data_folder()
    path = folder / FILE_NAME if folder else None
    return path if path and path.is_file() else None


def read_pen_strokes(path: Path) -> list[PenDrawing]:
    """All digits in a UNIPEN file, plain or gzipped, in the order of the file.

    Raises DataError, which names the line, if the file is malformed.
    """
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as lines:
        return _parse(lines)


def _parse(lines: Iterable[str]) -> list[PenDrawing]:
    drawings: list[PenDrawing] = []
    label = writer = -1
    strokes: list[list[tuple[float, float]]] = []

    def finish() -> None:
        if strokes:
            # y points upwards in UNIPEN, and downwards on a canvas.
            flipped = tuple(np.array(stroke, dtype=float) * (1.0, -1.0) for stroke in strokes)
            drawings.append(PenDrawing(label, writer, flipped))

    for number, line in enumerate(lines, start=1):
        words = line.split()
        try:
            match words:
                case [".SEGMENT", "DIGIT", *_, name]:
                    finish()
                    strokes = []
                    label = int(name.strip('"'))
                case [".COMMENT", _, writer_number, _]:
                    writer = int(writer_number)
                case [".PEN_DOWN"]:
                    strokes.append([])
                case [x, y] if not x.startswith("."):
                    strokes[-1].append((float(x), float(y)))
        except (ValueError, IndexError):
            raise DataError(
                f"line {number} of the pen strokes is {line.strip()!r}: expected a digit's name, "
                "its comment, or a point x y after .PEN_DOWN."
            ) from None
    finish()
    return drawings


def render(
    drawing: PenDrawing,
    *,
    pen: float,
    extent: float = 0.6,
    place: tuple[float, float] = (0.5, 0.5),
    size: int = CANVAS_SIZE,
) -> NDArray[np.uint8]:
    """The drawing in white on black, RGBA (size, size, 4), like the page's canvas.

    pen     width of the stroke in pixels, with round ends and joints
    extent  the longer side of the trajectory, as a share of the canvas
    place   the position in the remaining space, (x, y): (0, 0) is top left, (1, 1) bottom right
    """
    points = np.concatenate(drawing.strokes)
    low, spread = points.min(axis=0), np.ptp(points, axis=0)
    scale = extent * size / max(spread.max(), 1e-9)
    corner = pen / 2 + np.asarray(place) * (size - pen - spread * scale)

    placed = [corner + (stroke - low) * scale for stroke in drawing.strokes]
    return draw_strokes(placed, pen_width=pen, size=size)


def render_anywhere(
    drawing: PenDrawing,
    *,
    pen: float,
    rng: np.random.Generator,
    size: int = CANVAS_SIZE,
) -> NDArray[np.uint8]:
    """The drawing at a random size within EXTENT and a random position, as people draw."""
    extent, x, y = rng.uniform(*EXTENT), rng.random(), rng.random()
    return render(drawing, pen=pen, extent=extent, place=(x, y), size=size)
