"""Images on a slide: the examples of a batch, and the row or column of a matrix that is one."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st

from netcore.array import Array
from playground.slides import Card, Slide
from playground.step_trace import Path
from ui.hood.board import Pick, limit_of, pieces
from ui.hood.worked import entry_name
from ui.image_grid import entry_grid
from ui.matrix import image_tiles

TILES = 24  # images of a batch shown at once
TILE, LARGE, STRIP = 48, 168, 84  # CSS pixels


@dataclass(frozen=True, eq=False)
class _Image:
    """The row or column of a matrix that belongs to the path, if it is an image.

    symbol  of the matrix
    which   the unit or the example, in words
    vector  the row or column
    limit   the largest absolute value of the color scale
    """

    card: Card
    symbol: str
    which: str
    vector: Array
    limit: float

    @property
    def name(self) -> str:
        return f"{self.symbol}, {self.which}"


def show_batch(card: Card, path: Path, shape: tuple[int, int], on_pick: Pick) -> None:
    """The examples of X around the one on the path, and that one large."""
    pixel, at = card.entry(path)
    images = card.M.T.reshape(-1, *shape)
    first = at // TILES * TILES
    left, right = st.columns([1, 3], gap="medium")
    with left:
        image_tiles(
            images[at : at + 1],
            key="large X",
            alt=f"Example {at}",
            scale="sequential",
            limit=limit_of(card),
            picked=(0, pixel),
            on_pick=_picker(card, at, on_pick),
            names=("example", at),
            tile=LARGE,
        )
    with right:
        image_tiles(
            images[first : first + TILES],
            key="tiles X",
            alt=f"Examples from {first} on",
            scale="sequential",
            limit=limit_of(card),
            picked=(at - first, pixel),
            on_pick=_picker(card, first, on_pick),
            names=("example", first),
            tile=TILE,
        )
        if len(images) > TILES:
            last = min(first + TILES, len(images)) - 1
            st.caption(f"Examples {first} to {last} of {len(images):,}")


def _picker(card: Card, first: int, on_pick: Pick) -> Callable[[tuple[int, int]], None]:
    """A callback for a pixel of a tile, (tile, pixel): picks the entry of X that it shows."""
    return lambda picked: on_pick(card, (picked[1], picked[0] + first))


def show_strip(slide: Slide, path: Path, shape: tuple[int, int], on_pick: Pick) -> None:
    """Show the rows and columns of the slide's matrices that are images. If two of them are
    multiplied, the products are an image, too: its pixels are the terms of the sum.
    """
    found = [_image(card, path) for card in slide.cards if 0 in (card.row, card.column)]
    if not found:
        return
    pictures = [_scaled(each.vector, each.limit) for each in found]
    names = [each.name for each in found]
    factors = [each.vector for each in found if each.card.band]
    if len(factors) == 2:
        product = factors[0] * factors[1]
        finite = np.abs(product[np.isfinite(product)])
        pictures.append(_scaled(product, float(finite.max(initial=0.0)) or 1.0))
        names.append("their products, pixel by pixel")

    def pick(image: int, row: int, column: int) -> None:
        card = found[min(image, len(found) - 1)].card
        pixel, (i, k) = row * shape[1] + column, card.entry(path)
        on_pick(card, (pixel, k) if card.row == 0 else (i, pixel))

    pixel = path.units[0]
    entry_grid(
        np.stack(pictures).reshape(-1, *shape),
        key="strip",
        alt="; ".join(names),
        scale="diverging",
        limit=1.0,
        labels=names,
        picked=(0, *divmod(pixel, shape[1])),
        on_pick=pick,
        tile=STRIP,
    )
    same = len({each.which for each in found}) == 1
    shown_names = [each.symbol if same else each.name for each in found] + names[len(found) :]
    whose = f", {found[0].which}" if same else ""
    st.caption(f"As images{whose}: {'; '.join(shown_names)}.")


def _image(card: Card, path: Path) -> _Image:
    i, k = card.entry(path)
    vector = card.M[:, k] if card.row == 0 else card.M[i]
    symbol = "".join("ᵀ" if piece == ("T", "sup") else piece[0] for piece in pieces(card.symbol))
    which = entry_name(card.column, k) if card.row == 0 else entry_name(card.row, i)
    return _Image(card, symbol, which, vector, limit_of(card))


def _scaled(vector: Array, limit: float) -> Array:
    scaled: Array = vector / np.float32(limit)
    return scaled
