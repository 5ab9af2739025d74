"""View 8: the examples as points: a projection of the pixels, or of the activations of a layer."""

import base64
import io
from functools import partial
from typing import Any

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
from playground.inspect.sprites import FORMS, LEVELS, sheet
from playground.run import Snapshot
from ui import session
from ui.draw.answer import prediction_for, reads_drawings
from ui.draw.canvas import drawn
from ui.inspect.chosen import Example, examples
from ui.inspect.embedded import embedded, seed_widget
from ui.inspect.points import take_points
from ui.inspect.reading import how_to_read
from ui.live_plot import Restyle, live_plot

Picture = dict[str, Any]
"""An image of Plotly's layout."""
_AXES = "axes of the map"
PCA = "pca"
TRUE, PREDICTED, WRONG = "true class", "predicted class", "right or wrong"
HIDDEN = "map hidden"  # groups that a person has hidden in the legend, by name


def map_view(shown: Snapshot, chosen: Selection) -> None:
    """The selection's part by PCA, t-SNE or UMAP. The selected examples are stronger."""
    whole = examples(shown, chosen.part)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        method, l, by, hold, images = _controls(shown)
    M = _columns(shown, whole, l)
    m = M.shape[1]
    axes, under_way = None, False
    if method == PCA:
        axes = _axes(shown, whole, l, M, hold=hold)
        positions = axes.project(M)
    else:
        latest = embedded(shown, method, M, of=(chosen.part, l))
        if latest is None:
            return
        positions, under_way = latest
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
        positions, groups, names, inside, _drawing(shown, axes, positions, M, l),
        f"map {method} {l} {by} {shown.token}",
        axes=("first principal axis", "second principal axis") if axes else None, hidden=hidden,
    )  # fmt: skip
    if images and whole.image_shape is not None and not (shown.busy or under_way):
        seen = ~np.isin(groups, list(hidden))
        opacity = np.where(inside, 1.0, 0.2) * seen
        drawn_on = (whole.first(m), positions, groups, opacity)
        _put_below(
            made, _pictures(*drawn_on) if axes is None else _pictures_on(shown, axes, *drawn_on)
        )
    live_plot(
        made,
        key="map",
        height=480,
        alt=f"A map of {m:,} examples, colored by {by}",
        on_pick=partial(take_points, chosen, numbers),
        on_restyle=partial(_take_hidden, [names[groups[at[0]]] for at in numbers]),
    )
    _explain(m, whole.m, method, axes, hold=hold)


