"""The entry point: page config, navigation, and the head of every page."""

import streamlit as st

from ui import styles
from ui.callbacks import handle_every_click
from ui.head import NAME, head, pages

handle_every_click()
st.set_page_config(
    page_title=NAME,
    page_icon="ui/icon.png",
    layout="wide",
    initial_sidebar_state=320,
)
page = st.navigation(all_pages := pages(), position="hidden")  # the head has links to them
styles.use_styles()
place = head(all_pages, page)

from ui import address, kept, live, past, present, runs, tab, windows  # noqa: E402  after the head: this takes a moment to import
from ui.lesson.card import card  # noqa: E402
from ui.page import enter  # noqa: E402
from ui.status import status_bar  # noqa: E402

present.use_present_styles()
tab.enter(plane=address.shows_points(page.url_path))
if address.belongs_elsewhere(page.url_path):
    st.switch_page(
        f"pages/{'train' if page.url_path == 'plane' else 'plane'}.py",
        query_params=st.query_params.to_dict(),
    )
run = runs.run_to_show()
latest = run.snapshot  # the whole page is drawn from this snapshot, or from one of the past
windows.enter()
address.sync_address(latest)
past.enter(run.token)
shown = past.seen(latest)
status_bar(place, shown, windows=len(run.viewers), says_why=page.title != "Train")
kept.know_browser()
card(shown.now, page.url_path or "train")
enter(shown)
page.run()
live.finish(shown)
