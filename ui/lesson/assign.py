"""For teachers: an address that is an assignment."""

from collections.abc import Mapping

import streamlit as st

from playground.learn.assignment import MAX_ANSWERS, MAX_CHARACTERS, Assignment, AssignmentError
from playground.learn.lesson import Lesson
from playground.learn.quantities import Condition, Quantity, quantities_of
from playground.lessons import LESSONS
from playground.run_data import is_plane
from playground.settings import SETTINGS
from playground.snapshot import Snapshot
from ui import hidden_controls
from ui.lesson import state
from ui.share import address
from ui.text import as_is

OWN = "This run's settings"
AT_LEAST, AT_MOST = "at least", "at most"
LIMITS = 2
_HIDE = "assign hide"


def assign(shown: Snapshot) -> None:
    """The fields, and the address that follows from them."""
    what = st.selectbox(
        "Assign",
        [OWN, *LESSONS],
        key="assign what",
        format_func=lambda key: LESSONS[key].title if key in LESSONS else key,
    )
    try:
        path, query = _lesson(LESSONS[what]) if what in LESSONS else _own(shown)
    except AssignmentError as error:
        st.error(as_is(str(error)))
        return
    hidden_controls.choose("Hide these controls", _HIDE)
    query |= hidden_controls.chosen(_HIDE)
    st.markdown("Whoever opens this address gets the assignment, with a run of their own:")
    st.code(address(path, query), language=None, wrap_lines=True)


def _lesson(lesson: Lesson) -> tuple[str, dict[str, str]]:
    """The path and query of a lesson."""
    return "/" if lesson.page == "train" else f"/{lesson.page}", state.address_of(lesson)


def _own(shown: Snapshot) -> tuple[str, dict[str, str]]:
    """The path and query of an assignment with this run's settings. Raises AssignmentError."""
    config = shown.shared_config
    settings = ", ".join(f"{name}={value}" for name, value in config.to_text().items())
    st.caption(f"It starts with the settings of your run: {as_is(settings) or 'the default'}.")
    quantities = quantities_of(config)
    title = st.text_input("Title", key="assign title", max_chars=100)
    ask = st.text_input("Question to predict", key="assign ask", max_chars=MAX_CHARACTERS)
    left, right = st.columns(2)
    answers = left.text_area(
        "Answers to choose from, one a line",
        key="assign answers",
        max_chars=MAX_CHARACTERS,
        help="Without any, the answer is a number.",
    )
    quantity = right.selectbox(
        "If it is a number: which",
        ["", *quantities],
        key="assign quantity",
        format_func=lambda name: quantities[name].title if name else "none of these",
    )
    goal = st.text_input("Goal, in words", key="assign goal", max_chars=MAX_CHARACTERS)
    keeps = st.multiselect(
        "Settings that must stay as they are",
        list(SETTINGS),
        key="assign keeps",
        format_func=lambda name: SETTINGS[name].label,
        placeholder="None",
    )
    assignment = Assignment(
        title=title,
        config=config,
        ask=ask or "What do you expect?",
        answers=tuple(filter(None, map(str.strip, (answers or "").split("\n"))))[:MAX_ANSWERS],
        quantity=quantity or "",
        goal=goal,
        conditions=tuple(filter(None, (_limit(n, quantities) for n in range(LIMITS)))),
        keeps=tuple(keeps),
    )
    path = "/plane" if is_plane(config) else "/"
    return path, config.to_text() | {state.ASSIGNMENT: assignment.to_text()}


def _limit(n: int, quantities: Mapping[str, Quantity]) -> Condition | None:
    """A limit of the goal, or None if it is left open."""
    left, middle, right = st.columns([3, 2, 2])
    name = left.selectbox(
        f"Measured as ({n + 1})",
        ["", *quantities],
        key=f"assign measure {n}",
        format_func=lambda name: quantities[name].title if name else "–",
    )
    side = middle.selectbox("Is", [AT_LEAST, AT_MOST], key=f"assign side {n}")
    unit = quantities[name].unit if name else ""
    label = f"Value ({unit})" if unit else "Value"
    value = right.number_input(label, value=0.0, format="%g", key=f"assign value {n}")
    return Condition(quantities[name], value, at_least=side == AT_LEAST) if name else None
