"""A matrix as a picture; a click, or the arrow keys, picks an entry.

Drawn as a heat map, or where its rows or columns are images, as a tile for each of those.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from playground.colours import DIVERGING, SEQUENTIAL
from ui import session
from ui.image_grid import Scale, encode, quantise

HERE = Path(__file__).parent
Entry = tuple[int, int]

_colours = json.dumps({"diverging": DIVERGING, "sequential": SEQUENTIAL})
_mount = st.components.v2.component(
    "matrix",
    css=(HERE / "matrix.css").read_text("utf-8"),
    js=f"const COLOURS = {_colours}\n" + (HERE / "matrix.js").read_text("utf-8"),
)


def matrix(
    M: NDArray[Any],
    *,
    key: str,
    alt: str,
    scale: Scale,
    limit: float,
    picked: Entry,
    on_pick: Callable[[Entry], None],
    axes: tuple[str, str] = ("row", "column"),
) -> None:
    """Show M (rows, columns) with the entry `picked` marked.

    scale, limit  as in ui/image_grid.py
    axes          what a row and a column are called when the pointer is over an entry
    on_pick       called with (row, column) before the page is drawn again
    """
    _draw(
        np.asarray(M)[None],
        key=key,
        alt=alt,
        scale=scale,
        limit=limit,
        axes=axes,
        picked=(0, *picked),
        on_pick=lambda tile, row, column: on_pick((row, column)),
    )


def image_tiles(
    images: NDArray[Any],
    *,
    key: str,
    alt: str,
    scale: Scale,
    limit: float,
    picked: tuple[int, int],
    on_pick: Callable[[Entry], None],
    names: tuple[str, int],
    tile: int = 56,
) -> None:
    """Show n images (n, h, w); `picked` is (image, pixel), pixels counted in rows.

    names  what an image is called, and the number of the first: ("example", 32)
    tile   its width in CSS pixels, about
    """
    width = images.shape[2]
    number, pixel = picked
    _draw(
        images,
        key=key,
        alt=alt,
        scale=scale,
        limit=limit,
        axes=("row", "column"),
        picked=(number, *divmod(pixel, width)),
        on_pick=lambda i, row, column: on_pick((i, row * width + column)),
        tile=tile,
        names=names,
    )


def _draw(
    images: NDArray[Any],
    *,
    key: str,
    alt: str,
    scale: Scale,
    limit: float,
    axes: tuple[str, str],
    picked: tuple[int, int, int],
    on_pick: Callable[[int, int, int], None],
    tile: int | None = None,
    names: tuple[str, int] = ("", 0),
) -> None:
    def take() -> None:
        entry = (session.get(key) or {}).get("entry")
        if entry:
            on_pick(*entry)

    header = {
        "shape": images.shape,
        "alt": alt,
        "scale": scale,
        "limit": float(limit),
        "axes": axes,
        "picked": picked,
        "tile": tile,
        "names": names,
    }
    _mount(
        key=key,
        data=encode(header, quantise(images, scale, limit)),
        height="content",
        on_entry_change=take,
    )
