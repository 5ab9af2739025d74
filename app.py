"""The entry point: page config, navigation, and the status line of every page."""

import streamlit as st

st.set_page_config(
    page_title="Netcore Playground",
    page_icon="ui/icon.png",
    layout="wide",
    initial_sidebar_state=320,
)
page = st.navigation(
    [  # no icons: the browser would fetch the tab's icon from the internet
        st.Page("pages/train.py", title="Train", default=True),
        st.Page("pages/draw.py", title="Draw"),
        st.Page("pages/inspect.py", title="Inspect"),
        st.Page("pages/hood.py", title="Under the hood"),
        st.Page("pages/plane.py", title="The plane"),
        st.Page("pages/runs.py", title="Runs"),
        st.Page("pages/data.py", title="Data"),
    ],
    position="top",
)

from ui import address, browser_key, live, runs, styles, tab, windows  # noqa: E402  after the navigation: this takes a moment to import
from ui.page import enter  # noqa: E402
from ui.status import status_bar  # noqa: E402

styles.use_styles()
tab.enter(plane=address.shows_points(page.url_path))
if address.belongs_elsewhere(page.url_path):
    st.switch_page(
        f"pages/{'train' if page.url_path == 'plane' else 'plane'}.py",
        query_params=st.query_params.to_dict(),
    )
run = runs.run_to_show()
shown = run.snapshot  # the whole page is drawn from this snapshot
windows.enter()
address.sync_address(shown)
status_bar(shown, windows=len(run.viewers), says_why=page.title != "Train")
browser_key.remember()
enter(shown)
page.run()
live.finish(shown)
