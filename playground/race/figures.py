"""The chart of a race's differences: a point for each start, and the mean with its interval."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from playground.colors import RUN_COLORS
from playground.comparison import LETTERS
from playground.figures import Figure
from playground.race.verdict import Verdict

SYMBOLS = ("circle", "square", "diamond", "triangle-up")  # a second sign beside the color


@dataclass(frozen=True)
class Differences:
    """Of one rival, which is the racer of this index.

    seeds   of the starts on which both have a score
    values  the rival's score minus the baseline's
    """

    index: int
    seeds: Sequence[int]
    values: Sequence[float]
    verdict: Verdict


def differences_figure(rivals: Sequence[Differences], *, in_points: bool, revision: str) -> Figure:
    """Above zero the rival is better. The last place of the axis has the means."""
    factor = 100 if in_points else 1
    unit = "points of accuracy" if in_points else "R²"
    traces: list[dict[str, Any]] = []
    for rival in rivals:
        color, symbol = RUN_COLORS[rival.index], SYMBOLS[rival.index]
        name = f"{LETTERS[rival.index]} − A"
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": name,
                "x": [str(seed) for seed in rival.seeds],
                "y": [factor * value for value in rival.values],
                "marker": {"color": color, "symbol": symbol, "size": 9},
                "hovertemplate": "seed %{x}: %{y:+.2f}",
            }
        )
        if rival.verdict.starts > 1:
            half = factor * rival.verdict.half
            traces.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "name": f"{name}, mean",
                    "showlegend": False,
                    "x": [f"mean {LETTERS[rival.index]}"],
                    "y": [factor * rival.verdict.mean],
                    "error_y": {
                        "type": "data", "array": [half], "thickness": 2, "width": 7, "color": color,
                    },
                    "marker": {"color": color, "symbol": symbol, "size": 13},
                    "hovertemplate": f"%{{y:+.2f}} ± {half:.2f}",
                }
            )  # fmt: skip
    seeds = sorted({seed for rival in rivals for seed in rival.seeds})
    places = [str(seed) for seed in seeds] + [
        f"mean {LETTERS[rival.index]}" for rival in rivals if rival.verdict.starts > 1
    ]
    return {
        "data": traces,
        "layout": {
            "xaxis": {
                "title": {"text": "start, by its seed"},
                "type": "category",
                "categoryorder": "array",
                "categoryarray": places,
            },
            "yaxis": {
                "title": {"text": unit},
                "zeroline": True,
                "zerolinewidth": 2,
                "rangemode": "tozero",
            },
            "showlegend": True,
            "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
            "margin": {"l": 56, "r": 8, "t": 34, "b": 40},
            "uirevision": revision,
        },
    }
