"""A Plotly chart that is mounted once and then only fed figures, so zoom and hover survive."""

import base64
import json
import math
from collections.abc import Callable
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

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
Point = tuple[int, ...]
"""A point of a chart: the number of its trace, then its index, of a heat map row and column."""

# Plotly's names for the element types it reads as bytes. Others become one of these, or a list.
TYPED_ARRAYS = {"i1", "u1", "i2", "u2", "i4", "u4", "f4", "f8"}


def offer_plotly(folder: Path) -> str:
    """Copy the installed package's plotly.min.js to the folder this server offers as app/static.

    Nothing happens where a file of the same size is there already. Returns "" or, where the file
    is not there and cannot be written, a sentence for the page.
    """
    source = Path(str(files("plotly"))) / "package_data" / PLOTLY
    target = folder / PLOTLY
    if target.is_file() and target.stat().st_size == source.stat().st_size:
        return ""
    try:
        folder.mkdir(exist_ok=True)
        # No browser ever reads half a file, whoever else copies meanwhile.
        write_atomically(target, source.read_bytes())
    except OSError as error:
        return (
            f"Charts cannot be shown: {target} cannot be written ({error.strerror}). "
            f"Allow writing to that folder, or copy {source} there."
        )
    return ""


def encode(figure: dict[str, Any]) -> bytes:
    """A figure as the JSON that Plotly reads, arrays as the bytes they are in memory.

    A number that is not finite in an array is a gap in the line; elsewhere it becomes null.
    """
    return json.dumps(_plain(figure), allow_nan=False, separators=(",", ":")).encode()


def _plain(value: Any) -> Any:
    """The value with its arrays, tuples and NumPy scalars replaced by what JSON can hold."""
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
    """Plotly's {"dtype", "bdata", "shape"}: a third of the length of the same array in digits."""
    if array.dtype.kind in "iu" and array.dtype.itemsize == 8:
        # JavaScript has no such array; iterations and counts fit into 32 bits.
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
_SOURCE = f"app/static/{PLOTLY}?v={version('plotly')}"  # a new version is fetched anew
_mount = st.components.v2.component(
    "live_plot",
    css=(HERE / "live_plot.css").read_text("utf-8"),
    js=f"const LINES = {json.dumps(LINES)}, MAX_PICKED = {MAX_PICKED}\n"
    + (HERE / "live_plot.js").read_text("utf-8"),
    isolate_styles=False,  # Plotly's own style sheet, in the page's head, must reach the chart
)


def live_plot(
    figure: dict[str, Any],
    *,
    key: str,
    height: int,
    alt: str,
    on_pick: Callable[[list[Point]], None] | None = None,
) -> None:
    """Show a figure, or feed it to the chart that this key shows already.

    figure  {"data": [traces], "layout": {…}}, traces with NumPy arrays; see playground/figures.py.
            Colors and fonts that it leaves open follow the theme, and so do the colors of
            playground/colors.py's lines
    height  in pixels, the width follows the page
    alt     what the chart shows, for those who do not see it
    on_pick called with the point that is clicked, or those inside a lasso or a box, before the
            page is drawn again
    """

    def take() -> None:
        if on_pick is not None and (
            points := picked_points((session.get(key) or {}).get("picked"))
        ):
            on_pick(points)

    header = {
        "key": key,
        "height": height,
        "alt": alt,
        "trouble": _NO_PLOTLY,
        "source": _SOURCE,
        "picks": on_pick is not None,
    }
    _mount(
        key=key,
        data=encode(header | {"figure": figure_as_is(figure)}),
        height=height,
        on_picked_change=None if on_pick is None else take,
    )


def picked_points(said: Any) -> list[Point]:
    """The points that the browser names, where they have the form that its script gives them.

    >>> picked_points([[0, 3, 4], [1, 7]]), picked_points([[0]]), picked_points("nonsense")
    ([(0, 3, 4), (1, 7)], [], [])
    """
    if not isinstance(said, list) or len(said) > MAX_PICKED:
        return []
    sound = all(
        isinstance(point, list)
        and 2 <= len(point) <= 3
        and all(type(number) is int and 0 <= number < 2**31 for number in point)
        for point in said
    )
    return [tuple(point) for point in said] if sound else []
