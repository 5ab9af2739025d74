"""The head of every page: the app's name, the run's status and controls, links to all pages.

ui/head.css keeps it at the top of a wide screen. On a phone the status, Play and the links are
at the bottom, within reach of the thumb, and only the name scrolls away.
"""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import StreamlitPage

from ui import present

NAME = "Netcore Playground"
WHAT_IT_IS = "Build a neural network, watch it learn, and draw a digit for it."
PAGES = (  # file, title, icon of its link
    ("train", "Train", "monitoring"),
    ("draw", "Draw", "draw"),
    ("inspect", "Inspect", "troubleshoot"),
    ("hood", "Under the hood", "functions"),
    ("plane", "The plane", "scatter_plot"),
    ("runs", "Runs", "format_list_bulleted"),
    ("data", "Data", "dataset"),
)
WITHOUT_LINK = (  # file, title, file of the page whose link is marked: a phone has room for no more
    ("race", "Race", "runs"),
    ("sweep", "Sweep", "runs"),
)
LESSONS = ("lessons", "Lessons", "school")
"""A link beside the app's name: a way into the pages, not one of the places to work at."""
EVERY = (*PAGES, *WITHOUT_LINK, LESSONS)
TITLES = {file: title for file, title, _ in EVERY}


def pages() -> list[StreamlitPage]:
    """All pages. They have no page icons, which the browser would fetch from the internet."""
    return [
        st.Page(f"pages/{file}.py", title=title, default=file == PAGES[0][0])
        for file, title, _ in EVERY
    ]


def head(pages: list[StreamlitPage], here: StreamlitPage) -> DeltaGenerator:
    """Draw the head of this page, and return the place for the status of its run.

    That place comes before the links, so Play is among the first things that Tab reaches.
    """
    with st.container(key="head"):
        st.html(f'<div class="brand"><h1>{NAME}</h1><p>{WHAT_IT_IS}</p></div>')
        status = st.container(key="status-bar")
        with st.container(key="lessons-link"):
            _link(pages[-1], LESSONS, is_here=here.url_path == LESSONS[0])
        present.way_out()
        with st.container(key="pages", horizontal=True, wrap=False, gap="xxsmall"):
            marked = {page.url_path: page.url_path for page in pages}
            marked |= {file: under for file, _, under in WITHOUT_LINK}
            for page, entry in zip(pages, PAGES, strict=False):
                _link(page, entry, is_here=marked[here.url_path] == page.url_path)
    return status


def _link(page: StreamlitPage, entry: tuple[str, str, str], *, is_here: bool) -> None:
    """A link to a page, marked if it is the one on the screen."""
    _, title, icon = entry
    st.page_link(page, label=f"**{title}**" if is_here else title, icon=f":material/{icon}:")
