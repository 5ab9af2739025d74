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
from ui.inspect.chosen import examples, look_at, select
from ui.inspect.reading import how_to_read
from ui.live_plot import Point, live_plot

_AXES = "axes of the map"
TRUE, PREDICTED, WRONG = "true class", "predicted class", "right or wrong"


def map_view(shown: Snapshot, chosen: Selection) -> None:
    """Of the selection's part, on two principal axes; the selected stand out."""
    dataset = examples(shown, chosen.part).first(MAX_POINTS)
    whole = examples(shown, chosen.part)
    hidden = shown.config.layers[1:-1]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        l = st.selectbox(
            "Of", range(len(hidden) + 1), key=f"map of {len(hidden)}", index=len(hidden), width=220,
            format_func=lambda each: f"layer {each}: {hidden[each - 1]}" if each else "pixels",
        )  # fmt: skip
        by = st.selectbox("Colored by", [TRUE, PREDICTED, WRONG], key="map colors", width=180)
        hold = st.toggle("Hold the axes", key="map hold", help="The same frame while it trains: "
                         "points move, axes stay as they are now.")  # fmt: skip
        images = st.toggle("Images", True, key="map images", help="The examples themselves, in "
                           "their colors; points alone while it trains.")  # fmt: skip
    l = l or 0
    M = dataset.X if l == 0 else layers_of(shown.network, whole, most=MAX_POINTS).A[l - 1]
    m = M.shape[1]
    axes = _axes(shown, whole, l, M, hold=hold)
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
    made, numbers = map_figure(
        axes.place(M), groups, names, inside, _drawing(shown, axes, l), f"map {l} {shown.token}"
    )
    if images and not shown.busy:
        _draw_images(made, dataset.first(m), axes.place(M), groups, inside)
    live_plot(
        made,
        key="map",
        height=480,
        alt=f"A map of {m:,} examples on their two principal axes",
        on_pick=partial(_take_points, chosen, numbers),
    )
    along = " and ".join(f"{100 * each:.0f} %" for each in axes.explained)
    st.caption(
        f"{m:,} of {whole.m:,} examples. The axes hold {along} of the variance"
        + (", of the moment when they were held." if hold else ".")
    )
    how_to_read(
        "which classes lie apart, and which examples lie among others: drag around some to select "
        "them, click one to look at it.",
        "that what is near here is alike: the map leaves out all other directions, and most of the "
        "variance with them.",
    )


def _draw_images(
    made: Figure,
    dataset: Dataset,
    places: Array,
    groups: NDArray[np.integer],
    inside: NDArray[np.bool_],
) -> None:
    """Put a picture of all examples below the points, which become small."""
    palette = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in PALETTE], np.uint8)
    drawn_on = sheet(
        dataset.images,
        places,
        palette[groups % len(palette)],
        np.where(inside, 1.0, 0.2),
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


def _drawing(shown: Snapshot, axes: Axes, l: int) -> Array | None:
    """Where the drawing on the canvas is."""
    if not reads_drawings(shown.data):
        return None
    prediction = prediction_for(shown, drawn())
    if prediction is None:
        return None
    x = prediction.prepared.column
    return axes.place(x if l == 0 else shown.network.forward(x)[l - 1].A)


def _take_points(chosen: Selection, numbers: list[NDArray[np.intp]], points: list[Point]) -> None:
    known = [
        int(numbers[trace][at])
        for trace, at, *_ in points
        if trace < len(numbers) and at < len(numbers[trace])
    ]
    if len(known) == 1:
        look_at(known[0])
    elif known:
        select(chosen.with_points(known))
