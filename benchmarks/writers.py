"""The 30 writers of the pen strokes, split once: 10 to design with, 20 to detector with.

Whoever writes a digit form, or chooses a number, looks at the design writers alone. The judging
writers are read for a final figure and for nothing else: nobody looks at their digits.
"""

from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.drawing import Drawings, on_canvas
from benchmarks.pen_strokes import read_pen_strokes

N_WRITERS = 30
N_DESIGN = 10


def _hash(writer: int) -> str:
    return sha256(f"writer {writer}".encode()).hexdigest()


# A hash knows nothing of how anybody writes, and is the same on every machine.
_BY_HASH = sorted(range(1, N_WRITERS + 1), key=_hash)
DESIGN_WRITERS = frozenset(_BY_HASH[:N_DESIGN])
JUDGING_WRITERS = frozenset(_BY_HASH[N_DESIGN:])


def drawings_by(path: Path, writers: frozenset[int]) -> tuple[Drawings, NDArray[np.integer]]:
    """Every drawing of these writers on the canvas, and the writer of each."""
    chosen = [drawing for drawing in read_pen_strokes(path) if drawing.writer in writers]
    drawings, _ = on_canvas(chosen)
    return drawings, np.array([drawing.writer for drawing in chosen])
