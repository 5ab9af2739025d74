"""RunConfig <-> widgets: the sidebar. Every widget shows the run's own setting, always."""

from math import floor, log10

import streamlit as st

from netcore.activations import HIDDEN_ACTIVATIONS
from playground.config import ConfigError, RunConfig
from playground.descriptions import learned_from
from playground.measure import measure_of
from playground.presets import PRESETS, presets_for
from playground.run import Snapshot
from playground.run_data import is_plane
from playground.settings import FULL, MAX_ITERATIONS, MAX_LAYERS, MAX_UNITS, NETWORK_LIMIT, SETTINGS
from ui import hidden_controls, notes, runs, session
from ui.data.choice import data_set, forms
from ui.train.task import task
from ui.widgets import choice, real, show_value, slider, take, text_choice, whole

BATCHES = ("1", "8", "16", "32", "64", "128", "256", "512", "1024", FULL)
UP, DOWN, REMOVE = "Move up", "Move down", "Remove"
YOURS = "yours"
_REFUSED = "refused network"


def controls(shown: Snapshot) -> None:
    """Draw the settings; a change is applied before the page is drawn again."""
    config = shown.config
    with st.sidebar:
        _fine_tuned(shown)
        preset(config)
        network(config)
        choice("optimizer", config)
        left, right = st.columns([3, 2])  # a rate such as 0.0003 is long
        with left:
            rate(config)
        with right:
            text_choice("batch_size", config, BATCHES)
        length(config)
        data_set(shown)
        forms(config)
        task(shown)
        with st.expander("More", key="more"):
            choice("initializer", config)
            choice("schedule", config)
            slider("augmentation", config, 2.0, 0.25)
            slider("dropout", config, 0.9, 0.05)
            real("l2", config)
            real("l1", config)
            choice("class_weights", config)
            whole("seed", config, 0, 2**32 - 1)
        live = ", ".join(s.label for s in SETTINGS.values() if s.live)
        st.caption(f"{live}: you can change these during a run. All others start a new run.")
        run_before(shown)
        hidden_controls_note()


def _fine_tuned(shown: Snapshot) -> None:
    """A note on a fine-tuned run: its settings, and that the chosen settings are not lost."""
    if shown.fine_tuning is None:
        return
    mine, its = shown.fine_tuning.config, shown.fine_tuning.run_config
    changed = [
        f"{setting.label} {_title(its, name)}, not {_title(mine, name)}"
        for name, setting in SETTINGS.items()
        if getattr(its, name) not in (getattr(mine, name), None)
    ]
    st.caption(
        f"**Fine-tuned:** this run continues from a trained network, {learned_from(shown)}, with "
        f"its own settings: {'; '.join(changed)}. Your settings are kept: if you change one, a run "
        "with them starts."
    )


def _title(config: RunConfig, name: str) -> str:
    """The setting's value in words. A run is as long as either iterations or epochs say."""
    value, setting = getattr(config, name), SETTINGS[name]
    if value is None:
        return f"{config.epochs:,} epochs" if name == "iterations" else "none"
    return setting.title(setting.write(value))


def run_before(shown: Snapshot) -> None:
    """A button back to the run that the last change of settings replaced."""
    if (before := runs.shown_before()) is not None and before.token != shown.token:
        validation = measure_of(before.config).on_validation(before.measured.validation)
        st.button(
            "Back to the run before",
            key="back",
            icon=":material/undo:",
            on_click=runs.back_to_run_before,
            help=f"{list(before.config.layers)}, {' '.join(validation)}.",
            width="stretch",
        )


def hidden_controls_note() -> None:
    """A button that shows hidden controls again, if there are some."""
    if hidden_controls.hidden():
        st.button(
            "Show the hidden controls",
            key="show all",
            icon=":material/visibility:",
            on_click=hidden_controls.show_all,
            type="tertiary",
        )


def preset(config: RunConfig) -> None:
    if hidden_controls.hides("preset"):
        return
    presets = presets_for(config)
    same = [name for name, preset in presets.items() if preset.config == config]
    key = show_value("preset", same[0] if same else YOURS)
    st.selectbox(
        "Try",
        [*presets, *([] if same else [YOURS])],
        key=key,
        format_func=lambda name: PRESETS[name].title if name in PRESETS else "Your own settings",
        on_change=_take_preset,
        help="\n".join(f"- **{preset.title}** {preset.about}" for preset in presets.values()),
    )


def _take_preset() -> None:
    name = session.get("set preset")
    if name in PRESETS:
        runs.start_anew(PRESETS[name].config)


