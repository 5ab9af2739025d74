"""Ten digits as pen strokes, to try the canvas without drawing: one form of each digit from the
table of data/digit_forms.py. x to the right, y down, from 0 to 1.
"""

import numpy as np

from data.digit_forms import FORMS
from data.handwriting import pen_path
from netcore.array import Array

# Forms that a network trained on MNIST alone classifies correctly.
_FORMS = (
    "0, oval",
    "1, short flag",
    "2, flat base",
    "3, two bowls",
    "4, open",
    "5, in one stroke",
    "6, curved back",
    "7, plain",
    "8, in one stroke",
    "9, straight stem",
)
SIDE = 0.6  # the longer side of an example, as a share of the canvas


def _on_canvas(title: str) -> list[Array]:
    """The form's strokes, in the middle of the canvas."""
    (form,) = (form for form in FORMS if form.title == title)
    paths = [pen_path(stroke.points, stroke.corners) for stroke in form.strokes]
    points = np.concatenate(paths)
    low, high = points.min(axis=0), points.max(axis=0)
    return [0.5 + (path - (low + high) / 2) * SIDE / max(high - low) for path in paths]


EXAMPLES: dict[str, list[Array]] = {title[0]: _on_canvas(title) for title in _FORMS}
