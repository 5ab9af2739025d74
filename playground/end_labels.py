"""The labels at the ends of the lines of a chart, where none covers another."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from playground.history import Floats

TALL = 14  # pixels, of a label
WIDE = 0.04  # of the chart
PLOT = 200  # pixels: about the height of the lines


def end_labels(
    lines: Sequence[dict[str, Any]], texts: Sequence[str], *, log: bool
) -> list[dict[str, Any]]:
    """An annotation for each line, in its color. Labels that would cover each other move apart,
    away from the edge of the chart that is nearer to most of them.

    log  whether the y axis is logarithmic
    """
    x, y = [line["x"] for line in lines], [_on_axis(line["y"], log=log) for line in lines]
    (left, right), (bottom, top) = _range(x), _range(y)
    ends = {
        i: ((x[i][-1] - left) / (right - left), PLOT * (y[i][-1] - bottom) / (top - bottom))
        for i in range(len(lines))
        if len(y[i]) and np.isfinite(y[i][-1])
    }
    shifts = _shifts(ends)
    return [
        {
            "x": float(x[i][-1]) if i in ends else 0.0,
            "y": float(y[i][-1]) if i in ends else 0.0,
            "yshift": shifts.get(i, 0.0),
            "text": text,
            "visible": i in ends,
            "showarrow": False,
            "xanchor": "left",
            "font": {"color": line["line"]["color"], "size": 13},
        }
        for i, (line, text) in enumerate(zip(lines, texts, strict=True))
    ]


def _shifts(ends: dict[int, tuple[float, float]]) -> dict[int, float]:
    """How far each label moves up, in pixels.

    ends  the end of each line: x as a share of the chart, y in pixels
    """
    high = sum(y > PLOT / 2 for _, y in ends.values()) > len(ends) / 2
    away = -1 if high else 1
    placed: dict[int, float] = {}
    for i in sorted(ends, key=lambda i: away * ends[i][1]):  # from the nearer edge
        x, y = ends[i]
        for j in sorted(placed, key=lambda j: away * placed[j]):
            if abs(x - ends[j][0]) < WIDE and away * (y - placed[j]) < TALL:
                y = placed[j] + away * TALL
        placed[i] = y
    return {i: round(y - ends[i][1], 1) for i, y in placed.items()}


def _on_axis(y: Floats, *, log: bool) -> Floats:
    """y as Plotly counts on this axis; NaN where it has no place there."""
    return np.log10(y, where=y > 0, out=np.full(len(y), np.nan)) if log else y


def _range(values: Sequence[Floats]) -> tuple[float, float]:
    """The smallest and the largest finite one, never the same."""
    finite = [each[np.isfinite(each)] for each in values]
    low = min((float(each.min()) for each in finite if len(each)), default=0.0)
    high = max((float(each.max()) for each in finite if len(each)), default=0.0)
    return low, high if high > low else low + 1.0