def _controls(shown: Snapshot) -> tuple[str, int, str, bool, bool]:
    """The method, the layer (0 is the input), what colors mean, whether the axes are fixed, and
    whether images are shown.
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
        hold = st.toggle("Fix the axes", key="map hold", help="Keeps these two axes while the "
                         "network trains, so that only the points move.")  # fmt: skip
    else:
        seed_widget()
    images = shown.data.train.image_shape is not None and st.toggle(
        "Images", True, key="map images",
        help="Shows the images of the examples, colored like their points. While the run trains, "
        "or the map is computed, it has points only.",
    )  # fmt: skip
    return method, l, by, hold, images


def _explain(m: int, of: int, method: str, axes: Axes | None, *, hold: bool) -> None:
    if axes is None:
        how = METHODS[method]
        st.caption(
            f"{m:,} of {of:,} examples. {how.title}: {how.settings}. A drawing is placed at the "
            "median position of its five nearest neighbors."
        )
        how_to_read(
            "Examples with similar activations are neighbors. Each start gives another map. If a "
            "group appears in all of them, it is in the data.",
            '"Groups far apart are very different." t-SNE and UMAP keep neighbors together. '
            "Distances, gaps and the sizes of groups mean nothing: even noise can form groups.",
        )
        return
    explained = " and ".join(f"{100 * each:.0f} %" for each in axes.explained)
    st.caption(
        f"{m:,} of {of:,} examples. The two axes explain {explained} of the variance"
        + (" of the step at which you fixed them." if hold else ".")
    )
    how_to_read(
        "Some classes are separate, and some examples are among those of another class. Drag "
        "around examples to select them, or click one to look at it.",
        '"Neighbors on the map are similar." The map shows two directions. It omits the variance '
        "along all others.",
    )


def map_ahead(shown: Snapshot, dataset: Dataset, example: Example) -> None:
    """Compute what the view shows at first."""
    l = len(shown.network.layers) - 1
    M = _columns(shown, dataset, l)
    axes, few = _axes_of(shown, dataset, l, M), dataset.first(M.shape[1])
    if dataset.image_shape is not None:
        _pictures_on(shown, axes, few, axes.project(M), few.labels, np.ones(few.m))


def _columns(shown: Snapshot, dataset: Dataset, l: int) -> Array:
    """The activations (n_l, m) of layer l for the first examples; of layer 0, the inputs."""
    if l == 0:
        return dataset.first(MAX_POINTS).X
    return layers_of(shown.network, dataset, most=MAX_POINTS).A[l - 1]


def _pictures_on(
    shown: Snapshot,
    axes: Axes,
    dataset: Dataset,
    positions: Array,
    groups: NDArray[np.integer],
    opacity: Array,
) -> list[Picture]:
    """The pictures of a projection on these axes, drawn once."""
    key = ("pictures", axes, groups.tobytes(), opacity.tobytes())
    return kept(shown.network, key, lambda: _pictures(dataset, positions, groups, opacity))


def _pictures(
    dataset: Dataset, positions: Array, groups: NDArray[np.integer], opacity: Array
) -> list[Picture]:
    """All examples drawn at their positions, once for each form of the chart."""
    return [_picture(form, dataset, positions, groups, opacity) for form in FORMS]


def _picture(
    form: str, dataset: Dataset, positions: Array, groups: NDArray[np.integer], opacity: Array
) -> Picture:
    """An image of all examples, with an opacity for each, for a chart of this form."""
    drawn_on = sheet(dataset.images, positions, groups % len(PALETTE), opacity, FORMS[form])
    picture = Image.fromarray(drawn_on.pixels)
    picture.putpalette(b"".join(bytes.fromhex(color[1:]) * LEVELS for color in PALETTE))
    alphas = np.linspace(0, 255, LEVELS).astype(np.uint8).tobytes() * len(PALETTE)
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=1, transparency=alphas)
    (left, right), (bottom, top) = drawn_on.x, drawn_on.y
    return {
        "name": form,
        "source": "data:image/png;base64," + base64.b64encode(file.getvalue()).decode(),
        "xref": "x", "yref": "y", "x": left, "y": top, "sizex": right - left,
        "sizey": top - bottom, "sizing": "stretch", "layer": "below",
    }  # fmt: skip


def _put_below(made: Figure, pictures: list[Picture]) -> None:
    """Put the pictures below the points, and make the points small."""
    made["layout"]["images"] = pictures
    for trace in made["data"]:
        if "customdata" in trace:
            trace["marker"] |= {"size": 2, "opacity": 1}


def _axes(shown: Snapshot, dataset: Dataset, l: int, M: Array, *, hold: bool) -> Axes:
    of = (shown.token, dataset, l, len(M))
    if hold and (held := session.get(_AXES)) is not None and held[0] == of:
        axes: Axes = held[1]
        return axes
    axes = _axes_of(shown, dataset, l, M)
    session.put(_AXES, (of, axes))
    return axes


def _axes_of(shown: Snapshot, dataset: Dataset, l: int, M: Array) -> Axes:
    if l == 0:
        return pixel_axes(dataset, M.shape[1])
    return kept(shown.network, ("axes", dataset, l), lambda: principal_axes(M))


def _drawing(
    shown: Snapshot, axes: Axes | None, positions: Array, M: Array, l: int
) -> Array | None:
    """The position of the drawing on the canvas: on the axes, or among its nearest neighbors."""
    if not reads_drawings(shown.data):
        return None
    prediction = prediction_for(shown, drawn())
    if prediction is None:
        return None
    x = prediction.prepared.column
    a = x if l == 0 else shown.network.forward(x)[l - 1].A
    return beside_neighbors(positions, M, a) if axes is None else axes.project(a)


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
