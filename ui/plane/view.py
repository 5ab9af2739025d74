"""The network over the plane: its answer large, every neuron's own map in its drawing.

Hover a neuron to see its map large, click a weight (or a neuron, for its bias) to set it by hand,
click the plane to place a point.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from data.dataset import Dataset
from data.points import HALF, INPUTS, Plane
from netcore.network import Network
from playground.colors import CLASSES, DIVERGING
from playground.decision_maps import LIMIT, MAX_SHOWN, SCALE, Maps
from ui import session
from ui.image_grid import encode, quantize

HERE = Path(__file__).parent
Brush = int | Literal["erase"] | None
POINT_BYTES = 5
STEPS = 65535  # of a coordinate on its way to the browser


class Edit(NamedTuple):
    """A number of the network set by hand: W[layer][unit, source], or b where source is None.
    Layers count from 1, units from 0."""

    layer: int
    unit: int
    source: int | None
    value: float


class Grow(NamedTuple):
    """A unit more or less in this hidden layer, or a whole layer where that is None."""

    layer: int | None
    by: int


class Click(NamedTuple):
    """A place on the plane that was clicked."""

    x1: float
    x2: float


_constants = json.dumps({"scale": SCALE, "classes": CLASSES, "points": DIVERGING, "half": HALF})
_mount = st.components.v2.component(
    "plane_view",
    css=(HERE / "view.css").read_text("utf-8"),
    js=f"const CONSTANTS = {_constants}\n"
    + "\n".join(path.read_text("utf-8") for path in (HERE.parent / "pixels.js", HERE / "view.js")),
)


def plane_view(
    network: Network,
    maps: Maps,
    data: Plane,
    inputs: Sequence[str],
    *,
    key: str,
    on_edit: Callable[[Edit], None],
    on_click: Callable[[Click], None],
    on_grow: Callable[[Grow], None] | None = None,
    brush: Brush = None,
    validation: bool = True,
    editable: bool = True,
) -> None:
    """Show the network of this moment, or feed it to the view that this key shows already.

    maps      of the same network
    inputs    names of INPUTS: what each input unit is
    brush     what a click on the plane places: a class, or "erase"; None where clicks do nothing
    on_grow   without it the diagram has no buttons for more units and layers
    validation  whether the validation points are shown, too
    """
    points = [(data.train_points, data.train)]
    if validation:
        points.append((data.validation_points, data.validation))
    sent = [_point_bytes(at, _marks(part)) for at, part in points]
    n_sent = [len(each) // POINT_BYTES for each in sent]
    header = {
        "layers": network.layer_dims,
        "names": [INPUTS[name][0] for name in inputs],
        "activations": [layer.activation.title for layer in network.layers],
        "weights": [_short(layer.W[:MAX_SHOWN, :MAX_SHOWN]) for layer in network.layers],
        "biases": [_short(layer.b[:MAX_SHOWN, 0]) for layer in network.layers],
        "sides": [maps.surface.shape[0], maps.maps[0].shape[-1]],
        "points": [n_sent[0], n_sent[1] if validation else 0],
        "outside": sum(part.m for _, part in points) - sum(n_sent),
        "classes": data.train.class_names,
        "value": data.train.values is not None,
        "brush": brush,
        "editable": editable,
        "growable": on_grow is not None,
    }
    blob = [maps.surface.ravel(), *(_map_bytes(each) for each in maps.maps)]
    blob += sent

    def edited() -> None:
        sent = _sent(key, "edit")
        if sent is not None:
            on_edit(Edit(sent["layer"], sent["unit"], sent["source"], float(sent["value"])))

    def clicked() -> None:
        sent = _sent(key, "click")
        if sent is not None:
            on_click(Click(float(sent["x1"]), float(sent["x2"])))

    def grown() -> None:
        sent = _sent(key, "grow")
        if sent is not None and on_grow is not None:
            on_grow(Grow(sent["layer"], sent["by"]))

    _mount(
        key=key,
        data=encode(header, np.concatenate(blob)),
        height="content",
        on_edit_change=edited,
        on_click_change=clicked,
        on_grow_change=grown,
    )


def _sent(key: str, what: str) -> dict[str, Any] | None:
    state = session.get(key)
    return None if state is None else state.get(what)


def _short(numbers: NDArray[Any]) -> Any:
    """As JSON has them, four digits each; None for what is not a number."""
    if numbers.ndim > 1:
        return [_short(row) for row in numbers]
    return [float(f"{x:.4g}") if np.isfinite(x) else None for x in numbers]


def _map_bytes(maps: NDArray[Any]) -> NDArray[np.uint8]:
    """All maps on one scale, which is the answer's too; what lies beyond has the end's color."""
    return quantize(maps, "diverging", LIMIT).ravel()


def _marks(part: Dataset) -> NDArray[Any]:
    """What a point's color says: its class, or a level of the scale for a regression's value."""
    if part.values is None:
        return part.labels
    return quantize(part.values, "diverging", LIMIT)


def _point_bytes(points: NDArray[Any], labels: NDArray[Any]) -> NDArray[np.uint8]:
    """POINT_BYTES for each point on the plane, x1 and x2 (two each, the lower one first), and the
    label; those that lie outside are left out, not moved onto its frame."""
    inside = (np.abs(points) <= HALF).all(axis=0)
    points, labels = points[:, inside], labels[inside]
    steps = np.rint((points + HALF) / (2 * HALF) * STEPS).astype("<u2")
    at = np.ascontiguousarray(steps.T).view(np.uint8).reshape(-1, 4)
    return np.concatenate([at, labels[:, None].astype(np.uint8)], axis=1).ravel()
