"""Share: the address that starts the same network anew, anywhere."""

from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from playground.run import Run


def share(run: Run) -> None:
    """A popover with the address to copy: all settings, without this run's token."""
    with st.popover("Share", icon=":material/share:", width="stretch"):
        st.markdown("This address gives the same network, the same start and the same curve:")
        st.code(address_of(run), language=None, wrap_lines=True)
        if run.snapshot.curves.events:
            st.caption(
                "Settings were changed while this run trained; the address has them as they "
                "are now, from the first step on."
            )


def address_of(run: Run) -> str:
    """The page's own address with the run's settings as its query."""
    parts = urlsplit(st.context.url or "http://localhost:8501/")
    return urlunsplit((parts.scheme, parts.netloc, "/", urlencode(run.config.to_text()), ""))
