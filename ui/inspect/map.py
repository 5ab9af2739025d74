"""View 8: the examples as points, near each other where they are alike to the network."""

import base64
import io
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image

from data.dataset import Dataset
from netcore.array import Array
from playground.figures import Figure
from playground.inspect.embedding import METHODS, beside_neighbors
from playground.inspect.figures import PALETTE, map_figure
from playground.inspect.kept import kept
from playground.inspect.layers import layers_of
from playground.inspect.outcome import outcome
from playground.inspect.pca import Axes, pixel_axes, principal_axes
from playground.inspect.selection import MAX_POINTS, Selection
from playground.inspect.sprites import sheet
from playground.run import Snapshot
from ui import session
from ui.draw.answer import prediction_for, reads_drawings
from ui.draw.canvas import drawn
from ui.inspect.chosen import examples
from ui.inspect.embedded import embedded, seed_widget
from ui.inspect.points import take_points
from ui.inspect.reading import how_to_read
from ui.live_plot import Restyle, live_plot

_AXES = "axes of the map"
PCA = "pca"
TRUE, PREDICTED, WRONG = "true class", "predicted class", "right or wrong"
HIDDEN = "map hidden"  # groups that a person has hidden in the legend, by name


def map_view(shown: Snapshot, chosen: Selection) -> None:
    """Of the selection's part, on two principal axes or beside its neighbors; the selected stand
    out.
    """
    whole = examples(shown, chosen.part)
    dataset = whole.first(MAX_POINTS)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        method, l, by, hold, images = _controls(shown)
    M = dataset.X if l == 0 else layers_of(shown.network, whole, most=MAX_POINTS).A[l - 1]
    m = M.shape[1]
    axes = None
    if method == PCA:
        axes = _axes(shown, whole, l, M, hold=hold)
        places = axes.place(M)
    else:
        latest = embedded(shown, method, M, of=(chosen.part, l))
        if latest is None:
            return
        places = latest
    found = outcome(shown.network, whole)
    names: tuple[str, ...] = whole.class_names
    groups: NDArray[np.integer] = found.labels[:m]
    if by == PREDICTED:
        groups = found.predicted[:m]
    elif by == WRONG:
        groups, names = found.wrong[:m].astype(int), ("right", "wrong")
    members = chosen.members(shown.network, whole)
    inside = np.zeros(m, dtype=bool)
    inside[members[members < m]] = True
    hidden = {group for group, name in enumerate(names) if name in session.get(HIDDEN, ())}
    made, numbers = map_figure(
        places, groups, names, inside, _drawing(shown, axes, places, M, l),
        f"map {method} {l} {by} {shown.token}",
        axes=("first principal axis", "second principal axis") if axes else None, hidden=hidden,
    )  # fmt: skip
    if images and whole.image_shape is not None and not shown.busy:
        seen = ~np.isin(groups, list(hidden))
        _draw_images(made, dataset.first(m), places, groups, np.where(inside, 1.0, 0.2) * seen)
    live_plot(
        made,
        key="map",
        height=480,
        alt=f"A map of {m:,} examples, colored by {by}",
        on_pick=partial(take_points, chosen, numbers),
        on_restyle=partial(_take_hidden, [names[groups[at[0]]] for at in numbers]),
    )
    _explain(m, whole.m, axes, hold=hold)


def _controls(shown: Snapshot) -> tuple[str, int, str, bool, bool]:
    """The method, the layer (0 is the input), what colors mean, whether axes are held, and whether
    images are shown.
    """
    hidden = shown.config.layers[1:-1]
    inputs = "inputs" if shown.data.train.image_shape is None else "pixels"
    method = st.segmented_control(
        "Map by", [PCA, *METHODS], default=PCA, key="map method", required=True,
        format_func=lambda each: "PCA" if each == PCA else METHODS[each].title,
    ) or PCA  # fmt: skip
    l = st.selectbox(
        "Of", range(len(hidden) + 1), key=f"map of {len(hidden)}", index=len(hidden), width=160,
        format_func=lambda each: f"layer {each}: {hidden[each - 1]}" if each else inputs,
    ) or 0  # fmt: skip
    by = st.selectbox("Colored by", [TRUE, PREDICTED, WRONG], key="map colors", width=170)
    hold = False
    if method == PCA:
        hold = st.toggle("Hold the axes", key="map hold", help="The same frame while it trains: "
                         "points move, axes stay as they are now.")  # fmt: skip
    else:
        seed_widget()
    images = shown.data.train.image_shape is not None and st.toggle(
        "Images", True, key="map images",
        help="The examples themselves, in their colors; points alone while it trains.",
    )  # fmt: skip
    return method, l, by, hold, images


