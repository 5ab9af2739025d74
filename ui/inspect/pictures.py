"""A row of large images, each with its own color scale: black and white, or blue and red."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from netcore.array import Array
from ui.image_grid import Scale, image_grid


@dataclass(frozen=True, eq=False)
class Picture:
    """limit: the absolute value that gets the strongest color; 1 for images. A name is longer than
    the caption has room for.
    """

    image: Array
    caption: str
    scale: Scale = "sequential"
    limit: float = 1.0
    name: str = ""


def pictures(shown: Sequence[Picture], *, key: str, tile: int) -> None:
    """Show them side by side, in several rows on a narrow screen."""
    with st.container(horizontal=True, gap="small"):
        for i, each in enumerate(shown):
            with st.container(width=tile + 10):
                image_grid(
                    each.image[None],
                    key=f"{key} {i}",
                    alt=each.caption,
                    tile=tile,
                    scale=each.scale,
                    limit=each.limit,
                    labels=[each.name or each.caption],
                    captions=[each.caption],
                )
