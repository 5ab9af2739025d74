"""Lessons: all of them with the progress of this browser, and what teachers need."""

import streamlit as st

from playground.snapshot import Snapshot
from ui import present
from ui.lesson.assign import assign
from ui.lesson.overview import overview
from ui.lesson.sheets import sheets
from ui.page import show


def main(shown: Snapshot) -> None:
    overview()
    st.header("For teachers", anchor=False)
    present.link()
    with st.expander("Make an assignment", icon=":material/assignment:", key="assign"):
        assign(shown)
    with st.expander("Read answer sheets", icon=":material/table_view:", key="sheets"):
        sheets()


show(main)
