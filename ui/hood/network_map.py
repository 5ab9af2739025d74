"""A small diagram of the network that shows the layer of a slide, and the path."""

from functools import partial

import streamlit as st

from playground.slides import Name
from playground.step_trace import Path

DOTS = 5  # units of a layer that are drawn
GAP_X, GAP_Y, RADIUS, TOP = 62, 14, 4, 12
PATH_COLOR = "#6F5EF0"  # visible on light and dark backgrounds


_mount = st.components.v2.component(
    "network_map",
    css=".network-map { font-family: var(--st-font); color: var(--st-text-color); }",
    js="export default ({ data, parentElement }) => { parentElement.innerHTML = data }",
)


def network_map(layers: tuple[int, ...], name: Name, path: Path) -> None:
    """Draw the diagram, or update the one on the page."""
    _mount(key="network map", data=drawing(layers, name, path), height="content")


def drawing(layers: tuple[int, ...], name: Name, path: Path) -> str:
    """The SVG: layers as columns of units, the slide's layer highlighted, the path as a line. It
    has the same in words for screen readers. Nothing from outside is in it, so nothing is escaped.
    """
    columns = [_column(n, unit) for n, unit in zip(layers, path.units, strict=True)]
    middle = TOP + (max(map(len, columns)) - 1) * GAP_Y / 2
    height = 2 * middle - TOP + 34
    width = GAP_X * (len(layers) - 1) + 56
    parts: list[str] = []
    point = partial(_point, middle)
    points = [point(l, columns[l], unit) for l, unit in enumerate(path.units)]
    for l in range(1, len(layers)):
        strong = l == name.layer
        for i in columns[l - 1]:
            for j in columns[l]:
                (x1, y1), (x2, y2) = point(l - 1, columns[l - 1], i), point(l, columns[l], j)
                parts.append(
                    f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="currentColor" '
                    f'stroke-opacity="{0.45 if strong else 0.12}" stroke-width="1"/>'
                )
    line = " ".join(f"{x},{y}" for x, y in points)
    parts.append(
        f'<polyline points="{line}" fill="none" stroke="{PATH_COLOR}" stroke-width="2.5" '
        'stroke-linejoin="round"/>'
    )
    here = _layers_of(name, len(layers) - 1)
    for l, units in enumerate(columns):
        for unit in units:
            x, y = point(l, units, unit)
            on = unit == path.units[l]
            fill = PATH_COLOR if on else "currentColor"
            parts.append(
                f'<circle cx="{x}" cy="{y}" r="{RADIUS + on}" fill="{fill}" '
                f'fill-opacity="{1 if on or l in here else 0.35}"/>'
            )
        x = 28 + l * GAP_X
        weight = "700" if l in here else "400"
        entry = "unit" if l else "input"
        parts.append(
            f'<text x="{x}" y="{height - 16:g}" text-anchor="middle" font-size="11" '
            f'font-weight="{weight}" fill="currentColor">{layers[l]:,}</text>'
            f'<text x="{x}" y="{height - 4:g}" text-anchor="middle" font-size="10" '
            f'fill="currentColor" fill-opacity="0.8">{entry} {path.units[l]}</text>'
        )
    return (
        f'<svg class="network-map" viewBox="0 0 {width} {height:g}" role="img" '
        f'aria-label="{in_words(layers, name, path)}" '
        f'style="display:block;width:100%;max-width:{width}px;max-height:110px">'
        f"{''.join(parts)}</svg>"
    )


def in_words(layers: tuple[int, ...], name: Name, path: Path) -> str:
    where = f"layer {name.layer} of {len(layers) - 1}" if name.layer else "the whole network"
    units = ", ".join(map(str, path.units))
    return f"This slide is about {where}. The path goes through the units {units}."


def _layers_of(name: Name, L: int) -> set[int]:
    """The layers that the slide's matrices belong to."""
    if name.layer:
        return {name.layer - 1, name.layer}
    return {0} if name.stage == "batch" else {L}


def _column(n: int, unit: int) -> list[int]:
    """The units of a layer that are drawn: evenly spaced, and the one on the path.

    >>> _column(3, 1), _column(100, 75)
    ([0, 1, 2], [0, 25, 50, 75, 99])
    """
    if n <= DOTS:
        return list(range(n))
    drawn = [round(i * (n - 1) / (DOTS - 1)) for i in range(DOTS)]
    nearest = min(range(DOTS), key=lambda i: abs(drawn[i] - unit))
    drawn[nearest] = unit
    return drawn


def _point(middle: float, l: int, units: list[int], unit: int) -> tuple[float, float]:
    """Where a unit is drawn; the columns are centered on this height."""
    return 28 + l * GAP_X, middle + (units.index(unit) - (len(units) - 1) / 2) * GAP_Y
