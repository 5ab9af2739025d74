"""The network with the pathway of an example, updated live: activations of units, strongest
edges.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netcore.array import Array
from playground.colors import DIVERGING
from playground.config import RunConfig
from playground.output import activations_of
from playground.pathway import Edges, Pathway
from ui import session
from ui.pixels import encode, pixel_component

_mount = pixel_component(Path(__file__), "pathway", {"MINUS": DIVERGING[1], "PLUS": DIVERGING[-2]})


def pathway_view(
    way: Pathway,
    config: RunConfig,
    *,
    key: str,
    height: int,
    inputs: str,
    classes: tuple[str, ...],
    image_shape: tuple[int, int] | None,
    clickable: bool = False,
) -> tuple[int, int] | None:
    """Show the pathway, or update the view of this key.

    height     of the units, in pixels; the descriptions of the layers are below
    inputs     the name of the inputs, such as "pixels"
    classes    names of the outputs
    clickable  a click, or the arrow keys, selects a unit

    Returns the selected layer, counted from 1, and unit, counted from 0; or None.
    """
    layers = config.layers
    sent = (session.get(key) or {}).get("unit") if clickable else None
    picked = _unit(sent, layers)
    names = [inputs, *(name.replace("_", " ") for name in activations_of(config))]
    header = {
        "layers": layers,
        "names": names,
        "shape": image_shape,
        "classes": classes if len(classes) == layers[-1] else [],
        "height": height,
        "clickable": clickable,
        "picked": picked,
        "edges": [_strengths(each) for each in way.edges],
        "outputs": [float(f"{a:.4g}") if np.isfinite(a) else None for a in way.A[-1]],
    }
    _mount(
        key=key,
        data=encode(header, np.concatenate([_levels(a) for a in way.A])),
        height="content",
        on_unit_change=_nothing if clickable else None,
    )
    return picked


def _nothing() -> None:
    """An empty callback: Streamlit only keeps a component's state that has one."""


def _unit(sent: Any, layers: tuple[int, ...]) -> tuple[int, int] | None:
    """The unit that was selected in the browser, if this network has it."""
    match sent:
        case [int(layer), int(unit), int()] if (
            1 <= layer < len(layers) and 0 <= unit < layers[layer]
        ):
            return layer, unit
    return None


def _strengths(edges: Edges) -> list[list[int]]:
    """Three lists: for each edge, the unit it comes from, the unit it goes to, and its contribution
    in thousandths of the strongest one.
    """
    most = np.abs(edges.carried).max(initial=0.0) or 1.0
    carried = np.rint(1000 * (edges.carried / most)).astype(int)
    return [edges.source.tolist(), edges.unit.tolist(), carried.tolist()]


def _levels(a: Array) -> NDArray[np.uint8]:
    """One byte for each unit: 128 for 0, up to the end of the scale for the layer's largest
    activation; 0 for NaN.
    """
    sizes = np.abs(a[np.isfinite(a)])
    limit = float(sizes.max()) if sizes.size else 0.0
    with np.errstate(invalid="ignore"):
        levels = np.rint(127 * np.clip(a / (limit or 1.0), -1, 1)) + 128
    return np.nan_to_num(levels, nan=0).astype(np.uint8)
