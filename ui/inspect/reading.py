"""How to read a view: what to see in it, and what not to conclude."""

import streamlit as st


def how_to_read(see: str, conclude: str) -> None:
    st.caption(f"**See:** {see} **Do not conclude:** {conclude}")
