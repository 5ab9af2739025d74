"""Share: the address that starts the same network on any server."""

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from playground.run import Snapshot
from playground.run_data import is_plane
from ui import hidden_controls

_HIDE = "hide in the shared address"


def share(shown: Snapshot) -> None:
    """A popover with the address to copy: all settings, without this run's token."""
    with st.popover("Share", icon=":material/share:", width="stretch"):
        st.markdown(
            "This address gives the same network, the same initial weights and the same curve:"
        )
        hide = hidden_controls.chosen(_HIDE)
        st.code(address_of(shown, hide), language=None, wrap_lines=True)
        if shown.fine_tuning is not None:
            st.caption(
                f"This network was fine-tuned on drawings ({shown.fine_tuning.drawings.m}). No "
                "address can contain them: this one gives the network before fine-tuning."
            )
        elif shown.curves.has_changed_settings:
            st.caption(
                "Settings were changed while this run trained. The address has the current "
                "ones, for the whole run."
            )
        if shown.curves.has_given_weights:
            st.caption(
                "Some initial weights are those of another run in a race, which an address cannot "
                "contain: it initializes its own."
            )
        if shown.curves.n_by_hand:
            st.caption(
                "Weights or biases were set by hand, which an address cannot contain: it starts "
                "from the initialized ones. To share the network as it is, save the run."
            )
        hidden_controls.choose("For teaching: hide these controls at this address", _HIDE)


def address_of(shown: Snapshot, more: Mapping[str, str] | None = None) -> str:
    """The page's own address with the run's settings as query.

    more  of the query
    """
    query = shown.shared_config.to_text() | dict(more or {})
    return address("/plane" if is_plane(shown.config) else "/", query)


def address(path: str, query: dict[str, str]) -> str:
    """An address on this server."""
    parts = urlsplit(st.context.url or "http://localhost:8501/")
    return urlunsplit((parts.scheme, parts.netloc, path, urlencode(query), ""))
