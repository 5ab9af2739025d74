"""Digit forms in many handwritings: varied, reproducible, and equal to the shipped images."""

import numpy as np
import pytest
from scipy.ndimage import center_of_mass

from data.digit_forms import FORMS, DigitForm, read_form, read_stroke
from data.form_images import N_IMAGES, load_form_images
from data.handwriting import STEP, draw, images_of, pen_path, write

FLAGGED = read_form("1 | flag and base | Europe | 26,30 52,2! 52,98 / 22,98 82,98")


def test_a_path_passes_its_points_and_has_no_gaps() -> None:
    stroke = read_stroke("10,10 50,20! 80,60 40,90 10,50")
    path = pen_path(stroke.points, stroke.corners)
    for point in stroke.points:
        assert np.hypot(*(path - point).T).min() < STEP
    np.testing.assert_allclose(path[[0, -1]], stroke.points[[0, -1]])
    assert np.hypot(*np.diff(path, axis=0).T).max() < 2 * STEP


def test_a_curve_is_smooth_but_for_its_corners() -> None:
    def sharpest_turn(text: str) -> float:
        stroke = read_stroke(text)
        way = np.diff(pen_path(stroke.points, stroke.corners), axis=0)
        turns = np.diff(np.unwrap(np.arctan2(way[:, 1], way[:, 0])))
        return float(np.degrees(np.abs(turns).max()))

    assert sharpest_turn("10,90 50,10! 90,90") == pytest.approx(127, abs=1)
    assert sharpest_turn("10,90 50,10 90,90") < 30


def test_the_same_seed_writes_the_same_and_another_seed_another() -> None:
    first, again, other = (images_of(FLAGGED, 3, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any(axis=(1, 2)).all()


def test_every_image_of_a_form_is_another() -> None:
    images = images_of(FLAGGED, 5).reshape(5, -1)
    assert len(np.unique(images, axis=0)) == 5


def test_a_form_is_written_the_same_whatever_else_is_in_the_table() -> None:
    renamed = DigitForm(1, "another name", FLAGGED.where, FLAGGED.strokes)
    assert (images_of(FLAGGED, 1) != images_of(renamed, 1)).any()
    np.testing.assert_array_equal(images_of(FLAGGED, 2)[:1], images_of(FLAGGED, 1))


def test_hands_differ_but_write_the_same_form() -> None:
    rng = np.random.default_rng(0)
    written = np.array([np.concatenate(write(FLAGGED, rng)).mean(axis=0) for _ in range(50)])
    assert 0.01 < written.std(axis=0).min()
    ends = np.array([write(FLAGGED, rng)[0][[0, -1]] for _ in range(50)])
    assert (ends[:, 0, 1] < ends[:, 1, 1]).all()  # a flag begins above the foot of its stem


def test_an_image_is_prepared_as_a_drawing_is() -> None:
    paths = write(FLAGGED, np.random.default_rng(0))
    thin, usual, thick = (draw(paths, pen_width) for pen_width in (0.5, 2.7, 6.0))
    for image in thin, usual, thick:
        inked = np.argwhere(image > 64)
        assert 18 <= np.ptp(inked, axis=0).max() + 1 <= 20  # as large as MNIST's digits
        np.testing.assert_allclose(center_of_mass(image), 14, atol=1)
    # Pens differ twelvefold, what is read of them hardly.
    assert thin.sum() < usual.sum() < thick.sum() < 2.5 * thin.sum()


def test_the_shipped_images_are_what_the_table_gives() -> None:
    # Libraries of other versions may round otherwise, here and there by a gray or two.
    shipped = load_form_images()
    some = range(0, len(FORMS), 5)
    for i in some:
        there = shipped.X[:, shipped.forms == i].T.reshape(N_IMAGES, 28, 28) * 255
        drawn = images_of(FORMS[i], 2)
        assert np.abs(there[:2] - drawn).mean() < 0.5, FORMS[i].title
