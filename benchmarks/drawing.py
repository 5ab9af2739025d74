"""Accuracy on drawings, and the effect of each stage of preprocessing.

    python -m benchmarks.drawing               the default run, trained with three seeds (minutes)
    python -m benchmarks.drawing model.npz     a saved network
    python -m benchmarks.drawing --every 10    a quick look: one drawing in ten

The drawings are the pen strokes of the 20 judging writers (benchmarks/writers.py), whose digits
nobody has looked at, drawn in white on the canvas with a pen of 14, 20 or 26 pixels in turn, at
random size and position; and MNIST's 10,000 test images, enlarged onto the canvas at random size
and position. Both are read from the folder that PLAYGROUND_DATA names. Prints tables in Markdown.
"""

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.command import parser_of, pen_strokes_of
from benchmarks.pen_strokes import (
    PEN_WIDTHS,
    PenDrawing,
    read_pen_strokes,
    render_anywhere,
)
from benchmarks.writers import JUDGING_WRITERS
from data.catalog import load
from data.dataset import Array, DataError, Dataset, Splits
from data.preprocessing import ALL, BOXED, SIDE, SQUEEZED, STRETCHED, Stages, prepare
from data.strokes import CANVAS_SIZE
from netcore.metrics import predicted_labels
from netcore.network import Network
from playground.config import RunConfig
from playground.run_data import load_data
from playground.saved import load_run
from playground.storage.train_state import StorageError
from playground.trainer import Trainer

SEEDS = (1, 2, 3)
ENLARGED = (100, 260)  # smallest and largest side of MNIST's images on the canvas, in pixels

WAYS = {
    "whole canvas squeezed to 28×28": SQUEEZED,
    "cropped, stretched to 28×28": STRETCHED,
    "cropped, into 20×20, not centered": replace(BOXED, pen_width=False),
    "… moved by its center of mass": replace(ALL, pen_width=False),
    "… with a normal pen width (the app)": ALL,
}

Pixels = NDArray[np.uint8]
Canvases = Callable[[], Iterable[Pixels]]


@dataclass(frozen=True, eq=False)
class Drawings:
    """Pictures to classify. They are drawn again at each call, because all at once would fill the
    memory.
    """

    canvases: Canvases
    labels: NDArray[np.integer]

    def columns(self, stages: Stages) -> Array:
        """The network's input X (784, m) for each drawing. A blank drawing is all zeros."""
        blank = np.zeros((SIDE * SIDE, 1), dtype=np.float32)
        prepared = (prepare(canvas, stages) for canvas in self.canvases())
        return np.hstack([blank if each is None else each.column for each in prepared])


def on_canvas(drawings: Sequence[PenDrawing]) -> tuple[Drawings, NDArray[np.integer]]:
    """Pen strokes at random size and position, with the pens in turn, and the pen width of each."""
    pens = np.resize(PEN_WIDTHS, len(drawings))

    def canvases() -> Iterable[Pixels]:
        rng = np.random.default_rng(0)
        for drawing, pen in zip(drawings, pens, strict=True):
            yield render_anywhere(drawing, pen=pen, rng=rng)

    return Drawings(canvases, np.array([drawing.label for drawing in drawings])), pens


def drawings_by(path: Path, writers: frozenset[int]) -> tuple[Drawings, NDArray[np.integer]]:
    """All drawings of these writers on the canvas, and the writer of each."""
    chosen = [drawing for drawing in read_pen_strokes(path) if drawing.writer in writers]
    drawings, _ = on_canvas(chosen)
    return drawings, np.array([drawing.writer for drawing in chosen])


def judging_drawings(path: Path, every: int) -> tuple[Drawings, NDArray[np.integer]]:
    """One in `every` drawings of the judging writers, and the pen width of each."""
    chosen = [each for each in read_pen_strokes(path) if each.writer in JUDGING_WRITERS]
    return on_canvas(chosen[::every])


