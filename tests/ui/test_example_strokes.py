"""The ten digits to try the canvas with are strokes within it."""

import numpy as np

from ui.draw.example_strokes import EXAMPLES


def test_all_ten_are_there_and_within_the_canvas() -> None:
    assert list(EXAMPLES) == list("0123456789")
    for strokes in EXAMPLES.values():
        for stroke in strokes:
            assert stroke.ndim == 2
            assert stroke.shape[1] == 2
            assert len(stroke) > 1
            assert 0.1 < stroke.min() < stroke.max() < 0.9


def test_each_is_large_and_about_in_the_middle() -> None:
    for name, strokes in EXAMPLES.items():
        points = np.concatenate(strokes)
        assert np.ptp(points, axis=0).max() > 0.4, name
        middle = (points.min(axis=0) + points.max(axis=0)) / 2
        assert np.abs(middle - 0.5).max() < 0.15, name
