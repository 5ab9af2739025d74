"""The task on images: all classes, one class against the rest, or two classes."""

import streamlit as st

from data.two_classes import ALL, REST, parse
from playground.run import Snapshot
from ui import hidden_controls, notes, runs, session
from ui.widgets import show_value

KINDS = {"all": "All classes", "rest": "One against the rest", "two": "Two classes"}
FIRST, SECOND = 3, 8  # the two digits that are most often confused


def task(shown: Snapshot) -> None:
    """The choice of the kind of task, and of its classes."""
    if hidden_controls.hides("task"):
        return
    names = shown.data.train.all_classes or shown.data.train.class_names
    if len(names) < 3:
        return
    kind, wanted, other = _asked(shown.config.task)
    st.segmented_control(
        "Task",
        list(KINDS),
        key=show_value("kind of task", kind),
        format_func=lambda kind: KINDS[kind],
        required=True,
        on_change=_take,
    )
    if kind == "all":
        return
    left, right = st.columns(2)
    with left:
        _class("Is it", "wanted", wanted, names)
    if kind == "two":
        with right:
            _class("or", "other", other, names)


def _asked(task: str) -> tuple[str, int, int]:
    """The kind of task, the positive class, and the other class."""
    if task == ALL:
        return "all", FIRST, SECOND
    wanted, other = parse(task)
    if other is None:
        return "rest", wanted, SECOND if wanted != SECOND else FIRST
    return "two", wanted, other


def _class(label: str, name: str, value: int, names: tuple[str, ...]) -> None:
    st.selectbox(
        label,
        range(len(names)),
        key=show_value(name, value),
        format_func=lambda i: names[i],
        on_change=_take,
    )


def _take() -> None:
    _, wanted, other = _asked(runs.now().config.task)
    wanted = session.get("set wanted", wanted)
    other = session.get("set other", other)
    kind = session.get("set kind of task")
    if kind == "two" and wanted == other:
        notes.note("The two classes must differ: the task stays as it was.")
        return
    tasks = {"all": ALL, "rest": f"{wanted}-{REST}", "two": f"{wanted}-{other}"}
    runs.configure(task=tasks[kind])
