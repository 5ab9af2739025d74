"""The settings of the plane as widgets: its points, the inputs of the network, and training. The
network's own settings are as on the page Train.
"""

import streamlit as st

from data.dataset import DataError
from data.points import INPUTS, MAX_CLASSES, POINT_SETS, read_points
from playground.config import RunConfig
from playground.run import Snapshot
from playground.settings import SETTINGS
from ui import hidden_controls, notes, runs, session
from ui.train.controls import hidden_controls_note, length, network, preset, rate, run_before
from ui.widgets import choice, real, show_value, slider, text_choice, whole

BATCHES = ("1", "8", "16", "32", "64", "128", "full")
_FILE = "points file"
MAX_MB = 1  # size of a file of points; 500 points take 20 kB


def plane_controls(shown: Snapshot) -> None:
    """Draw the settings. A change is applied before the next draw."""
    config = shown.config
    with st.sidebar:
        preset(config)
        _data(config)
        _inputs(config)
        network(config)
        choice("optimizer", config)
        left, right = st.columns([3, 2])  # a rate such as 0.0003 is long
        with left:
            rate(config)
        with right:
            text_choice("batch_size", config, BATCHES)
        left, right = st.columns(2)
        with left:
            real("l2", config)
        with right:
            real("l1", config)
        length(config)
        with st.expander("More", key="more"):
            choice("initializer", config)
            choice("schedule", config)
            slider("label_noise", config, 1.0, 0.05)
            slider("dropout", config, 0.9, 0.05)
            choice("class_weights", config)
        run_before(shown)
        hidden_controls_note()


def _data(config: RunConfig) -> None:
    if not hidden_controls.hides("dataset"):
        st.segmented_control(
            SETTINGS["dataset"].label,
            list(POINT_SETS),
            key=show_value("point set", config.dataset),
            format_func=lambda name: POINT_SETS[name].title,
            on_change=_take_set,
            required=True,
        )
    if config.dataset == "placed":
        slider("validation_fraction", config, 0.9, 0.05, low=0.1)
        _file()
        return
    left, right = st.columns(2)
    with left:
        whole("points", config, 10, 2000)
    with right:
        if POINT_SETS[config.dataset].most_classes > 2:
            whole("classes", config, 2, MAX_CLASSES)
    slider("noise", config, 1.0, 0.05)
    slider("validation_fraction", config, 0.9, 0.05, low=0.1)
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        whole("seed", config, 0, 2**32 - 1)
    if not hidden_controls.hides("seed"):
        right.button(
            "New points",
            key="new points",
            icon=":material/casino:",
            on_click=_new_points,
            help="The next seed: other points and other initial weights.",
            width="stretch",
        )


def _take_set() -> None:
    name, config = session.get("set point set"), _config()
    runs.configure(dataset=name, classes=min(config.classes, POINT_SETS[name].most_classes))


def _new_points() -> None:
    runs.configure(seed=(_config().seed + 1) % 2**32)


def _file() -> None:
    with st.popover("Load points (CSV)", icon=":material/upload_file:", width="stretch"):
        st.markdown("Lines of `x, y, label`. Points that do not fit the plane are scaled to it.")
        st.file_uploader(
            f"Points (.csv, up to {MAX_MB} MB)",
            type="csv",
            max_upload_size=MAX_MB,
            key=_FILE,
            on_change=_take_file,
        )


def _take_file() -> None:
    file = session.get(_FILE)
    if file is None:
        return
    try:
        points = read_points(file)
    except DataError as error:
        notes.note(f"{error} Everything stays as it was.")
    else:
        runs.configure(dataset="placed", placed=points)


def _inputs(config: RunConfig) -> None:
    if hidden_controls.hides("inputs"):
        return
    st.pills(
        SETTINGS["inputs"].label,
        list(INPUTS),
        key=show_value("inputs", list(config.inputs)),
        format_func=lambda name: INPUTS[name][0],
        selection_mode="multi",
        on_change=_take_inputs,
        help="The inputs of the network: functions of a point.",
    )


def _take_inputs() -> None:
    chosen = session.get("set inputs")
    if not chosen:
        notes.note("A network needs at least one input, so the last one stays on.")
        return
    runs.configure(inputs=tuple(name for name in INPUTS if name in chosen))


def _config() -> RunConfig:
    return runs.now().config
