"""How to read a view: what it shows, and a conclusion that it does not allow."""

import streamlit as st


def how_to_read(shows: str, wrong_conclusion: str) -> None:
    """Both are sentences; the conclusion is in quotes, and why it is wrong follows it."""
    st.caption(f"**What it shows:** {shows} **Do not conclude:** {wrong_conclusion}")