def network(config: RunConfig) -> None:
    """The layers as a list in a text field, and as rows of widgets."""
    if hidden_controls.hides("layers"):
        return
    st.text_input(
        SETTINGS["layers"].label,
        key=show_value("layers", _text_to_correct(config) or str(list(config.layers))),
        help=SETTINGS["layers"].help,
        on_change=_take_layers,
    )
    for i, (n, name) in enumerate(zip(config.layers[1:-1], config.activations, strict=True)):
        row = st.container(horizontal=True, gap="xxsmall", wrap=False)
        row.number_input(
            f"Units of hidden layer {i + 1}",
            min_value=1,
            max_value=MAX_UNITS,
            step=1,
            key=show_value(f"units {i}", n),
            on_change=_take_units,
            args=(i, config),
            label_visibility="collapsed",
            width=104,
        )
        if hidden_controls.hides("activations"):
            continue
        row.selectbox(
            f"Activation of hidden layer {i + 1}",
            tuple(HIDDEN_ACTIVATIONS),
            key=show_value(f"activation {i}", name),
            format_func=lambda each: HIDDEN_ACTIVATIONS[each].title,
            on_change=_take_activation,
            args=(i, config),
            label_visibility="collapsed",
        )
        row.menu_button(
            f"Move or remove hidden layer {i + 1}",  # its name; ui/head.css shows the arrow alone
            [UP, DOWN, REMOVE],
            key=f"row {i}",
            on_click=_take_row,
            args=(i, config),
            type="tertiary",
            help=f"Move or remove hidden layer {i + 1}.",
        )
    st.button(
        "Add a hidden layer",
        key="add layer",
        icon=":material/add:",
        on_click=add_layer,
        disabled=len(config.layers) >= MAX_LAYERS + 2,
        help=NETWORK_LIMIT if len(config.layers) >= MAX_LAYERS + 2 else None,
        width="stretch",
    )


def _take_layers() -> None:
    text, now = session.get("set layers"), _config().layers
    session.take(_REFUSED)
    try:
        layers = RunConfig.from_text({"layers": text}).layers
    except ConfigError as error:
        session.put(_REFUSED, (text, now))
        notes.note(f"{error} The network stays as it was.")
        return
    runs.configure(layers=layers)
    if layers not in (now, _config().layers):
        session.put(_REFUSED, (text, now))


def _text_to_correct(config: RunConfig) -> str:
    """The text that was refused, until the network changes."""
    text, layers = session.get(_REFUSED, ("", ()))
    return text if layers == config.layers else ""


def same_network(drawn: RunConfig) -> bool:
    """Whether the network is still the one for which the widgets were drawn. Another change may
    have come first, and then a row is another layer than it was.
    """
    now = _config()
    return (now.layers, now.activations) == (drawn.layers, drawn.activations)


def _take_units(i: int, drawn: RunConfig) -> None:
    if same_network(drawn):
        layers = list(drawn.layers)
        layers[i + 1] = session.get(f"set units {i}")
        runs.configure(layers=tuple(layers), activations=drawn.activations)


def _take_activation(i: int, drawn: RunConfig) -> None:
    if same_network(drawn):
        activations = list(drawn.activations)
        activations[i] = session.get(f"set activation {i}")
        runs.configure(activations=tuple(activations))


def _take_row(i: int, drawn: RunConfig) -> None:
    if not same_network(drawn):
        return
    hidden, activations = list(drawn.layers[1:-1]), list(drawn.activations)
    row = hidden.pop(i), activations.pop(i)
    what = session.get(f"row {i}")
    if what != REMOVE:
        to = max(i - 1, 0) if what == UP else i + 1
        hidden.insert(to, row[0])
        activations.insert(to, row[1])
    take_hidden(hidden, activations)


def add_layer() -> None:
    hidden, activations = list(_config().layers[1:-1]), list(_config().activations)
    units, name = (8, "tanh") if is_plane(_config()) else (64, "relu")
    take_hidden([*hidden, (hidden or [units])[-1]], [*activations, (activations or [name])[-1]])


def take_hidden(hidden: list[int], activations: list[str]) -> None:
    layers = _config().layers
    runs.configure(layers=(layers[0], *hidden, layers[-1]), activations=tuple(activations))


def _config() -> RunConfig:
    return runs.now().config


def rate(config: RunConfig) -> None:
    if hidden_controls.hides("learning_rate"):
        return
    setting, alpha = SETTINGS["learning_rate"], config.learning_rate
    st.number_input(
        setting.label,
        min_value=1e-7,
        max_value=100.0,
        step=10.0 ** floor(log10(alpha)),  # the buttons turn the first digit
        format="%g",
        key=show_value("learning_rate", alpha),
        help=setting.help,
        on_change=take,
        args=("learning_rate",),
    )


def length(config: RunConfig) -> None:
    if hidden_controls.hides("epochs"):
        return
    unit = "iterations" if config.epochs is None else "epochs"
    left, right = st.columns([2, 1], vertical_alignment="bottom", gap="xsmall")
    left.segmented_control(
        "Length of the run in",
        ["epochs", "iterations"],
        key=show_value("unit", unit),
        required=True,
        on_change=_take_unit,
        label_visibility="collapsed",
    )
    with right:
        whole(unit, config, 1, MAX_ITERATIONS)


def _take_unit() -> None:
    now = runs.now()
    m = now.data.train.m
    if session.get("set unit") == "iterations":
        runs.configure(iterations=now.config.n_iterations(m))
    else:
        per_epoch = now.config.batches_per_epoch(m)
        runs.configure(epochs=max(1, round(now.config.n_iterations(m) / per_epoch)))
