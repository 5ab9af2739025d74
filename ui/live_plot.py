"""A Plotly chart that is mounted once and then updated, so that zoom and hover are kept."""

import base64
import json
import math
from collections.abc import Callable
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from data.atomic_file import write_atomically
from playground.colors import LINES
from ui import session
from ui.text import figure_as_is

HERE = Path(__file__).parent
STATIC = HERE.parent / "static"
PLOTLY = "plotly.min.js"
MAX_PICKED = 5_000  # points that a lasso says
MAX_RESTYLE = 20_000  # characters of what a restyle says, as JSON
MAX_BRUSHED = 200  # parts of axes that are chosen
Ranges = dict[str, list[tuple[float, float]]]
"""The chosen parts of axes, by their labels."""
Point = tuple[int, ...]
"""A point of a chart: the number of its trace, then its index, of a heat map row and column."""


class Restyle(NamedTuple):
    """What a person changed at traces: new values by attribute, such as {"visible":
    ["legendonly"]}, and the traces' numbers. The values are what the browser said: whoever uses
    them checks them.
    """

    changes: dict[str, Any]
    traces: tuple[int, ...]


# Plotly's names for element types that it reads as bytes. Others become one of these, or a list.
TYPED_ARRAYS = {"i1", "u1", "i2", "u2", "i4", "u4", "f4", "f8"}


def offer_plotly(folder: Path) -> str:
    """Copy the installed package's plotly.min.js to the folder that this server serves as
    app/static.

    Does nothing if a file of the same size is there. Returns "" or, if the file is missing and
    cannot be written, a sentence for the page.
    """
    source = Path(str(files("plotly"))) / "package_data" / PLOTLY
    target = folder / PLOTLY
    if target.is_file() and target.stat().st_size == source.stat().st_size:
        return ""
    try:
        folder.mkdir(exist_ok=True)
        # Atomic, so that no browser reads half a file.
        write_atomically(target, source.read_bytes())
    except OSError as error:
        return (
            f"Charts cannot be shown: {target} cannot be written ({error.strerror}). "
            f"Allow writing to that folder, or copy {source} there."
        )
    return ""


def encode(figure: dict[str, Any]) -> bytes:
    """A figure as JSON for Plotly, with arrays as the bytes that they have in memory.

    NaN and infinity are gaps of a line in arrays, and null elsewhere.
    """
    return json.dumps(_plain(figure), allow_nan=False, separators=(",", ":")).encode()


def _plain(value: Any) -> Any:
    """The value with arrays, tuples and NumPy scalars replaced by what JSON can represent."""
    if isinstance(value, np.ndarray):
        return _typed_array(value)
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _typed_array(array: np.ndarray) -> Any:
    """Plotly's {"dtype", "bdata", "shape"}: a third of the length of the array as text."""
    if array.dtype.kind in "iu" and array.dtype.itemsize == 8:
        # JavaScript has no typed array of these; iterations and counts fit into 32 bits.
        fits = array.size == 0 or -(2**31) <= array.min() <= array.max() < 2**31
        array = array.astype(np.int32 if fits else np.float64)
    elif array.dtype == np.float16:
        array = array.astype(np.float32)
    dtype = array.dtype.newbyteorder("<")
    if dtype.str[1:] not in TYPED_ARRAYS or array.size == 0:
        return [_plain(item) for item in array.tolist()]
    data = np.ascontiguousarray(array, dtype=dtype)
    spec = {"dtype": dtype.str[1:], "bdata": base64.b64encode(data.data).decode()}
    if array.ndim > 1:
        spec["shape"] = ",".join(map(str, array.shape))
    return spec


_NO_PLOTLY = offer_plotly(STATIC)
_SOURCE = f"app/static/{PLOTLY}?v={version('plotly')}"  # browsers fetch a new version again
_mount = st.components.v2.component(
    "live_plot",
    css=(HERE / "live_plot.css").read_text("utf-8"),
    js=f"const LINES = {json.dumps(LINES)}, MAX_PICKED = {MAX_PICKED}\n"
    + (HERE / "live_plot.js").read_text("utf-8"),
    isolate_styles=False,  # Plotly adds its style sheet to the page's head, and the chart needs it
)


