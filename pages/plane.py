"""The plane: points in two dimensions, the network's predictions there and its neurons, live."""

from functools import partial

import streamlit as st

from data.points import MAX_CLASSES
from playground.run import Snapshot
from ui import hidden_controls, runs, session
from ui.hood.followed import follow
from ui.live import live
from ui.page import show
from ui.plane.controls import plane_controls
from ui.plane.grow import grow
from ui.plane.inspected import inspected, network_and_points
from ui.plane.maps import maps
from ui.plane.points import place_or_erase
from ui.plane.view import Edit, plane_view
from ui.save_load import save_and_load
from ui.share import share
from ui.time_machine.slider import time_slider
from ui.train.curves import accuracy_curve, cost_curve, log_toggle
from ui.train.two_classes import two_classes
from ui.widgets import show_value

SPEEDS = {"1 step/s": 1.0, "5 steps/s": 5.0, "25 steps/s": 25.0, "Real time": None}
BRUSH, VALIDATION, CRISP = "brush", "show validation", "crisp"


def main(shown: Snapshot) -> None:
    plane_controls(shown.now)
    with st.sidebar, st.container(horizontal=True, gap="xsmall", key="share-and-save"):
        share(shown.now)
        save_and_load(shown.now)
    live(shown, _page, key="plane")
    st.page_link("pages/hood.py", label="Take a step of this network apart")


def _page(shown: Snapshot) -> None:
    if shown.config.dataset == "placed":
        _brush(shown)
    _view(shown)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.toggle("Show test points", value=True, key=VALIDATION)
        st.toggle("Discretize output", key=CRISP)
        log_toggle()
        _speed(shown.now)
    inspected(shown)
    left, right = st.columns(2, gap="medium")
    with left:
        cost_curve(shown)
        time_slider(shown, parts=("plane",))
    with right:
        accuracy_curve(shown)
    two_classes(shown)


def _speed(shown: Snapshot) -> None:
    """The speed of training. Play and Pause work as always; Step takes one step."""
    speed = next(name for name, steps in SPEEDS.items() if steps == shown.speed)
    st.segmented_control(
        "Speed",
        list(SPEEDS),
        key=show_value("speed", speed, in_live_part=True),
        on_change=_take_speed,
        args=(shown.token,),
        required=True,
        label_visibility="collapsed",
    )


def _take_speed(token: str) -> None:
    name = session.get("set speed")
    if name in SPEEDS:  # None if the page was left before its widget was drawn: no click
        runs.act(token, lambda run: run.set_speed(SPEEDS[name]))


def _view(shown: Snapshot) -> None:
    network, data = network_and_points(shown)
    brush = session.get(BRUSH, 0) if shown.config.dataset == "placed" else None
    plane_view(
        network,
        maps(network, shown.config.inputs, crisp=bool(session.get(CRISP))),
        data,
        shown.config.inputs,
        key="view",
        on_edit=partial(_edit, shown.token),
        on_click=partial(place_or_erase, brush),
        on_grow=None if hidden_controls.hides("layers") else partial(grow, shown.now.config),
        brush=brush,
        validation=bool(session.get(VALIDATION, True)),
        editable=not (shown.is_past or hidden_controls.hides("weights")),
    )


def _brush(shown: Snapshot) -> None:
    most = min(shown.data.train.n_classes + 1, MAX_CLASSES)  # one more class than there is
    st.segmented_control(
        "A click on the plane adds a point of class",
        [*range(most), "erase"],
        key=BRUSH,
        default=0,
        required=True,
        format_func=lambda brush: "Erase" if brush == "erase" else f"class {brush}",
    )


def _edit(token: str, edit: Edit) -> None:
    runs.act(token, lambda run: run.set_parameter(*edit))
    follow(token, edit.layer, edit.unit, edit.source)


show(main)
