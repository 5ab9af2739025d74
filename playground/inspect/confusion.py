"""The confusion matrix of a selection, and its figure with counts or shares, and totals."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netcore.metrics import confusion_matrix
from playground.colors import ACCENT, PREVIOUS, THIS_RUN, VALIDATION
from playground.figures import Figure
from playground.inspect.figures import MARGIN
from playground.inspect.outcome import Outcome
from playground.inspect.selection import Selection
from playground.training import Confusion

MAX_NUMBERS = 14  # classes up to which every cell has its number
Cell = tuple[int | None, int | None]
"""True and predicted class; None for all of them."""


def matrix_of(found: Outcome) -> NDArray[np.integer]:
    """(n_classes, n_classes): row i, column j counts the examples of class i predicted as j."""
    return confusion_matrix(found.predicted, found.labels, len(found.Z))


def largest_errors(matrix: NDArray[np.integer], most: int) -> list[tuple[int, int]]:
    """The nonzero cells off the diagonal with the most examples, largest first.

    >>> largest_errors(np.array([[5, 1, 0], [0, 9, 2], [0, 0, 7]]), 3)
    [(1, 2), (0, 1)]
    """
    errors = matrix.copy()
    np.fill_diagonal(errors, 0)
    order = np.argsort(-errors, axis=None, kind="stable")[:most]
    cells = [divmod(int(at), len(matrix)) for at in order]
    return [cell for cell in cells if errors[cell]]


def errors_in(matrix: NDArray[np.integer], cell: Cell) -> int:
    """The examples of a cell; of a whole row, a whole column or everything the errors there.

    >>> M = np.array([[5, 1], [2, 3]])
    >>> [errors_in(M, cell) for cell in ((1, 0), (1, None), (None, 1), (None, None), (1, 1))]
    [2, 2, 1, 3, 3]
    """
    true, predicted = cell
    if true is not None and predicted is not None:
        return int(matrix[true, predicted])
    errors = matrix.astype(int)
    np.fill_diagonal(errors, 0)
    rows = slice(None) if true is None else true
    return int(errors[rows, slice(None) if predicted is None else predicted].sum())


def over_training(confusions: Sequence[Confusion], cell: Cell, title: str) -> Figure:
    """The curve of a cell, each time that the validation set was measured."""
    trace = {
        "type": "scatter",
        "mode": "lines",
        "x": np.array([each.iteration for each in confusions]),
        "y": np.array([errors_in(each.matrix, cell) for each in confusions]),
        "line": {"color": VALIDATION, "width": 2},
        "hovertemplate": "%{y:,} at iteration %{x:,}<extra></extra>",
    }
    head = {"text": title, "x": 0, "xref": "container", "y": 1, "yanchor": "top"}
    return {
        "data": [trace],
        "layout": {
            "title": head | {"pad": {"t": 6, "l": 8}},
            "xaxis": {"title": {"text": "iteration"}},
            "yaxis": {"title": {"text": "examples"}, "rangemode": "tozero"},
            "margin": MARGIN,
            "uirevision": title,
        },
    }


def cell_at(row: int, column: int, n_classes: int) -> Cell:
    """The cell that was clicked in the figure; outside of the matrix, a row's or a column's total.

    >>> cell_at(4, 9, 10), cell_at(4, 10, 10), cell_at(10, 9, 10)
    ((4, 9), (4, None), (None, 9))
    """
    return (row if row < n_classes else None, column if column < n_classes else None)


def confusion_figure(
    matrix: NDArray[np.integer], names: tuple[str, ...], selection: Selection, *, shares: bool
) -> Figure:
    """The matrix with a column and a row of totals. Errors and correct predictions have separate
    color scales, because ten errors would be invisible beside hundreds of correct ones.
    """
    n = len(names)
    with_totals = np.zeros((n + 1, n + 1), dtype=int)
    with_totals[:n, :n] = matrix
    with_totals[:n, n] = matrix.sum(axis=1)
    with_totals[n] = with_totals[:n].sum(axis=0)
    right, total = np.eye(n + 1, dtype=bool), np.zeros((n + 1, n + 1), dtype=bool)
    total[n], total[:, n] = True, True
    wrong = ~right & ~total
    values = with_totals / np.maximum(with_totals[:, n:], 1) if shares else with_totals
    ticks = {
        "tickmode": "array",
        "tickvals": list(range(n + 1)),
        "ticktext": [*names, "all"],
        "showgrid": False,
        "zeroline": False,
        "constrain": "domain",
        "range": [-0.5, n + 0.5],
    }
    return {
        "data": [
            _cells(values, wrong, VALIDATION, with_totals, names, shares=shares),
            _cells(values, right & ~total, THIS_RUN, with_totals, names, shares=shares),
            _cells(values, total, PREVIOUS, with_totals, names, shares=shares),
        ],
        "layout": {
            "xaxis": ticks
            | {
                "title": {"text": "predicted (% of each row)" if shares else "predicted"},
                "side": "top",
            },
            "yaxis": ticks
            | {
                "title": {"text": "true"},
                "range": [n + 0.5, -0.5],
                "scaleanchor": "x" if n <= MAX_NUMBERS else False,
            },
            "margin": {"l": 52, "r": 8, "t": 56, "b": 8},
            "dragmode": False,
            "shapes": _marks(selection, n),
            "uirevision": f"confusion {n}",
        },
    }


def _cells(
    values: NDArray[Any],
    which: NDArray[np.bool_],
    color: str,
    counts: NDArray[Any],
    names: tuple[str, ...],
    *,
    shares: bool,
) -> dict[str, Any]:
    """A heat map of some of the cells; where it has none, the one below shows."""
    n = len(names)
    top = float(values[which].max(initial=0.0)) or 1.0
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    trace: dict[str, Any] = {
        "type": "heatmap",
        "z": np.where(which, values, np.nan),
        "zmin": 0,
        "zmax": top * (1.4 if n <= MAX_NUMBERS else 1),  # numbers stay readable on it
        "colorscale": [
            [0, f"rgba({red},{green},{blue},0)"],
            [1, f"rgba({red},{green},{blue},1)"],
        ],
        "showscale": False,
        "hoverongaps": False,
        "xgap": 1,
        "ygap": 1,
        "customdata": np.where(which, counts, 0),
        "hovertemplate": "true %{y}, predicted %{x}: %{customdata:,}<extra></extra>",
    }
    if n <= MAX_NUMBERS:
        trace["text"] = [
            [_number(value, shares=shares) if value else "" for value in row]
            for row in np.where(which, values, 0).tolist()
        ]
        trace["texttemplate"] = "%{text}"
        # Plotly's own choice is as small as the longest number needs: 5 pixels on a phone.
        trace["textfont"] = {"size": 12 if n <= 10 else 9}
    return trace


def _number(value: float, *, shares: bool) -> str:
    """At most four characters, for which a cell has room on a phone. The exact number is in the
    tip.

    >>> [_number(value, shares=False) for value in (980, 1_013, 1_135, 9_970, 54_049)]
    ['980', '1k', '1.1k', '10k', '54k']
    >>> [_number(value, shares=True) for value in (1, 0.25, 0.0031)]
    ['100', '25', '0.3']
    """
    if shares:
        return f"{100 * value:.0f}" if value >= 0.0095 else f"{100 * value:.1f}"
    if value < 1_000:
        return f"{value}"
    thousands = f"{value / 1_000:.1f}" if value < 9_950 else f"{value / 1_000:.0f}"
    return thousands.removesuffix(".0") + "k"


def _marks(selection: Selection, n: int) -> list[dict[str, Any]]:
    """A frame around the selected cell, row or column."""
    true, predicted = selection.true, selection.predicted
    if (true is None and predicted is None) or max(true or 0, predicted or 0) >= n:
        return []
    y = (true - 0.5, true + 0.5) if true is not None else (-0.5, n + 0.5)
    x = (predicted - 0.5, predicted + 0.5) if predicted is not None else (-0.5, n + 0.5)
    line = {"color": ACCENT, "width": 3}
    return [{"type": "rect", "x0": x[0], "x1": x[1], "y0": y[0], "y1": y[1], "line": line}]
