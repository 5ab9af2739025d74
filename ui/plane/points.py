"""A click on the plane: a point more, or one less."""

import math

from data.points import MAX_PLACED
from ui import notes, runs
from ui.plane.view import Brush, Click

REACH = 0.6  # on the plane: how far from the click the point that is erased may be


def place_or_erase(brush: Brush, click: Click) -> None:
    """Start again with the point placed or erased; a run that was training trains on."""
    now = runs.now()
    placed, busy = now.config.placed, now.busy
    if isinstance(brush, int):
        if len(placed) >= MAX_PLACED:
            notes.note(f"{MAX_PLACED} points is all that an address can carry.")
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
