"""The question, and the prediction to commit to before anything runs."""

from functools import partial

import streamlit as st

from playground.learn import progress as steps
from playground.learn.lesson import Choices, Lesson, Number, Prediction, Sketch
from playground.learn.progress import Progress
from playground.snapshot import Snapshot
from ui import runs, session
from ui.lesson import state
from ui.lesson.run import right_page, set_up
from ui.text import as_is

_CHECKED = "lesson checked"


def predict(lesson: Lesson, progress: Progress, shown: Snapshot, page: str) -> None:
    """Draw the question. A prediction that a run has answered stays as it was."""
    st.markdown(as_is(lesson.about))
    question = lesson.question
    prediction: Prediction | None
    st.markdown(f"**{as_is(question.ask)}**")
    if any(progress.results) and progress.prediction is not None:
        st.markdown(f"Your prediction: {as_is(question.text(progress.prediction))}")
        _commit(lesson, progress.prediction, "Go on")
        return
    match question:
        case Choices():
            prediction = _choice(lesson, question, progress)
        case Number() if question.diagnose is not None:
            _by_hand(lesson, question, progress, shown, page)
            return
        case Number():
            prediction = _number(lesson, question, progress)
        case Sketch():
            prediction = _sketch(lesson, question, progress)
    _commit(
        lesson, prediction, "Commit to it", "A prediction that turns out wrong teaches the most."
    )


def _commit(lesson: Lesson, prediction: Prediction | None, label: str, caption: str = "") -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            label,
            key="lesson commit",
            type="primary",
            disabled=prediction is None,
            on_click=_commit_to,
            args=(lesson, prediction),
        )
        st.caption(caption)  # before and after: what is below does not move


def _commit_to(lesson: Lesson, prediction: Prediction) -> None:
    now = runs.now()
    ended = now.token if now.over else ""
    state.advance(lesson, partial(steps.commit, prediction=prediction, ended=ended))


def _choice(lesson: Lesson, question: Choices, progress: Progress) -> int | None:
    said = progress.prediction
    return st.radio(
        as_is(question.ask),
        range(len(question.answers)),
        index=said if isinstance(said, int) else None,
        key=f"lesson choice {lesson.key}",
        format_func=lambda n: as_is(question.answers[n]),
        label_visibility="collapsed",
    )


def _number(lesson: Lesson, question: Number, progress: Progress) -> float | None:
    said = progress.prediction
    return st.number_input(
        f"Your prediction ({as_is(question.unit)})" if question.unit else "Your prediction",
        min_value=float(question.low),
        max_value=float(question.high),
        value=float(said) if isinstance(said, int | float) else None,
        step=10.0**-question.digits,
        format=f"%.{question.digits}f",
        key=f"lesson number {lesson.key}",
        width=220,
    )


def _by_hand(
    lesson: Lesson, question: Number, progress: Progress, shown: Snapshot, page: str
) -> None:
    """A number to compute from what the page shows; what is wrong with it is said at once."""
    if question.setup is not None:
        if not right_page(lesson.page, question.setup, shown, page):
            return
        if shown.config != question.setup or shown.iteration:
            set_up(question.setup)
            return
    value = _number(lesson, question, progress)
    st.button(
        "Check", key="lesson check", type="primary", disabled=value is None,
        on_click=_check, args=(lesson, value),
    )  # fmt: skip
    if value is not None and session.get(_CHECKED) == value and question.diagnose is not None:
        st.info(as_is(question.diagnose(value)), icon=":material/lightbulb:")


def _check(lesson: Lesson, value: float) -> None:
    assert isinstance(lesson.question, Number)
    assert lesson.question.diagnose is not None
    session.put(_CHECKED, value)
    if not lesson.question.diagnose(value):
        _commit_to(lesson, value)


def _sketch(lesson: Lesson, question: Sketch, progress: Progress) -> tuple[float, ...] | None:
    """A slider for each point. It counts as drawn once one of them was moved."""
    middle = round((question.low + question.high) / 2)
    said = progress.prediction
    start = said if isinstance(said, tuple) else (float(middle),) * len(question.points)
    with st.container(horizontal=True, gap="medium", key="lesson-sketch"):
        values = tuple(
            st.slider(
                f"{as_is(point)} ({as_is(question.unit)})",
                float(question.low),
                float(question.high),
                value=float(start[n]),
                step=1.0,
                format="%.0f",
                key=f"lesson sketch {lesson.key} {n}",
                width=170,
            )
            for n, point in enumerate(question.points)
        )
    moved = said is not None or any(value != middle for value in values)
    return values if moved else None
