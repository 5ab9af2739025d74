"""Share: the address that starts the same network anew, anywhere."""

from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from playground.run import Snapshot
from playground.run_data import is_plane
from ui import hidden_controls, session

_HIDE = "hide in the shared address"


def share(shown: Snapshot) -> None:
    """A popover with the address to copy: all settings, without this run's token."""
    with st.popover("Share", icon=":material/share:", width="stretch"):
        st.markdown("This address gives the same network, the same start and the same curve:")
        names = frozenset(session.get(_HIDE, ()))
        st.code(address_of(shown, names), language=None, wrap_lines=True)
        if shown.fine_tuning is not None:
            st.caption(
                f"This network was fine-tuned on drawings ({shown.fine_tuning.drawings.m}). No "
                "address "
                "has those: this one gives the network before fine-tuning."
            )
        elif len(shown.curves.events) > shown.curves.n_by_hand:
            st.caption(
                "Settings were changed while this run trained; the address has them as they "
                "are now, from the first step on."
            )
        if shown.curves.n_by_hand:
            st.caption(
                "Weights or biases were set by hand, which no address has: this one starts from "
                "the initialized ones. To hand on the network as it is, save the run."
            )
        st.multiselect(
            "For a class: hide these controls at that address",
            list(hidden_controls.LABELS),
            key=_HIDE,
            format_func=lambda name: hidden_controls.LABELS[name],
            placeholder="None",
        )


def address_of(shown: Snapshot, hide: frozenset[str] = frozenset()) -> str:
    """The page's own address with the run's settings as its query."""
    parts = urlsplit(st.context.url or "http://localhost:8501/")
    query = shown.shared_config.to_text() | (
        {hidden_controls.KEY: hidden_controls.as_text(hide)} if hide else {}
    )
    path = "/plane" if is_plane(shown.config) else "/"
    return urlunsplit((parts.scheme, parts.netloc, path, urlencode(query), ""))
