"""The answer sheet to download at the end of a lesson."""

import re
from datetime import datetime
from functools import partial

import streamlit as st

from playground.learn.answer_sheet import as_html, sheet_of
from playground.learn.lesson import Lesson
from playground.learn.progress import Progress

NAME = "name on answer sheets"


def answer_sheet(lesson: Lesson, progress: Progress) -> None:
    """A field for the learner's name, and the download. Nothing is sent anywhere."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        name = st.text_input(
            "Your name, for the answer sheet",
            key=NAME,
            max_chars=80,
            persist_state="session",
            width=260,
        )
        st.download_button(
            "Answer sheet",
            # The download asks outside of the page's session: what it needs goes along.
            partial(_file, lesson, progress, name or ""),
            file_name=f"{_in_file_names(f'{lesson.title} {name}')}.html",
            mime="text/html",
            icon=":material/download:",
            on_click="ignore",
            disabled=not name,
            help="One file with your prediction, runs and result, for a teacher. It works offline, "
            "and is sent nowhere."
            if name
            else "Write your name first: the teacher's table has a row for each learner.",
        )


def _file(lesson: Lesson, progress: Progress, name: str) -> bytes:
    made = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %z")
    return as_html(sheet_of(lesson, progress, name, made))


def _in_file_names(text: str) -> str:
    """What is left of it where only letters, digits and dashes are allowed."""
    return re.sub(r"\W+", "-", text).strip("-")
