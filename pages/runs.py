"""Runs: a table of the runs of this browser, and a comparison of the chosen ones."""

import streamlit as st

from playground.run import Snapshot
from ui.page import show
from ui.runs_page.chosen import chosen_ids
from ui.runs_page.compare import compare
from ui.runs_page.edit import edit, undo
from ui.runs_page.family import families
from ui.runs_page.library_state import library_state
from ui.runs_page.table import own_runs, table


def main(shown: Snapshot) -> None:
    library_state()
    undo()
    mine = own_runs()
    st.page_link("pages/sweep.py", label="Sweep over settings …", icon=":material/tune:")
    with st.container(key="runs"):
        table(mine)
    ids = chosen_ids()
    if ids:
        edit(ids)
        families(ids, mine)
        compare(ids)
    else:
        st.caption("Choose up to eight rows to compare their curves, settings and weights here.")


show(main)
