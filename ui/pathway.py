"""The network with an example on its way through it, live: units lit, strongest weights drawn."""

from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from netcore.array import Array
from playground.colors import DIVERGING
from playground.config import RunConfig
from playground.output import activations_of
from playground.pathway import Edges, Pathway
from ui import session
from ui.image_grid import encode

HERE = Path(__file__).parent
_mount = st.components.v2.component(
    "pathway",
    css=(HERE / "pathway.css").read_text("utf-8"),
    js=f"const MINUS = '{DIVERGING[1]}', PLUS = '{DIVERGING[-2]}'\n"
    + "\n".join((HERE / name).read_text("utf-8") for name in ("pixels.js", "pathway.js")),
)


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
    """Show the way, or feed it to the view that this key shows already.

    height     of the units, in pixels; what each layer is stands below
    inputs     what goes in, such as "pixels"
    classes    names of the outputs
    clickable  a click, or the arrow keys, picks a unit

    Returns the layer, counted from 1, and the unit, from 0, that is picked; None where none is.
    """
    layers = config.layers
    said = (session.get(key) or {}).get("unit") if clickable else None
    picked = _unit(said, layers)
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
    """The click is read as state; Streamlit only keeps states that have a callback."""


def _unit(said: Any, layers: tuple[int, ...]) -> tuple[int, int] | None:
    """What the browser says was picked, where this network has it."""
    match said:
        case [int(layer), int(unit), int()] if (
            1 <= layer < len(layers) and 0 <= unit < layers[layer]
        ):
            return layer, unit
    return None


def _strengths(edges: Edges) -> list[list[int]]:
    """Where each edge comes from, where it goes, and what it carries, in thousandths of what the
    strongest does: a list each."""
    most = np.abs(edges.carried).max(initial=0.0) or 1.0
    carried = np.rint(1000 * (edges.carried / most)).astype(int)
    return [edges.source.tolist(), edges.unit.tolist(), carried.tolist()]


def _levels(a: Array) -> NDArray[np.uint8]:
    """One byte a unit: 128 is 0, and the layer's largest is at an end; 0 is what is no number."""
    sizes = np.abs(a[np.isfinite(a)])
    limit = float(sizes.max()) if sizes.size else 0.0
    with np.errstate(invalid="ignore"):
        levels = np.rint(127 * np.clip(a / (limit or 1.0), -1, 1)) + 128
    return np.nan_to_num(levels, nan=0).astype(np.uint8)
