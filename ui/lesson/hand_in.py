"""The answer sheet to download at the end of a lesson."""

from datetime import datetime

import streamlit as st

from playground.learn.answer_sheet import as_html, sheet_of
from playground.learn.lesson import Lesson
from playground.learn.progress import Progress
from ui import session

NAME = "name on answer sheets"


def answer_sheet(lesson: Lesson, progress: Progress) -> None:
    """A field for the learner's name, and the download. Nothing is sent anywhere."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.text_input(
            "Your name, for the answer sheet",
            key=NAME,
            max_chars=80,
            persist_state="session",
            width=260,
        )
        st.download_button(
            "Answer sheet",
            lambda: _file(lesson, progress),
            file_name=f"{lesson.key}.html",
            mime="text/html",
            icon=":material/download:",
            on_click="ignore",
            help="One file with your prediction, runs and result, for a teacher. It works offline, "
            "and is sent nowhere.",
        )


def _file(lesson: Lesson, progress: Progress) -> bytes:
    made = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %z")
    return as_html(sheet_of(lesson, progress, session.get(NAME) or "", made))
