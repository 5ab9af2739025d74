"""A grid of many small images, updated live. Hovering shows a tile's name; a click selects a tile,
or one entry of it.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from playground.colors import DIVERGING, SEQUENTIAL
from ui import session
from ui.pixels import encode, pixel_component

Scale = Literal["diverging", "sequential"]
Mark = Literal["right", "wrong", ""]


def quantize(images: NDArray[Any], scale: Scale, limit: float) -> NDArray[np.uint8]:
    """One byte per pixel: enough for a screen, and an eighth of the size of float64.

    diverging   -limit … limit becomes 1 … 255, with zero at 128; 0 is for NaN
    sequential  0 … limit becomes 0 … 255; NaN becomes 0
    Values outside the range get the color of its end. Shapes: any, unchanged.
    """
    if scale not in ("diverging", "sequential"):
        raise ValueError(f"unknown scale {scale!r}; choose one of: diverging, sequential")
    if not 0 < limit < np.inf:
        raise ValueError(f"limit is {limit}; it is the value at the color's end, above 0")
    low, steps, zero = (-1.0, 127, 128) if scale == "diverging" else (0.0, 255, 0)
    # float32 is precise enough for 127 steps, and half the work. Clipping keeps nan, so its
    # byte is set last.
    parts = np.asarray(images, dtype=np.float32) / np.float32(limit)
    levels = np.rint(np.clip(parts, low, 1) * steps) + zero
    return np.nan_to_num(levels, nan=0, copy=False).astype(np.uint8)


def color_limit(values: NDArray[Any]) -> float:
    """The absolute value that gets the strongest color. It is a quantile close to 1, so that a
    single large value does not make all others pale.
    """
    sizes = np.abs(values[np.isfinite(values)])
    if not sizes.size:
        return 1.0
    return float(np.quantile(sizes, 0.999)) or float(sizes.max()) or 1.0


COLORS = {"diverging": DIVERGING, "sequential": SEQUENTIAL}
_mount = pixel_component(Path(__file__), "image_grid", {"COLORS": COLORS})


def image_grid(
    images: NDArray[Any],
    *,
    key: str,
    alt: str,
    tile: int,
    labels: Sequence[str],
    scale: Scale = "sequential",
    limit: float = 1.0,
    columns: int | None = None,
    room: int = 0,
    captions: Sequence[str] | None = None,
    marks: Sequence[Mark] | None = None,
    clickable: bool = False,
    selected: int | None = None,
    on_pick: Callable[[int], None] | None = None,
    height: int | None = None,
) -> int | None:
    """Show n images as tiles, or update the grid of this key.

    images    (n, h, w), in the range of the scale
    alt       a description of the images for screen readers
    tile      approximate width of an image in CSS pixels: every image pixel gets the same number
              of whole screen pixels
    labels    n names, shown on hover and read by screen readers
    scale     "sequential": black to white; "diverging": blue, white at zero, red
    limit     the value of the color at the end of the scale, for all tiles
    columns   the largest number in a row; None for as many as fit
    room      the width in CSS pixels that a caption has at least, if the images are narrower
    captions  n short texts under the tiles
    marks     n times "right", "wrong" or "": a symbol in the caption's last line, and its color
    clickable a click, or Enter, selects a tile; a second one deselects it
    selected  the tile selected at first
    on_pick   instead of clickable, if the order of the tiles may change: called with the index
              of the clicked tile before the next draw; only `selected` decides which is marked
    height    in pixels, beyond which the grid scrolls; None for the height of the tiles

    Returns the index of the selected tile, or None.
    """
    images = np.asarray(images)
    if images.ndim != 3:
        raise ValueError(f"images have shape {images.shape}; a grid shows (n, height, width)")
    for name, texts in (("labels", labels), ("captions", captions), ("marks", marks)):
        if texts is not None and len(texts) != len(images):
            raise ValueError(f"{len(texts)} {name} for {len(images)} images; give one for each")
    picked = selected if on_pick else None
    state = session.get(key)

    def take() -> None:
        tile = (session.get(key) or {}).get("tile")
        if on_pick and isinstance(tile, int) and 0 <= tile < len(images):
            on_pick(tile)

    if clickable:
        picked = selected if state is None else state.get("selected", selected)
        picked = picked if picked is not None and picked < len(images) else None
    header = {
        "shape": images.shape,
        "alt": alt,
        "tile": tile,
        "scale": scale,
        "limit": float(limit),
        "labels": list(labels),
        "axes": ("row", "column"),
        "columns": columns,
        "room": room,
        "captions": None if captions is None else list(captions),
        "marks": None if marks is None else list(marks),
        "picks": "tile" if clickable or on_pick else None,
        "kept": clickable,
        "picked": picked,
    }
    _mount(
        key=key,
        data=encode(header, quantize(images, scale, limit)),
        height=height or "content",
        default={"selected": selected} if clickable else None,
        on_selected_change=_nothing if clickable else None,
        on_tile_change=take if on_pick else None,
    )
    return picked


def _nothing() -> None:
    """An empty callback: Streamlit only keeps a component's state that has one."""


def entry_grid(
    images: NDArray[Any],
    *,
    key: str,
    alt: str,
    scale: Scale,
    limit: float,
    labels: Sequence[str],
    picked: tuple[int, int, int],
    on_pick: Callable[[int, int, int], None],
    axes: tuple[str, str] = ("row", "column"),
    tile: int | None = None,
    size: tuple[int, int] | None = None,
) -> None:
    """Show n images (n, h, w), in which a click, or the arrow keys, selects one entry.

    labels   n names, shown on hover; "" for none
    picked   image, row and column of the selected entry
    on_pick  called with those of a newly selected entry, before the next draw
    axes     the names of a row and a column
    tile     as in image_grid, or
    size     width and height of each image in CSS pixels
    """

    def take() -> None:
        entry = (session.get(key) or {}).get("entry")
        if entry:
            on_pick(*entry)

    header = {
        "shape": images.shape,
        "alt": alt,
        "tile": tile,
        "size": size,
        "scale": scale,
        "limit": float(limit),
        "labels": list(labels),
        "axes": axes,
        "picks": "entry",
        "picked": picked,
    }
    _mount(
        key=key,
        data=encode(header, quantize(images, scale, limit)),
        height="content",
        on_entry_change=take,
    )
