"""Renders pen strokes: polylines become a picture with soft edges, like those of the browser's
canvas.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

CANVAS_SIZE = 280  # pixels on each side of the page's canvas
SMOOTHING = 4  # strokes are drawn this many times larger and averaged, for soft edges


def draw_strokes(
    strokes: Sequence[NDArray[np.floating]],
    *,
    pen_width: float | Sequence[float],
    size: int = CANVAS_SIZE,
) -> NDArray[np.uint8]:
    """Draw white strokes with round ends and joints on black: RGBA (size, size, 4), like the page's
    canvas.

    strokes    each (points, 2) in pixels: x to the right, y downwards
    pen_width  in pixels, for all strokes or for each
    """
    canvas = Image.new("L", (size * SMOOTHING, size * SMOOTHING))
    pen = ImageDraw.Draw(canvas)
    for stroke, width in zip(strokes, np.broadcast_to(pen_width, len(strokes)), strict=True):
        radius = width * SMOOTHING / 2
        path = [(x, y) for x, y in (np.asarray(stroke) * SMOOTHING).tolist()]
        pen.line(path, fill=255, width=round(2 * radius))
        for x, y in path:
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    gray = np.asarray(canvas.reduce(SMOOTHING))
    return np.dstack((gray, gray, gray, np.full_like(gray, 255)))