def live_plot(
    figure: dict[str, Any],
    *,
    key: str,
    height: int,
    alt: str,
    on_pick: Callable[[list[Point]], None] | None = None,
    on_brush: Callable[[Ranges], None] | None = None,
    on_restyle: Callable[[Restyle], None] | None = None,
) -> None:
    """Show a figure, or update the chart of this key.

    figure  {"data": [traces], "layout": {…}}, traces with NumPy arrays; see playground/figures.py.
            Unset colors and fonts follow the theme, and so do the line colors of
            playground/colors.py. Of images that are named "wide" and "narrow", a chart shows
            those of its form; a narrow one calls a trace by "narrow" of its "meta"
    height  in pixels; the width follows the page
    alt     a description of the chart for screen readers
    on_pick called with the clicked point, or with those in a lasso or box, before the next draw
    on_brush called with the chosen parts of the axes of parallel coordinates, before the next draw
    on_restyle  called when a person hides or shows a trace in the legend, before the next draw
    """

    def take() -> None:
        if on_pick is not None and (
            points := picked_points((session.get(key) or {}).get("picked"))
        ):
            on_pick(points)

    def take_brush() -> None:
        sent = (session.get(key) or {}).get("brushed")
        if on_brush is not None and sent is not None:
            on_brush(brushed_ranges(sent))

    def take_restyle() -> None:
        restyle = restyle_of((session.get(key) or {}).get("restyled"))
        if on_restyle is not None and restyle is not None:
            on_restyle(restyle)

    header = {
        "key": key,
        "height": height,
        "alt": alt,
        "trouble": _NO_PLOTLY,
        "source": _SOURCE,
        "picks": on_pick is not None,
        "brushes": on_brush is not None,
        "restyles": on_restyle is not None,
    }
    _mount(
        key=key,
        data=encode(header | {"figure": figure_as_is(figure)}),
        height=height,
        on_picked_change=None if on_pick is None else take,
        on_brushed_change=None if on_brush is None else take_brush,
        on_restyled_change=None if on_restyle is None else take_restyle,
    )


def picked_points(sent: Any) -> list[Point]:
    """The points that the browser names, where they have the form that its script gives them.

    >>> picked_points([[0, 3, 4], [1, 7]]), picked_points([[0]]), picked_points("nonsense")
    ([(0, 3, 4), (1, 7)], [], [])
    """
    if not isinstance(sent, list) or len(sent) > MAX_PICKED:
        return []
    sound = all(
        isinstance(point, list)
        and 2 <= len(point) <= 3
        and all(type(number) is int and 0 <= number < 2**31 for number in point)
        for point in sent
    )
    return [tuple(point) for point in sent] if sound else []


def brushed_ranges(sent: Any) -> Ranges:
    """The chosen parts of axes that the browser names, where they have the form that its script
    gives them.

    >>> brushed_ranges([["Seed", 1, 2.5], ["Seed", 4, 5]]), brushed_ranges([["Seed", 1]])
    ({'Seed': [(1.0, 2.5), (4.0, 5.0)]}, {})
    """
    ranges: Ranges = {}
    if not isinstance(sent, list) or len(sent) > MAX_BRUSHED:
        return ranges
    for part in sent:
        match part:
            case [str(label), int() | float() as low, int() | float() as high] if len(label) < 100:
                ranges.setdefault(label, []).append((float(low), float(high)))
            case _:
                return {}
    return ranges


def restyle_of(sent: Any) -> Restyle | None:
    """The restyle that the browser names, where it has the form that its script gives it.

    >>> restyle_of([{"visible": ["legendonly"]}, [2]])
    Restyle(changes={'visible': ['legendonly']}, traces=(2,))
    >>> restyle_of([{"visible": True}, ["all"]]), restyle_of("nonsense")
    (None, None)
    """
    match sent:
        case [dict(changes), list(traces)] if (
            all(type(number) is int and 0 <= number < MAX_PICKED for number in traces)
            and len(json.dumps(sent)) <= MAX_RESTYLE
        ):
            return Restyle(changes, tuple(traces))
    return None
