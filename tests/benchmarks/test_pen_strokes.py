"""Pen strokes: the file's form, and the picture of a drawing."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from benchmarks.pen_strokes import (
    EXTENT,
    PEN_WIDTHS,
    PenDrawing,
    find_pen_strokes,
    read_pen_strokes,
    render,
    render_anywhere,
)
from data.dataset import DataError

TWO_DIGITS = """.LEXICON "0" "1"
.SEGMENT DIGIT    0 ? "8"
.COMMENT 8 12  224
.PEN_DOWN
 10  50
 20  30
.PEN_UP
.DT 100

.SEGMENT DIGIT    1-2 ? "4"
.COMMENT 4 7  1
.PEN_DOWN
 1  2
.PEN_UP
.PEN_DOWN
 3  4
 5  6
.PEN_UP
"""
DOWN_STROKE = PenDrawing(1, 1, (np.array([[0.0, 0.0], [0.0, 90.0]]),))


def test_reads_labels_writers_and_strokes_with_y_downwards(tmp_path: Path) -> None:
    path = tmp_path / "two.unipen"
    path.write_text(TWO_DIGITS)
    eight, four = read_pen_strokes(path)
    assert (eight.label, eight.writer, len(eight.strokes)) == (8, 12, 1)
    assert (four.label, four.writer, len(four.strokes)) == (4, 7, 2)
    np.testing.assert_array_equal(eight.strokes[0], [[10, -50], [20, -30]])


def test_reads_the_same_gzipped(tmp_path: Path) -> None:
    path = tmp_path / "two.unipen.gz"
    path.write_bytes(gzip.compress(TWO_DIGITS.encode()))
    assert [drawing.label for drawing in read_pen_strokes(path)] == [8, 4]


@pytest.mark.parametrize(
    ("spoiled", "line"),
    [
        (TWO_DIGITS.replace(" 20  30", " 20  up"), 6),
        (TWO_DIGITS.replace('"4"', '"four"'), 10),
        (" 1  2\n" + TWO_DIGITS, 1),
    ],
)
def test_a_spoiled_file_is_refused_with_the_line(tmp_path: Path, spoiled: str, line: int) -> None:
    path = tmp_path / "spoiled.unipen"
    path.write_text(spoiled)
    with pytest.raises(DataError, match=f"line {line} of the pen strokes"):
        read_pen_strokes(path)


def test_no_file_is_found_where_no_folder_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PLAYGROUND_DATA", raising=False)
    assert find_pen_strokes() is None


def test_the_file_is_found_in_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PLAYGROUND_DATA", str(tmp_path))
    assert find_pen_strokes() is None
    file = tmp_path / "pen-strokes" / "pendigits-train.unipen.gz"
    file.parent.mkdir()
    file.touch()
    assert find_pen_strokes() == file


@pytest.mark.parametrize("pen", PEN_WIDTHS)
def test_a_stroke_is_as_wide_and_as_long_as_asked(pen: int) -> None:
    image = render(DOWN_STROKE, pen=pen, extent=0.5)
    assert image.shape == (280, 280, 4)
    assert image.dtype == np.uint8
    assert (image[..., 3] == 255).all()
    ink = image[..., 0] / 255
    assert ink[140].sum() == pytest.approx(pen, abs=1)  # across, in the middle
    assert ink.max(axis=1).sum() == pytest.approx(140 + pen, abs=2)  # along, with round ends


def test_a_corner_is_within_the_canvas() -> None:
    ink = render(DOWN_STROKE, pen=20, place=(1.0, 0.0))[..., 0]
    assert ink[:, 259:].any()
    assert ink[0:3].any()
    assert ink.sum() == pytest.approx(render(DOWN_STROKE, pen=20)[..., 0].sum(), rel=0.02)


def test_random_placement_depends_on_the_seed_and_keeps_to_the_size_range() -> None:
    images = [
        render_anywhere(DOWN_STROKE, pen=14, rng=np.random.default_rng(seed)) for seed in (1, 1, 2)
    ]
    np.testing.assert_array_equal(images[0], images[1])
    assert (images[0] != images[2]).any()
    for image in images:
        length = (image[..., 0] > 127).any(axis=1).sum() - 14
        assert EXTENT[0] * 280 - 2 <= length <= EXTENT[1] * 280 + 2


@pytest.mark.skipif(find_pen_strokes() is None, reason="PLAYGROUND_DATA has no pen strokes")
def test_the_real_file() -> None:
    path = find_pen_strokes()
    assert path is not None
    drawings = read_pen_strokes(path)
    assert len(drawings) == 7494
    assert {drawing.writer for drawing in drawings} == set(range(1, 31))
    assert {drawing.label for drawing in drawings} == set(range(10))
    assert all(stroke.shape[1] == 2 for drawing in drawings for stroke in drawing.strokes)
