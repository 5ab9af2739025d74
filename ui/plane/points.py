"""A click on the plane: adds a point or erases one."""

import math

from data.points import MAX_PLACED
from ui import notes, runs
from ui.plane.view import Brush, Click

REACH = 0.6  # largest distance, on the plane, between the click and the point to erase


def place_or_erase(brush: Brush, click: Click) -> None:
    """Start a new run with the point added or erased. It trains if the previous run was
    training.
    """
    now = runs.now()
    placed, busy = now.config.placed, now.busy
    if isinstance(brush, int):
        if len(placed) >= MAX_PLACED:
            notes.note(f"An address can hold at most {MAX_PLACED} points.")
            return
        placed = (*placed, (click.x1, click.x2, brush))
    else:
        near = min(placed, key=lambda point: math.dist(point[:2], click))
        if math.dist(near[:2], click) > REACH:
            return
        placed = tuple(point for point in placed if point is not near)
    runs.configure(placed=placed)
    if busy:
        runs.play()
