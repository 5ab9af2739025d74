"""The question, and the prediction to commit to before anything runs."""

from dataclasses import replace
from functools import partial

import streamlit as st

from playground.learn import progress as steps
from playground.learn.lesson import Choices, Lesson, Number, Prediction, Sketch
from playground.learn.progress import Progress
from playground.snapshot import Snapshot
from ui import runs, session
from ui.lesson import state
from ui.lesson.run import right_page, set_up
from ui.notes import note
from ui.text import as_is

_CHECKED = "lesson checked"


def predict(lesson: Lesson, progress: Progress, shown: Snapshot, page: str) -> None:
    """Draw the question. A prediction that a run has answered stays as it was."""
    st.markdown(as_is(lesson.about))
    question = lesson.question
    before = progress.prediction if progress.draft is None else progress.draft
    prediction: Prediction | None
    st.markdown(f"**{as_is(question.ask)}**")
    if any(progress.results) and progress.prediction is not None:
        st.markdown(f"Your prediction: {as_is(question.text(progress.prediction))}")
        _commit(lesson, progress.prediction, "Go on")
        return
    match question:
        case Choices():
            prediction = _choice(lesson, question, before)
        case Number() if question.diagnose is not None:
            prediction = _by_hand(lesson, question, before, shown, page)
        case Number():
            prediction = _number(lesson, question, before)
        case Sketch():
            prediction = _sketch(lesson, question, before)
    if prediction not in (None, before):  # a reload shows it again
        state.put(lesson, replace(progress, draft=prediction))
    if isinstance(question, Number) and question.diagnose is not None:
        return
    _commit(
        lesson, prediction, "Commit to it", "A prediction that turns out wrong teaches the most."
    )


def _commit(lesson: Lesson, prediction: Prediction | None, label: str, caption: str = "") -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            label,
            key="lesson commit",
            type="primary",
            disabled=prediction is None and not isinstance(lesson.question, Number),
            on_click=_commit_to,
            args=(lesson, prediction),
        )
        st.caption(caption)  # before and after: what is below does not move


def _entered(lesson: Lesson, drawn: Prediction | None) -> Prediction | None:
    """The prediction; None, and a sentence, if there is none. A person who has typed a number need
    not press Enter first.

    drawn  the prediction when the button was drawn
    """
    prediction: Prediction | None = session.get(_field(lesson), drawn)
    if prediction is None:
        note("Enter a number first.")
    return prediction


def _field(lesson: Lesson) -> str:
    return f"lesson number {lesson.key}"


def _commit_to(lesson: Lesson, drawn: Prediction | None) -> None:
    prediction = _entered(lesson, drawn)
    if prediction is None:
        return
    now = runs.now()
    ended = now.token if now.over else ""
    state.advance(lesson, partial(steps.commit, prediction=prediction, ended=ended))


def _choice(lesson: Lesson, question: Choices, before: Prediction | None) -> int | None:
    return st.radio(
        as_is(question.ask),
        range(len(question.answers)),
        index=before if isinstance(before, int) else None,
        key=f"lesson choice {lesson.key}",
        format_func=lambda n: as_is(question.answers[n]),
        label_visibility="collapsed",
    )


def _number(lesson: Lesson, question: Number, before: Prediction | None) -> float | None:
    return st.number_input(
        f"Your prediction ({as_is(question.unit)})" if question.unit else "Your prediction",
        min_value=float(question.low),
        max_value=float(question.high),
        value=float(before) if isinstance(before, int | float) else None,
        step=10.0**-question.digits,
        format=f"%.{question.digits}f",
        key=_field(lesson),
        width=220,
    )


def _by_hand(
    lesson: Lesson, question: Number, before: Prediction | None, shown: Snapshot, page: str
) -> float | None:
    """A number to compute from what the page shows; what is wrong with it is said at once."""
    if question.setup is not None:
        if not right_page(lesson.page, question.setup, shown, page):
            return None
        if shown.config != question.setup or shown.iteration:
            set_up(question.setup)
            return None
    value = _number(lesson, question, before)
    st.button(
        "Check", key="lesson check", type="primary",
        on_click=_check, args=(lesson, value),
    )  # fmt: skip
    if value is not None and session.get(_CHECKED) == value and question.diagnose is not None:
        st.info(as_is(question.diagnose(value)), icon=":material/lightbulb:")
    return value


def _check(lesson: Lesson, drawn: float | None) -> None:
    assert isinstance(lesson.question, Number)
    assert lesson.question.diagnose is not None
    value = _entered(lesson, drawn)
    session.put(_CHECKED, value)
    if isinstance(value, int | float) and not lesson.question.diagnose(value):
        _commit_to(lesson, value)


def _sketch(
    lesson: Lesson, question: Sketch, before: Prediction | None
) -> tuple[float, ...] | None:
    """A slider for each point. It counts as drawn once one of them was moved."""
    middle = round((question.low + question.high) / 2)
    start = before if isinstance(before, tuple) else (float(middle),) * len(question.points)
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
    moved = before is not None or any(value != middle for value in values)
    return values if moved else None
