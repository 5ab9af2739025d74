"""The split of the writers must never change, or judging writers would have been used for
design.
"""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.drawing import drawings_by
from benchmarks.pen_strokes import find_pen_strokes
from benchmarks.writers import DESIGN_WRITERS, JUDGING_WRITERS
from tests.benchmarks.test_pen_strokes import TWO_DIGITS


def test_there_are_ten_design_writers_and_twenty_judging_writers() -> None:
    assert sorted(DESIGN_WRITERS) == [3, 6, 12, 13, 16, 20, 22, 24, 26, 29]
    assert len(JUDGING_WRITERS) == 20
    assert DESIGN_WRITERS | JUDGING_WRITERS == set(range(1, 31))


def test_drawings_are_only_of_the_given_writers(tmp_path: Path) -> None:
    path = tmp_path / "two.unipen"  # an 8 by writer 12, a 4 by writer 7
    path.write_text(TWO_DIGITS)
    drawings, writers = drawings_by(path, DESIGN_WRITERS)
    assert writers.tolist() == [12]
    assert drawings.labels.tolist() == [8]
    assert [canvas.shape for canvas in drawings.canvases()] == [(280, 280, 4)]
    drawings, writers = drawings_by(path, JUDGING_WRITERS)
    assert writers.tolist() == [7]
    assert drawings.labels.tolist() == [4]


@pytest.mark.skipif(find_pen_strokes() is None, reason="PLAYGROUND_DATA has no pen strokes")
def test_every_design_writer_is_in_the_real_file() -> None:
    path = find_pen_strokes()
    assert path is not None
    _, writers = drawings_by(path, DESIGN_WRITERS)
    assert len(writers) == 2500
    assert set(np.unique(writers).tolist()) == DESIGN_WRITERS
