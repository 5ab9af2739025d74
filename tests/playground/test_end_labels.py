"""Labels at the ends of lines: none covers another, however close the lines end."""

from itertools import pairwise

import numpy as np
import pytest

from playground.end_labels import PLOT, TALL, end_labels


def line(*y: float, x: float = 10.0) -> dict[str, object]:
    return {"x": np.linspace(0.0, x, len(y)), "y": np.array(y), "line": {"color": "#000000"}}


def heights(lines: list[dict[str, object]], *, log: bool = False) -> list[float]:
    """Where each label is, in pixels, on an axis from 0 to 100 or from 1 to 100."""
    whole = np.log10(100) if log else 100
    notes = end_labels(lines, [str(n) for n in range(len(lines))], log=log)
    return [PLOT * note["y"] / whole + note["yshift"] for note in notes]


@pytest.mark.parametrize(
    ("ends", "away"), [((90.0, 92.0, 91.0, 90.5), -1), ((2.0, 1.0, 1.0, 60.0), 1)]
)
def test_labels_of_lines_that_end_close_together_are_apart(
    ends: tuple[float, ...], away: int
) -> None:
    """From the edge into the chart, in the order of the lines."""
    lines = [line(0.0, 100.0, end) for end in ends]
    found = heights(lines)
    order = np.argsort(ends, kind="stable")[::away]
    for before, after in pairwise(order):
        assert away * (found[after] - found[before]) >= TALL - 0.2
    assert found[order[0]] == pytest.approx(PLOT * ends[order[0]] / 100)


def test_a_label_that_covers_no_other_stays() -> None:
    """Of a line that ends elsewhere, on either axis."""
    lines = [line(0.0, 100.0), line(0.0, 50.0), line(0.0, 99.0, x=5.0)]
    assert [note["yshift"] for note in end_labels(lines, "ABC", log=False)] == [0, 0, 0]


def test_labels_on_a_logarithmic_axis() -> None:
    first, second = heights([line(100.0, 1.0), line(100.0, 1.1)], log=True)
    assert first == 0
    assert second == pytest.approx(TALL, abs=0.2)


def test_a_line_without_an_end_has_no_label() -> None:
    """One that has diverged, is empty, or is zero on a logarithmic axis."""
    lines = [line(1.0, np.nan), line(), line(1.0, 0.0), line(1.0, 2.0)]
    notes = end_labels(lines, "ABCD", log=True)
    assert [note["visible"] for note in notes] == [False, False, False, True]
    assert all(np.isfinite([note["x"], note["y"], note["yshift"]]).all() for note in notes)
    assert end_labels([], [], log=False) == []
