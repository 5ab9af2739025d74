"""The printed cost of the second post, for networks trained as in it."""

import streamlit as st

from playground.output import is_binary
from playground.printed_cost import EVERY, cost_lines
from playground.run import Snapshot


def printed_cost(shown: Snapshot) -> None:
    """The printed costs if there is one output unit and every step takes all examples."""
    if is_binary(shown.config) and shown.config.batch_size is None:
        with st.expander(f"Cost every {EVERY} iterations, as the post prints it"):
            lines = cost_lines(shown.curves.step_cost)
            st.code(lines or "Press Play.", language=None, height=220)
