"""Ten digits as pen strokes, to try the canvas without drawing. x to the right, y down, 0 … 1."""

from math import cos, pi, sin

import numpy as np

from netcore.array import Array


def _arc(x: float, y: float, rx: float, ry: float, start: float, end: float) -> list[list[float]]:
    """Points on an ellipse from one angle to another, in turns, clockwise from the right."""
    turns = np.linspace(start, end, 24)
    return [[x + rx * cos(2 * pi * t), y + ry * sin(2 * pi * t)] for t in turns]


_STROKES: dict[str, list[list[list[float]]]] = {
    "0": [_arc(0.5, 0.5, 0.2, 0.3, 0.75, 1.75)],
    "1": [[[0.42, 0.3], [0.53, 0.2], [0.5, 0.8]]],
    "2": [[*_arc(0.5, 0.36, 0.18, 0.16, 0.55, 1.12), [0.31, 0.79], [0.71, 0.78]]],
    "3": [[*_arc(0.48, 0.36, 0.18, 0.15, 0.6, 1.22), *_arc(0.48, 0.66, 0.21, 0.16, 0.77, 1.45)]],
    "4": [[[0.38, 0.2], [0.3, 0.52], [0.7, 0.5]], [[0.62, 0.22], [0.58, 0.82]]],
    "5": [[[0.68, 0.21], [0.38, 0.22], [0.36, 0.46], *_arc(0.48, 0.62, 0.2, 0.18, 0.68, 1.42)]],
    "6": [[[0.6, 0.18], [0.42, 0.36], [0.34, 0.56], *_arc(0.5, 0.64, 0.16, 0.15, 0.5, 1.55)]],
    "7": [[[0.3, 0.22], [0.7, 0.22], [0.46, 0.82]]],
    "8": [[*_arc(0.5, 0.36, 0.15, 0.15, 0.25, -0.75), *_arc(0.5, 0.67, 0.18, 0.16, 0.75, 1.75)]],
    "9": [[*_arc(0.49, 0.38, 0.16, 0.16, 0.02, -1.0), [0.65, 0.4], [0.6, 0.82]]],
}
EXAMPLES: dict[str, list[Array]] = {
    name: [np.array(stroke) for stroke in strokes] for name, strokes in _STROKES.items()
}
