"""The few rules of style that Streamlit's theme has no setting for."""

import streamlit as st

CSS = """
<style>
.stMainBlockContainer { padding: 4rem clamp(1rem, 2.5vw, 3rem) 2rem; }
.stSidebar [data-testid="stSidebarUserContent"] { padding-top: 0; }
.st-key-status { min-width: min(100%, 26rem); }
.status-line { font-size: 0.95rem; line-height: 1.35; font-variant-numeric: tabular-nums; }
.status-more { font-size: 0.82rem; opacity: 0.72; }
.status-progress { height: 4px; margin-top: 6px; background: rgba(128, 128, 128, 0.25); }
.status-progress div { height: 100%; }
.katex-display { overflow-x: auto; overflow-y: hidden; padding: 2px 0; }
.answer { font-size: 6.5rem; line-height: 1; font-weight: 700; text-align: center; }
.answer-word { font-size: 2.5rem; overflow-wrap: anywhere; }
.answer-doubted { opacity: 0.4; }
</style>
"""


def use_look() -> None:
    """Put the rules into the page."""
    st.html(CSS)
