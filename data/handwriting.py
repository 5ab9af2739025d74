"""Draws digit forms in many handwritings: the images from which a network learns the forms.

    python -m data.handwriting

draws N_IMAGES of every form into digit_forms.png, one row for each line of the table. The images
are drawn once and shipped with the app, because drawing takes half a minute. Every form has its own
random stream, so that a new line of the table leaves the images of the other forms unchanged.
"""

import sys
from itertools import pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.interpolate import CubicSpline
from scipy.ndimage import gaussian_filter1d

from data.digit_forms import FORMS, DigitForm, Points, Stroke
from data.form_images import N_IMAGES, PICTURE
from data.preprocessing import BOX, prepare
from data.strokes import draw_strokes

SEED = 0

# How much handwritings differ. Lengths are fractions of the unit square in which a form is
# written. docs/digit-forms.md shows how the values were chosen.
JITTER = 0.05  # standard deviation of the shift of each point
STROKE_SHIFT = 0.015  # standard deviation of the shift of a whole stroke, if there are several
END = 0.08  # standard deviation by which a stroke's end is made longer or shorter
ROUNDING = 0.04  # largest smoothing of the path: fast writing rounds the corners
SHEAR = 0.25  # largest value, as for the constants below
ASPECT = 0.25
ROTATION = np.radians(6)
PEN_WIDTHS = (1.0, 2.8)  # smallest and largest, in pixels of BOX

CANVAS = 112  # pixels on each side: 4 for each pixel of the final image, and fast to draw
DRAWN = 78  # pixels of the digit's longer side on that canvas
STEP = 0.02  # distance between the points of a path


def pen_path(points: Points, corners: tuple[int, ...]) -> Points:
    """The path of the pen: a smooth curve through the points, from corner to corner."""
    path = [points[:1]]
    for first, last in pairwise(corners):
        passed = points[first : last + 1]
        lengths = np.maximum(np.hypot(*np.diff(passed, axis=0).T), 1e-3)
        # Centripetal parametrization, by the square root of the distance: the spline has no loops.
        times = np.concatenate(([0], np.cumsum(np.sqrt(lengths))))
        steps = max(2, round(lengths.sum() / STEP))
        path.append(CubicSpline(times, passed, bc_type="natural")(_after(times[-1], steps)))
    return np.concatenate(path)


def _after(end: float, steps: int) -> NDArray[np.float64]:
    return np.linspace(0, end, steps + 1)[1:]


def write(form: DigitForm, rng: np.random.Generator) -> list[Points]:
    """The paths of a form's strokes in one random handwriting."""
    angle, shear, aspect = rng.uniform(-1, 1, size=3) * (ROTATION, SHEAR, ASPECT)
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    warp = rotation @ [[np.exp(aspect / 2), -shear], [0, np.exp(-aspect / 2)]]
    rounding = rng.uniform(0, ROUNDING)
    shift = STROKE_SHIFT if len(form.strokes) > 1 else 0.0
    return [
        (_write(stroke, rounding, rng) + rng.normal(0, shift, size=2)) @ warp.T
        for stroke in form.strokes
    ]


def _write(stroke: Stroke, rounding: float, rng: np.random.Generator) -> Points:
    points = stroke.points + rng.normal(0, JITTER, size=stroke.points.shape)
    for end, beside in ((0, 1), (-1, -2)):
        part = points[end] - points[beside]
        points[end] += part * rng.normal(0, END) / max(np.hypot(*part), 0.5)
    path = pen_path(points, stroke.corners)
    return gaussian_filter1d(path, rounding / STEP, axis=0, mode="nearest")


def draw(paths: list[Points], pen_width: float) -> NDArray[np.uint8]:
    """The image (28, 28) that preprocessing makes of these paths, drawn on the page's canvas.

    pen_width  in pixels of BOX, before preprocessing changes it
    """
    low = np.min([path.min(axis=0) for path in paths], axis=0)
    high = np.max([path.max(axis=0) for path in paths], axis=0)
    scale = DRAWN / max(high - low)
    placed = [CANVAS / 2 + (path - (low + high) / 2) * scale for path in paths]
    prepared = prepare(draw_strokes(placed, pen_width=pen_width * DRAWN / BOX, size=CANVAS))
    assert prepared is not None  # a stroke is never blank
    return np.round(prepared.centered * 255).astype(np.uint8)


def images_of(form: DigitForm, n: int = N_IMAGES, *, seed: int = SEED) -> NDArray[np.uint8]:
    """Images (n, 28, 28) of the form in n handwritings, which depend on the seed and the form's
    name.
    """
    rng = np.random.default_rng([seed, crc32(form.title.encode())])
    return np.array([draw(write(form, rng), rng.uniform(*PEN_WIDTHS)) for _ in range(n)])


def main() -> int:
    rows = []
    for form in FORMS:
        print(form.title, file=sys.stderr)
        rows.append(np.hstack(list(images_of(form))))
    Image.fromarray(np.vstack(rows)).save(PICTURE, optimize=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
