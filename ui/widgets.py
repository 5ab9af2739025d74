"""Widgets for settings, the same on every page. Each always shows the run's value; settings that a
teacher has hidden have none.
"""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from playground.config import RunConfig
from playground.settings import SETTINGS
from ui import hidden_controls, notes, runs, session


def show_value(name: str, value: Any, *, in_live_part: bool = False) -> str:
    """Let the widget of a setting show the run's value, and return its key."""
    key = f"set {name}"
    session.show(key, value, in_live_part=in_live_part)
    return key


def take(name: str) -> None:
    """Callback: apply the changed widget's value."""
    runs.configure(**{name: session.get(f"set {name}")})


def choice(name: str, config: RunConfig) -> None:
    """A choice of one of the setting's allowed names."""
    if hidden_controls.hides(name):
        return
    setting, value = SETTINGS[name], getattr(config, name)
    formula = ""
    if setting.formula is not None:
        formula = f"\n\n{setting.title(value)}: ${setting.formula(value)}$"
    st.selectbox(
        setting.label,
        setting.choices,
        key=show_value(name, value),
        format_func=setting.title,
        help=setting.help + formula,
        on_change=take,
        args=(name,),
    )


def text_choice(name: str, config: RunConfig, options: Sequence[str]) -> None:
    """A choice of one of these texts, or of a typed one."""
    if hidden_controls.hides(name):
        return
    setting = SETTINGS[name]
    text = setting.write(getattr(config, name))
    st.selectbox(
        setting.label,
        options if text in options else (*options, text),
        key=show_value(name, text),
        help=setting.help,
        accept_new_options=True,
        on_change=take_text,
        args=(name,),
    )


def take_text(name: str) -> None:
    """Callback: apply the widget's text, or show why it is not allowed."""
    try:
        value = SETTINGS[name].read(str(session.get(f"set {name}")))
    except ValueError as error:
        notes.note(f"{SETTINGS[name].label}: {error} Everything stays as it was.")
        return
    runs.configure(**{name: value})


def whole(name: str, config: RunConfig, low: int, high: int) -> None:
    """A widget for a whole number."""
    if hidden_controls.hides(name):
        return
    setting = SETTINGS[name]
    st.number_input(
        setting.label,
        min_value=low,
        max_value=high,
        step=1,
        key=show_value(name, getattr(config, name)),
        help=setting.help,
        on_change=take,
        args=(name,),
    )


def real(name: str, config: RunConfig) -> None:
    """A widget for a number from 0 to 10."""
    if hidden_controls.hides(name):
        return
    setting = SETTINGS[name]
    st.number_input(
        setting.label,
        min_value=0.0,
        max_value=10.0,
        step=0.0001,
        format="%g",
        key=show_value(name, getattr(config, name)),
        help=setting.help,
        on_change=take,
        args=(name,),
    )


def slider(name: str, config: RunConfig, high: float, step: float, *, low: float = 0.0) -> None:
    """A slider from low to high. If the run's value is higher, the slider ends there."""
    if hidden_controls.hides(name):
        return
    setting, value = SETTINGS[name], getattr(config, name)
    st.slider(
        setting.label,
        low,
        max(high, value),
        step=step,
        key=show_value(name, value),
        help=setting.help,
        on_change=take,
        args=(name,),
    )
