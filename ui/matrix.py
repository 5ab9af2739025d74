"""A matrix as an image; a click, or the arrow keys, selects an entry.

It is drawn as a heat map, or as one tile for each row or column if those are images.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ui.image_grid import Scale, entry_grid

Entry = tuple[int, int]
CELL, MAX_WIDTH, MAX_HEIGHT, MIN_WIDTH = 14, 420, 280, 18  # CSS pixels


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
    axes          the names of a row and a column, shown when the pointer is over an entry
    on_pick       called with (row, column) before the next draw
    """
    M = np.asarray(M)
    rows, columns = M.shape
    entry_grid(
        M[None],
        key=key,
        alt=alt,
        scale=scale,
        limit=limit,
        labels=[""],
        axes=axes,
        picked=(0, *picked),
        on_pick=lambda tile, row, column: on_pick((row, column)),
        size=(_side(columns, MAX_WIDTH), _side(rows, MAX_HEIGHT)),
    )


def _side(cells: int, most: int) -> int:
    return max(min(cells * CELL, most), MIN_WIDTH)


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
    """Show n images (n, h, w); `picked` is (image, pixel), with pixels in row-major order.

    names  the name of an image, and the number of the first: ("example", 32)
    tile   approximate width in CSS pixels
    """
    width = images.shape[2]
    number, pixel = picked
    name, first = names
    entry_grid(
        images,
        key=key,
        alt=alt,
        scale=scale,
        limit=limit,
        labels=[f"{name} {first + i}" for i in range(len(images))],
        picked=(number, *divmod(pixel, width)),
        on_pick=lambda i, row, column: on_pick((i, row * width + column)),
        tile=tile,
    )
