"""The network on the plane: its output as a large map, and every neuron's map in the diagram.

Hover over a neuron to see its map in large, click a weight (or a neuron, for its bias) to set it by
hand, or click the plane to add a point.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from data.dataset import Dataset
from data.points import HALF, INPUTS, Plane
from netcore.network import Network
from playground.colors import CLASSES, DIVERGING
from playground.decision_maps import LIMIT, MAX_SHOWN, SCALE, Maps
from ui import session
from ui.image_grid import quantize
from ui.pixels import encode, pixel_component

Brush = int | Literal["erase"] | None
POINT_BYTES = 5
STEPS = 65535  # decimals of a coordinate sent to the browser


class Edit(NamedTuple):
    """A parameter of the network set by hand: W[layer][unit, source], or b[layer][unit] if source
    is None. Layers count from 1, units from 0.
    """

    layer: int
    unit: int
    source: int | None
    value: float


class Grow(NamedTuple):
    """One unit more or less in this hidden layer; if it is None, one layer more or less."""

    layer: int | None
    by: int


class Click(NamedTuple):
    """A click on the plane."""

    x1: float
    x2: float


_constants = {"scale": SCALE, "classes": CLASSES, "points": DIVERGING, "half": HALF}
_mount = pixel_component(Path(__file__), "plane_view", {"CONSTANTS": _constants})


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
    """Show the network of this moment, or update the view of this key.

    maps      of the same network
    inputs    names of INPUTS: the network's input units
    brush     what a click on the plane adds: a class, or "erase"; None to ignore clicks
    on_grow   if None, the diagram has no buttons for more units and layers
    validation  whether the validation points are shown as well
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
    """As JSON, with four digits; None for NaN."""
    if numbers.ndim > 1:
        return [_short(row) for row in numbers]
    return [float(f"{x:.4g}") if np.isfinite(x) else None for x in numbers]


def _map_bytes(maps: NDArray[Any]) -> NDArray[np.uint8]:
    """All maps, and the output, on one scale. Values outside of it get the color of its end."""
    return quantize(maps, "diverging", LIMIT).ravel()


def _marks(part: Dataset) -> NDArray[Any]:
    """The color of a point: its class, or for a regression a level of the scale."""
    if part.values is None:
        return part.labels
    return quantize(part.values, "diverging", LIMIT)


def _point_bytes(points: NDArray[Any], labels: NDArray[Any]) -> NDArray[np.uint8]:
    """POINT_BYTES for each point inside the plane: x1 and x2 (two bytes each, little-endian), and
    the label. Points outside are omitted.
    """
    inside = (np.abs(points) <= HALF).all(axis=0)
    points, labels = points[:, inside], labels[inside]
    steps = np.rint((points + HALF) / (2 * HALF) * STEPS).astype("<u2")
    at = np.ascontiguousarray(steps.T).view(np.uint8).reshape(-1, 4)
    return np.concatenate([at, labels[:, None].astype(np.uint8)], axis=1).ravel()
