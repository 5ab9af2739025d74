"""The 30 writers of the pen strokes, split once: 10 to design with, 20 to judge with.

Whoever writes a digit form, or chooses a number, looks at the design writers alone. The judging
writers are read for a final figure and for nothing else: nobody looks at their digits.
"""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.drawing import Drawings, Pixels
from benchmarks.pen_strokes import PEN_WIDTHS, read_pen_strokes, render_anywhere

N_WRITERS = 30
N_DESIGN = 10


def _hash(writer: int) -> str:
    return sha256(f"writer {writer}".encode()).hexdigest()


# A hash knows nothing of how anybody writes, and is the same on every machine.
_BY_HASH = sorted(range(1, N_WRITERS + 1), key=_hash)
DESIGN_WRITERS = frozenset(_BY_HASH[:N_DESIGN])
JUDGING_WRITERS = frozenset(_BY_HASH[N_DESIGN:])


def drawings_by(path: Path, writers: frozenset[int]) -> tuple[Drawings, NDArray[np.integer]]:
    """Every drawing of these writers on the canvas, at random size and place, with the pens of
    PEN_WIDTHS in turn; and the writer of each."""
    drawings = [each for each in read_pen_strokes(path) if each.writer in writers]
    pens = np.resize(PEN_WIDTHS, len(drawings))

    def canvases() -> Iterable[Pixels]:
        rng = np.random.default_rng(0)
        for drawing, pen in zip(drawings, pens, strict=True):
            yield render_anywhere(drawing, pen=pen, rng=rng)

    labels = np.array([drawing.label for drawing in drawings])
    return Drawings(canvases, labels), np.array([drawing.writer for drawing in drawings])
