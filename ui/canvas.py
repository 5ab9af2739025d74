"""A black canvas with a white pen, the only import of streamlit-drawable-canvas.

The browser holds the drawing. What it last sent is kept in the session, so that the drawing
survives a page switch, and so that Python can change it: clear, undo and put are callbacks for
buttons, which a finger reaches where the canvas's own toolbar needs a mouse.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from streamlit_drawable_canvas import st_canvas

from data.strokes import CANVAS_SIZE, draw_strokes
from ui import session

Pixels = NDArray[np.uint8]
PAPER, PEN = "#000000", "#FFFFFF"


@dataclass
class _Drawing:
    """What a canvas shows, as far as Python knows.

    strokes   Fabric.js objects, one a stroke
    image     their picture (size, size, 4), None where there is no stroke
    sent      the browser's last word: anything else it says is news
    given     the strokes Python last put there; they must not change while somebody draws
    revision  counts what Python put there, since the same strokes twice would be no change
    """

    strokes: list[dict[str, Any]] = field(default_factory=list)
    image: Pixels | None = None
    sent: dict[str, Any] | None = None
    given: list[dict[str, Any]] = field(default_factory=list)
    revision: int = 0

    def hear(self, raw: dict[str, Any]) -> bool:
        """Take in what the browser says is on the canvas; False where that is known."""
        if raw == self.sent:
            return False
        self.sent, self.strokes = raw, raw["objects"]
        return True

    def give(self, strokes: list[dict[str, Any]], image: Pixels | None) -> None:
        """Put these strokes on the canvas in place of its own."""
        self.strokes = self.given = strokes
        self.image = image
        self.revision += 1


def canvas(*, key: str, pen_width: int, size: int = CANVAS_SIZE) -> Pixels | None:
    """Show the canvas, size × size CSS pixels.

    Returns its RGBA picture (size, size, 4), or None where nothing is drawn. A stroke arrives
    some 0.2 s after the pen is lifted. The toolbar that a mouse brings up floats above the
    canvas: leave it a line of room.
    """
    drawing = _drawing(key)
    if session.get(key) is None:  # first run, or back on this page: the browser starts empty
        drawing.given, drawing.sent = drawing.strokes, None
    result = st_canvas(
        key=key,
        stroke_width=pen_width,
        stroke_color=PEN,
        background_color=PAPER,
        width=size,
        height=size,
        drawing_mode="freedraw",
        initial_drawing={"objects": drawing.given, "revision": drawing.revision},
        return_image_data=True,
    )
    # Without a picture it is not the browser that speaks: these are the strokes it was given.
    if result.image_bytes is not None and drawing.hear(result.json_data):
        drawing.image = result.image_data if drawing.strokes else None
    return drawing.image


def clear(key: str) -> None:
    """Wipe the canvas. For on_click."""
    _heard(key).give([], None)


def undo(key: str) -> None:
    """Take the last stroke away. For on_click."""
    drawing = _heard(key)
    strokes = drawing.strokes[:-1]
    # The browser paints what is left and sends it at once; until then the old picture stands.
    drawing.give(strokes, drawing.image if strokes else None)


def put(
    key: str, strokes: Sequence[NDArray[np.floating]], *, pen_width: int, size: int = CANVAS_SIZE
) -> None:
    """Draw these strokes in place of what is there, to try without a mouse. For on_click.

    strokes  each (points, 2): x from left to right and y from top to bottom, both 0 … 1
    """
    lines = [np.round(np.asarray(stroke, dtype=float) * size, 1) for stroke in strokes]
    objects = [
        {
            "type": "Path",
            "path": [["L" if i else "M", x, y] for i, (x, y) in enumerate(line.tolist())],
            "stroke": PEN,
            "strokeWidth": pen_width,
            "strokeLineCap": "round",
            "strokeLineJoin": "round",
            "fill": None,
        }
        for line in lines
    ]
    # Painted here, too: the picture until the browser sends its own.
    image = draw_strokes(lines, pen_width=pen_width, size=size) if objects else None
    _heard(key).give(objects, image)


def _drawing(key: str) -> _Drawing:
    return session.keep(f"{key}/drawing", _Drawing)


def _heard(key: str) -> _Drawing:
    """The drawing with the stroke that may have come in the same breath as a button's click."""
    drawing = _drawing(key)
    value = session.get(key)
    if value is not None and value["drawing"]["data"] is not None:
        drawing.hear(value["drawing"]["raw"])
    return drawing
