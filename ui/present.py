"""Present: for a projector. Larger type, no settings, one large chart (ui/train/presented.py).

The address decides, as `present=1`; other pages of the tab remember it.
"""

import streamlit as st

from ui import session

KEY = "present"
CSS = """
<style>
@media (min-width: 641px) { html { font-size: 22px !important; } }  /* a phone is no projector */
.stSidebar, [data-testid="stExpandSidebarButton"] { display: none; }
.stApp .st-key-head { padding-left: 0 !important; }
</style>
"""


def presenting() -> bool:
    """Whether this tab presents."""
    text = st.query_params.get(KEY)
    if text is not None:
        session.put(KEY, text == "1")
    return bool(session.get(KEY, False))


def in_address() -> dict[str, str]:
    return {KEY: "1"} if presenting() else {}


def use_present_styles() -> None:
    """Called by app.py: larger type on every page."""
    if presenting():
        st.html(CSS)


def end() -> None:
    """For on_click: show the app as usual."""
    session.put(KEY, False)
    session.set_query(KEY, None)


def way_out() -> None:
    """A button that ends it, in the head of every page."""
    if presenting():
        with st.container(key="present-end"):
            st.button("End presenting", key="present end", on_click=end, type="tertiary")


def link() -> None:
    """A link that starts it."""
    st.page_link(
        "pages/train.py",
        label="Present: larger type, no settings, one large chart",
        icon=":material/co_present:",
        query_params={KEY: "1"},
    )
