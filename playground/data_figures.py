"""Figures of a data set, as plain dicts: examples in each class, brightness of pixels."""

from collections.abc import Sequence

import numpy as np

from playground.colors import TRAINING, VALIDATION
from playground.dataset_summary import LEVELS, DatasetSummary
from playground.figures import Figure

MAX_UPRIGHT = 6  # longest class name, in characters, that is written horizontally


def balance_figure(dataset_summary: DatasetSummary, names: Sequence[str]) -> Figure:
    """The number of examples in each class, as two bars: training and validation."""
    places = np.arange(len(names))
    long = max(map(len, names)) > MAX_UPRIGHT or len(names) > 20
    return {
        "data": [
            {
                "type": "bar",
                "name": name,
                "x": places,
                "y": counts,
                "marker": {"color": color},
                "customdata": list(names),
                "hovertemplate": f"%{{customdata}}: %{{y:,}} {name}<extra></extra>",
            }
            for name, counts, color in (
                ("training", dataset_summary.counts, TRAINING),
                ("validation", dataset_summary.validation_counts, VALIDATION),
            )
        ],
        "layout": {
            "xaxis": {
                "title": {"text": "class"},
                "tickvals": places,
                "ticktext": list(names),
                "tickangle": -60 if long else 0,
                "fixedrange": True,
            },
            "yaxis": {"title": {"text": "examples"}, "rangemode": "tozero", "fixedrange": True},
            "margin": {"l": 56, "r": 8, "t": 30, "b": 40},
            "barmode": "group",
            "bargap": 0.25,
            "legend": {"orientation": "h", "x": 1, "xanchor": "right", "y": 1, "yanchor": "bottom"},
            "uirevision": "balance",
        },
    }


def pixel_figure(dataset_summary: DatasetSummary) -> Figure:
    """A histogram of the brightness of training pixels. Its axis is logarithmic, because most
    pixels are black.
    """
    edges = np.arange(LEVELS) / LEVELS
    return {
        "data": [
            {
                "type": "bar",
                "x": edges + 0.5 / LEVELS,
                "y": dataset_summary.pixels,
                "width": 1 / LEVELS,
                "marker": {"color": TRAINING},
                "customdata": [f"{low:.2f} to {low + 1 / LEVELS:.2f}" for low in edges],
                "hovertemplate": "%{customdata}: %{y:,} pixels<extra></extra>",
            }
        ],
        "layout": {
            "xaxis": {
                "title": {"text": "brightness, 0 black to 1 white"},
                "range": [0, 1],
                "fixedrange": True,
            },
            "yaxis": {
                "title": {"text": "training pixels"},
                "type": "log",
                "dtick": 1,
                "tickformat": "~s",
                "fixedrange": True,
            },
            "margin": {"l": 56, "r": 8, "t": 30, "b": 40},
            "bargap": 0,
            "showlegend": False,
            "uirevision": "pixels",
        },
    }