def _explain(m: int, of: int, axes: Axes | None, *, hold: bool) -> None:
    if axes is None:
        st.caption(f"{m:,} of {of:,} examples. A drawing stands at the median of the five nearest.")
        how_to_read(
            "Some examples have the same neighbors. Another start gives another map: what stays is "
            "in the data.",
            "Groups far apart are very different. (t-SNE and UMAP keep neighbors together. "
            "Distances, gaps and the sizes of groups mean nothing: even noise can form groups.)",
        )
        return
    along = " and ".join(f"{100 * each:.0f} %" for each in axes.explained)
    st.caption(
        f"{m:,} of {of:,} examples. The axes hold {along} of the variance"
        + (", of the moment when they were held." if hold else ".")
    )
    how_to_read(
        "Some classes lie apart, and some examples lie among those of another class. Drag around "
        "examples to select them, or click one to look at it.",
        "Neighbors on the map are alike. (The map omits all other directions, and most of the "
        "variance with them.)",
    )


def _draw_images(
    made: Figure,
    dataset: Dataset,
    places: Array,
    groups: NDArray[np.integer],
    strength: Array,
) -> None:
    """Put a picture of all examples, each as visible as its strength says, below the points, which
    become small.
    """
    palette = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in PALETTE], np.uint8)
    drawn_on = sheet(
        dataset.images,
        places,
        palette[groups % len(palette)],
        strength,
    )
    file = io.BytesIO()
    Image.fromarray(drawn_on.pixels).save(file, "PNG", compress_level=1)
    (left, right), (bottom, top) = drawn_on.x, drawn_on.y
    made["layout"]["images"] = [{
        "source": "data:image/png;base64," + base64.b64encode(file.getvalue()).decode(),
        "xref": "x", "yref": "y", "x": left, "y": top, "sizex": right - left,
        "sizey": top - bottom, "sizing": "stretch", "layer": "below",
    }]  # fmt: skip
    for trace in made["data"]:
        if "customdata" in trace:
            trace["marker"] |= {"size": 3, "opacity": 0.4}


def _axes(shown: Snapshot, dataset: Dataset, l: int, M: Array, *, hold: bool) -> Axes:
    of = (shown.token, dataset, l, len(M))
    if hold and (held := session.get(_AXES)) is not None and held[0] == of:
        axes: Axes = held[1]
        return axes
    if l == 0:
        axes = pixel_axes(dataset, M.shape[1])
    else:
        axes = kept(shown.network, ("axes", dataset, l), lambda: principal_axes(M))
    session.put(_AXES, (of, axes))
    return axes


def _drawing(shown: Snapshot, axes: Axes | None, places: Array, M: Array, l: int) -> Array | None:
    """Where the drawing on the canvas is: on the axes, or among the examples most like it."""
    if not reads_drawings(shown.data):
        return None
    prediction = prediction_for(shown, drawn())
    if prediction is None:
        return None
    x = prediction.prepared.column
    a = x if l == 0 else shown.network.forward(x)[l - 1].A
    return beside_neighbors(places, M, a) if axes is None else axes.place(a)


def _take_hidden(names: list[str], restyle: Restyle) -> None:
    session.put(HIDDEN, hidden_after(set(session.get(HIDDEN, ())), names, restyle))


def hidden_after(hidden: set[str], names: list[str], restyle: Restyle) -> set[str]:
    """The groups that are hidden after a click in the legend: their images follow.

    names  of the traces that are groups
    """
    visible = restyle.changes.get("visible")
    values = visible if isinstance(visible, list) else [visible]
    if "visible" not in restyle.changes or not values:
        return hidden
    for at, trace in enumerate(restyle.traces):
        if trace < len(names):
            is_hidden = values[at % len(values)] == "legendonly"
            hidden = hidden | {names[trace]} if is_hidden else hidden - {names[trace]}
    return hidden
