"""One line that offers the first lesson to a browser that has seen none."""

import streamlit as st

from playground.lessons import LESSONS
from ui import hidden_controls, present
from ui.lesson import state


def offer(page: str) -> None:
    """Draw it on the front page, until it is dismissed or a lesson was begun. Not where a teacher
    has hidden controls or presents: there is another task.
    """
    first = next(iter(LESSONS))
    busy = hidden_controls.hidden() or present.presenting()
    if page != LESSONS[first].page or state.begun() or busy:
        return
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key="lesson-offer"
    ):
        st.caption("New here? The first lesson:", width="content")
        st.button(
            "Start it", key="offer start", on_click=state.enter, args=(first,), type="tertiary"
        )
        st.button(
            "No, thanks",
            key="offer dismiss",
            on_click=state.dismiss_offer,
            type="tertiary",
            help="The lessons stay on the page Lessons.",
        )
