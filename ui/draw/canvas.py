"""A black canvas with a white pen: pointer events of the browser, strokes as points.

The browser holds the drawing, and paints, undoes and clears it without waiting for anybody. What
it last said is kept in the session: so the drawing is the same on every page that has a canvas, and
Python can put strokes there. docs/live-page.md says why it is not streamlit-drawable-canvas's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeGuard

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from data.strokes import CANVAS_SIZE, draw_strokes
from ui import session

HERE = Path(__file__).parent
Pixels = NDArray[np.uint8]
Stroke = list[int]
"""Its pen's width, then x and y of each point, all in thousandths of the canvas."""

PEN = 70  # thousandths of the canvas: the pen where nobody chose another
MAX_NUMBERS = 40_000  # of all strokes together; the browser takes no more either
_DRAWING = "drawing"


@dataclass
class _Drawing:
    """What the canvas shows, as far as Python knows.

    strokes   from the first to the last, the one that is being drawn included
    image     their picture (size, size, 4), None where there is no stroke, or where it is not made
    heard     number of the browser's last message
    revision  counts what Python put there
    """

    strokes: list[Stroke] = field(default_factory=list)
    image: Pixels | None = None
    heard: int = 0
    revision: int = 0

    def hear(self, said: Any) -> None:
        """Take in what the browser says is on the canvas, where it is news and fit to be read.

        What it said before it knew of Python's last word is passed over: it says it again.
        """
        if not isinstance(said, dict) or said.get("revision") != self.revision:
            return
        n, strokes = said.get("n"), said.get("strokes")
        if isinstance(n, int) and n > self.heard and _are_strokes(strokes):
            self.heard = n
            if strokes != self.strokes:
                self.strokes, self.image = strokes, None

    def picture(self) -> Pixels | None:
        if self.image is None and self.strokes:
            scale = CANVAS_SIZE / 1000
            self.image = draw_strokes(
                [scale * np.reshape(stroke[1:], (-1, 2)) for stroke in self.strokes],
                pen_width=[scale * stroke[0] for stroke in self.strokes],
            )
        return self.image


def _are_strokes(strokes: Any) -> TypeGuard[list[Stroke]]:
    """Whether these are strokes as the browser's script makes them: others could send anything."""
    return (
        isinstance(strokes, list)
        and all(isinstance(stroke, list) for stroke in strokes)
        and sum(map(len, strokes)) <= MAX_NUMBERS
        and all(len(stroke) >= 3 and len(stroke) % 2 == 1 for stroke in strokes)
        and all(type(x) is int and -1000 <= x <= 2000 for stroke in strokes for x in stroke)
        and all(1 <= stroke[0] <= 1000 for stroke in strokes)
    )


_mount = st.components.v2.component(
    "canvas",
    css=(HERE / "canvas.css").read_text("utf-8"),
    js=(HERE / "canvas.js").read_text("utf-8"),
)


def canvas(*, key: str, pen: int = PEN, parts: Sequence[str]) -> Pixels | None:
    """Show the canvas, as wide as there is room. All canvases of a tab show the same drawing.

    While the pen moves, the fragment that the canvas is in is drawn again some times a second, so
    it should hold no more than the answer.

    pen    its width in thousandths of the canvas
    parts  keys of the fragments that are drawn again when the pen is lifted

    Returns the drawing as an RGBA picture (CANVAS_SIZE, CANVAS_SIZE, 4), or None where nothing is
    drawn; of a stroke that is being drawn, what there is of it.
    """
    drawing = _heard(key)
    _mount(
        key=key,
        data={
            "pen": pen,
            "label": "Canvas: draw a digit here with mouse, finger or pen",
            "heard": drawing.heard,
            "revision": drawing.revision,
            "strokes": drawing.strokes,
        },
        height="content",
        on_drawing_change=lambda: None if _moving(key) else st.rerun(parts),
    )
    return drawing.picture()


def _moving(key: str) -> bool:
    """Whether the browser last spoke in mid-stroke."""
    return bool(((session.get(key) or {}).get("drawing") or {}).get("moving"))


def put(key: str, strokes: Sequence[NDArray[np.floating]], *, pen: int = PEN) -> None:
    """Draw these strokes in place of what is there, to try without a mouse. For on_click.

    strokes  each (points, 2): x from left to right and y from top to bottom, both 0 … 1
    """
    drawing = _heard(key)
    drawing.strokes = [
        [pen, *np.rint(1000 * np.asarray(stroke)).astype(int).ravel().tolist()]
        for stroke in strokes
    ]
    drawing.image = None
    drawing.revision += 1


def drawn() -> Pixels | None:
    """The drawing's picture, for what shows no canvas itself."""
    return session.keep(_DRAWING, _Drawing).picture()


def _heard(key: str) -> _Drawing:
    """The drawing with the stroke that may have come in the same breath as a button's click."""
    drawing = session.keep(_DRAWING, _Drawing)
    drawing.hear((session.get(key) or {}).get("drawing"))
    return drawing