def enlarged(images: Dataset) -> Drawings:
    """28×28 images as if they had been drawn on the canvas."""

    def canvases() -> Iterable[Pixels]:
        rng = np.random.default_rng(0)
        for column in images.X.T:
            side = int(rng.integers(*ENLARGED))
            left, top = (int(corner) for corner in rng.integers(CANVAS_SIZE - side, size=2))
            gray = Image.fromarray(np.round(column.reshape(SIDE, SIDE) * 255).astype(np.uint8))
            canvas = Image.new("RGBA", (CANVAS_SIZE, CANVAS_SIZE), "black")
            large = gray.resize((side, side), Image.Resampling.BICUBIC)
            canvas.paste(large.convert("RGBA"), (left, top))
            yield np.asarray(canvas)

    return Drawings(canvases, images.labels)


@dataclass(frozen=True, eq=False)
class Start:
    """A trained network, and what it was trained with."""

    network: Network
    config: RunConfig
    data: Splits


def saved_start(path: Path) -> Start:
    """The network in a file that the app has saved. Raises StorageError or DataError."""
    saved = load_run(path)
    return Start(saved.state.network, saved.config, load_data(saved.config))


def default_starts(seeds: Sequence[int] = SEEDS) -> list[Start]:
    """The app's default run, trained to its end with each seed."""
    starts = []
    for seed in seeds:
        config = RunConfig(seed=seed)
        print(f"training {list(config.layers)} with seed {seed} …", file=sys.stderr)
        trainer = Trainer(config, load_data(config))
        while not trainer.done:
            trainer.step()
        starts.append(Start(trainer.network, config, trainer.data))
    return starts


def right(networks: Sequence[Network], X: Array, labels: NDArray[np.integer]) -> Array:
    """The share of the networks (m,) that classify each column correctly."""
    answers = [predicted_labels(network.predict(X)) == labels for network in networks]
    return np.mean(answers, axis=0)


def percent(right: NDArray[Any]) -> str:
    return f"{100 * right.mean():.1f} %"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown, with aligned columns for the terminal."""
    lines = [list(header), *(list(row) for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(header))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    lines.insert(1, rule)
    return "\n".join(
        "| "
        + " | ".join(
            cell.rjust(width) if i else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        + " |"
        for line in lines
    )


def stages_table(networks: Sequence[Network], pen: Drawings, mnist: Drawings) -> str:
    rows = []
    for name, stages in WAYS.items():
        print(f"reading: {name}", file=sys.stderr)
        shares = (right(networks, each.columns(stages), each.labels) for each in (pen, mnist))
        rows.append([name, *map(percent, shares)])
    return table(["preprocessing", "pen strokes", "MNIST's test images enlarged"], rows)


def digits_table(right: Array, labels: NDArray[np.integer], pens: NDArray[np.integer]) -> str:
    """Accuracy by digit (rows) and pen width (columns)."""
    rows = []
    for name, chosen in [
        *((str(digit), labels == digit) for digit in range(10)),
        ("all", np.full(len(labels), True)),
    ]:
        by_pen = (percent(right[chosen & (pens == pen)]) for pen in PEN_WIDTHS)
        rows.append([name, *by_pen, percent(right[chosen])])
    return table(["digit", *(f"pen {pen} px" for pen in PEN_WIDTHS), "all"], rows)


def main() -> int:
    parser = parser_of("drawing", __doc__)
    parser.add_argument("model", type=Path, nargs="?", help="a file that the app has saved")
    parser.add_argument("--every", type=int, default=1, help="use only one drawing in so many")
    options = parser.parse_args()
    if options.every < 1:
        parser.error(f"--every is {options.every}: give a number from 1.")
    path = pen_strokes_of(parser)
    try:
        test = load("mnist").validation
        starts = [saved_start(options.model)] if options.model else default_starts()
    except (DataError, StorageError) as error:
        parser.error(str(error))
    networks = [start.network for start in starts]
    if any(network.layer_dims[0] != SIDE * SIDE for network in networks):
        parser.error(f"this network does not take images of {SIDE}×{SIDE} pixels.")

    pen, pens = judging_drawings(path, options.every)
    test_part = test.take(np.arange(0, test.m, options.every))
    print(f"MNIST's own test images: {percent(right(networks, test.X, test.labels))}\n")
    print(stages_table(networks, pen, enlarged(test_part)), end="\n\n")
    print(digits_table(right(networks, pen.columns(ALL), pen.labels), pen.labels, pens))
    return 0


if __name__ == "__main__":
    sys.exit(main())
