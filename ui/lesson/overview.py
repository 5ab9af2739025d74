"""All lessons, and how far this browser is in each."""

import streamlit as st

from playground.learn.progress import Progress, Stage
from playground.lessons import LESSONS
from ui.lesson import state
from ui.text import as_is


def overview() -> None:
    """One row for each lesson, with a button that goes to it."""
    st.header("Lessons", anchor=False)
    st.markdown(
        "In each you predict what a run will do, run it, compare, and then reach a goal by a "
        "change of your own. Nothing is locked, and a lesson goes on where you left it."
    )
    with st.container(key="lessons"):
        for number, (key, lesson) in enumerate(LESSONS.items(), start=1):
            progress = state.progress_in(lesson)
            with st.container(
                horizontal=True, vertical_alignment="center", gap="small", wrap=False
            ):
                st.markdown(
                    f"{_mark(progress)} **{number}. {as_is(lesson.title)}** · "
                    f"{as_is(lesson.question.ask)}",
                    width="stretch",
                )
                if st.button(
                    _label(progress), key=f"open {key}", on_click=state.enter, args=(key,)
                ):
                    st.switch_page(f"pages/{lesson.page}.py", query_params=state.address_of(lesson))


def _mark(progress: Progress) -> str:
    if progress.stage is Stage.DONE:
        return "✓" if progress.reached else "–"
    return "◐" if progress != Progress() else "○"


def _label(progress: Progress) -> str:
    if progress.stage is Stage.DONE:
        return "Look again"
    return "Continue" if progress != Progress() else "Start"
