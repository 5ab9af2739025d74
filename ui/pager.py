"""Pages of a long list: arrows, and which of how many are shown."""

import streamlit as st


def pages(total: int, per_page: int, *, key: str) -> tuple[range, str]:
    """Draw the arrows if there is more than one page. Returns the indices of the page that is
    shown, and a text such as "17–32 of 1,000", which says all that numbered pages would.
    """
    page, n = 1, -(-total // per_page)
    if n > 1:  # with another number of pages it starts at the first again
        page = st.pagination(n, key=f"{key} {n}", max_visible_pages=0)
    shown = range((page - 1) * per_page, min(page * per_page, total))
    return shown, f"{shown.start + 1:,}–{shown.stop:,} of {total:,}"
