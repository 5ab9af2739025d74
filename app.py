"""The front door: page config, navigation, the line on top of every page. Nothing else."""

import streamlit as st

st.set_page_config(page_title="Netcore Playground", page_icon=":material/neurology:", layout="wide")
page = st.navigation(
    [
        st.Page("pages/train.py", title="Train", icon=":material/play_circle:", default=True),
        st.Page("pages/draw.py", title="Draw", icon=":material/draw:"),
    ],
    position="top",
)

from ui import state  # noqa: E402  navigation comes first: what follows takes a moment to import
from ui.look import use_look  # noqa: E402
from ui.status import status_bar  # noqa: E402

use_look()
run = state.current_run()
state.sync_address(run)
status_bar(run)
page.run()
