"""The card of a lesson, above the page. It shows one stage at a time, and locks nothing."""

import streamlit as st

from playground.learn import progress as steps
from playground.learn.lesson import Lesson
from playground.learn.progress import STAGES, Progress, Stage
from playground.lessons import LESSONS
from playground.snapshot import Snapshot
from ui.lesson import state
from ui.lesson.change import change, done
from ui.lesson.compare import compare
from ui.lesson.offer import offer
from ui.lesson.predict import predict
from ui.lesson.run import run_it
from ui.text import as_is


def card(shown: Snapshot, page: str) -> None:
    """Draw the lesson's card, or the offer of the first lesson.

    page  the page below, as Lesson.page names it
    """
    with st.container(key="lesson-place"):
        lesson = state.current()
        if lesson is None:
            offer(page)
            return
        progress = state.notice(lesson, shown)
        with st.container(border=True, key="lesson", gap="small"):
            _head(lesson, progress)
            match progress.stage:
                case Stage.PREDICT:
                    predict(lesson, progress, shown, page)
                case Stage.RUN:
                    run_it(lesson, progress, shown, page)
                case Stage.COMPARE:
                    compare(lesson, progress)
                case Stage.CHANGE:
                    change(lesson, shown, page)
                case Stage.DONE:
                    done(lesson, progress)


def _head(lesson: Lesson, progress: Progress) -> None:
    name = "Assignment"
    if lesson.key in LESSONS:
        name = f"Lesson {list(LESSONS).index(lesson.key) + 1}"
    path = " › ".join(f"**{stage}**" if stage is progress.stage else str(stage) for stage in STAGES)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="lesson-head"):
        st.markdown(f"**{name}: {as_is(lesson.title)}**", width="content")
        st.caption(path, width="stretch")
        with st.container(horizontal=True, wrap=False, gap="small", width="content"):
            _ways_out(lesson, progress)


def _ways_out(lesson: Lesson, progress: Progress) -> None:
    first, last = progress.stage is Stage.PREDICT, progress.stage is Stage.DONE
    _button("Back", lesson, steps.back, disabled=first, help="The stage before. Nothing is lost.")
    _button("Skip", lesson, steps.forward, disabled=last, help="The next stage.")
    st.button(
        "Leave",
        key="lesson leave",
        on_click=state.leave,
        type="tertiary",
        help="Close the lesson. It goes on from here when you come back.",
    )


def _button(label: str, lesson: Lesson, change: steps.Change, *, disabled: bool, help: str) -> None:
    st.button(
        label,
        key=f"lesson {label.lower()}",
        on_click=state.advance,
        args=(lesson, change),
        type="tertiary",
        disabled=disabled,
        help=help,
    )
