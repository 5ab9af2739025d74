"""A black canvas with a white pen: pointer events of the browser become strokes of points.

The browser has the drawing, and paints, undoes and clears it without waiting for the server. The
session stores its latest message. So the drawing is the same on every page with a canvas, and
Python can also add strokes. docs/live-page.md says why the app has its own canvas.
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
"""The pen width, then x and y of each point, all in thousandths of the canvas."""

PEN = 70  # default pen width, in thousandths of the canvas
MAX_NUMBERS = 40_000  # of all strokes together; the browser has the same limit
_DRAWING = "drawing"


@dataclass
class _Drawing:
    """The state of the canvas, as far as Python knows.

    strokes   in order, including one that is being drawn
    image     their rendering (size, size, 4); None if there are no strokes, or until it is needed
    heard     the number of the browser's last message
    revision  counts the changes made by Python
    """

    strokes: list[Stroke] = field(default_factory=list)
    image: Pixels | None = None
    heard: int = 0
    revision: int = 0

    def receive(self, message: Any) -> None:
        """Take over the strokes in a message of the browser, if it is new and valid.

        A message that the browser sent before it knew of Python's latest change is ignored: the
        browser sends it again.
        """
        if not isinstance(message, dict) or message.get("revision") != self.revision:
            return
        n, strokes = message.get("n"), message.get("strokes")
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
    """Whether these are valid strokes: another client could send anything."""
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
    """Show the canvas at the available width. All canvases of a tab show the same drawing.

    While the pen moves, the canvas's fragment is redrawn some times per second, so it should
    contain only the canvas and the prediction.

    pen    pen width in thousandths of the canvas
    parts  keys of the fragments that are redrawn when the pen is lifted

    Returns the drawing as an RGBA image (CANVAS_SIZE, CANVAS_SIZE, 4), including an unfinished
    stroke, or None if there is none.
    """
    drawing = _current_drawing(key)
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
    """Whether the browser's last message was sent during a stroke."""
    return bool(((session.get(key) or {}).get("drawing") or {}).get("moving"))


def put(key: str, strokes: Sequence[NDArray[np.floating]], *, pen: int = PEN) -> None:
    """Replace the drawing by these strokes, to try the page without a mouse. For on_click.

    strokes  each (points, 2): x from left to right and y from top to bottom, both from 0 to 1
    """
    drawing = _current_drawing(key)
    drawing.strokes = [
        [pen, *np.rint(1000 * np.asarray(stroke)).astype(int).ravel().tolist()]
        for stroke in strokes
    ]
    drawing.image = None
    drawing.revision += 1


def drawn() -> Pixels | None:
    """The image of the drawing, for pages without a canvas."""
    return session.keep(_DRAWING, _Drawing).picture()


def _current_drawing(key: str) -> _Drawing:
    """The drawing, with the stroke that may have come in the same message as a button's click."""
    drawing = session.keep(_DRAWING, _Drawing)
    drawing.receive((session.get(key) or {}).get("drawing"))
    return drawing
