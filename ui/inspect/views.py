"""VIEWS: every view of the page Inspect, in the order of its switch; and what is above them all."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import streamlit as st

from data.dataset import Dataset
from playground.inspect.selection import Selection
from playground.output import is_regression
from playground.run import Snapshot
from ui import notes, session
from ui.inspect import chosen
from ui.inspect.ablation import ablation, ablation_ahead
from ui.inspect.adversarial import adversarial, adversarial_ahead
from ui.inspect.attribution import attribution, attribution_ahead
from ui.inspect.beside import ahead
from ui.inspect.calibration import calibration
from ui.inspect.chosen import Example, examples
from ui.inspect.confusion import confusion
from ui.inspect.errors import errors
from ui.inspect.map import map_ahead, map_view
from ui.inspect.maximization import maximization, maximization_ahead
from ui.inspect.strip import strip
from ui.inspect.trace import trace, trace_ahead
from ui.inspect.unit import unit, unit_ahead
from ui.live import live, polls
from ui.time_machine.slider import time_slider

LIVE = 1.0  # seconds between two refreshes while the run trains


@dataclass(frozen=True)
class View:
    """A view of a selection, or of the one example that is looked at.

    every  seconds between two refreshes while the run trains, so many that they take less than a
           tenth of its speed (benchmarks.inspect_page); None for a view that takes too long to
           compute for that: it is drawn anew when somebody acts
    of_images  whether it has a meaning for images only, not for points on the plane
    """

    title: str
    of_selection: Callable[[Snapshot, Selection], None] | None = None
    of_example: Callable[[Snapshot, Example], None] | None = None
    every: float | None = LIVE
    of_images: bool = False

    def draw(self, shown: Snapshot, selected: Selection, looked_at: Example | None) -> None:
        if self.of_images and shown.data.validation.image_shape is None:
            rest = ", ".join(view.title for view in VIEWS.values() if not view.of_images)
            st.info(f"This view is of images. For points on the plane there are: {rest}.")
            return
        if self.of_selection is not None and chosen.examples(shown, selected.part).m:
            self.of_selection(shown, selected)
        if self.of_example is not None and looked_at is not None:
            self.of_example(shown, looked_at)


VIEWS = {
    "confusion": View("Confusion", of_selection=confusion),
    "errors": View("Errors", of_selection=errors, of_images=True),
    "trace": View("Trace", of_example=trace, of_images=True),
    "unit": View("Unit", of_selection=unit, every=3 * LIVE),
    "ablation": View("Ablation", of_selection=ablation, every=None),
    "attribution": View("Attribution", of_example=attribution, every=None, of_images=True),
    "maximization": View(
        "Activation maximization", of_selection=maximization, every=None, of_images=True
    ),
    "adversarial": View("Adversarial", of_example=adversarial, every=None, of_images=True),
    "map": View("Map", of_selection=map_view, every=4 * LIVE),
    "calibration": View("Calibration", of_selection=calibration),
}
NAMES = tuple(VIEWS)
# What views show at first takes a moment to compute. The quickest are first.
AHEAD: dict[str, Callable[[Snapshot, Dataset, Example], None]] = {
    "unit": unit_ahead,
    "ablation": ablation_ahead,
    "map": map_ahead,
    "trace": trace_ahead,
    "attribution": attribution_ahead,
    "maximization": maximization_ahead,
    "adversarial": adversarial_ahead,
}


def views(shown: Snapshot) -> None:
    """The switch, the selection, and the view that is chosen, refreshed together."""
    chosen.write_address()
    if is_regression(shown.config):
        st.info(
            "These views are for networks that classify. This network predicts a number: the page "
            "The plane shows its output all over the plane."
        )
        return
    name_then = chosen.view(NAMES)

    def part(now: Snapshot) -> None:
        name = chosen.view(NAMES)
        if polls(now) and VIEWS[name].every != VIEWS[name_then].every:
            notes.draw_again()  # with another timer
        _view(now, name)
        time_slider(now, parts=("inspect",))

    live(shown, part, key="inspect", every=VIEWS[name_then].every)


def _view(shown: Snapshot, name: str) -> None:
    session.show("inspect view", name)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.segmented_control(
            "View",
            NAMES,
            key="inspect view",
            format_func=lambda each: VIEWS[each].title,
            required=True,
            label_visibility="collapsed",
            on_change=lambda: chosen.show_view(session.get("inspect view")),
        )
        st.caption(_of_step(shown, VIEWS[name].every), width="content")
    if not shown.is_finite:
        st.info("The run diverged: this network predicts nothing. Reset it on the page Train.")
        return
    selected = chosen.selection()
    looked_at = chosen.example(shown, selected)
    strip(shown, selected, looked_at)
    VIEWS[name].draw(shown, selected, looked_at)
    dataset = examples(shown, selected.part)
    if looked_at and dataset.m and not (polls(shown) or shown.is_past):
        is_image = dataset.image_shape is not None
        makes = [
            partial(compute, shown, dataset, looked_at)
            for each, compute in AHEAD.items()
            if is_image or not VIEWS[each].of_images
        ]
        ahead(shown, (dataset, looked_at.key), makes)


def _of_step(shown: Snapshot, every: float | None) -> str:
    if shown.iteration == 0:
        return "The network is untrained: press Play and watch."
    still = " This view does not refresh by itself." if shown.busy and every is None else ""
    return f"The network after step {shown.iteration:,}.{still}"
