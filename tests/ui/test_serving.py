"""Whom a server serves, by how it was started."""

import pytest
import streamlit as st

from ui.serving import serves_this_computer_alone


@pytest.mark.parametrize(
    ("address", "said", "alone"),
    [
        ("localhost", "", True),
        ("127.0.0.1", "", True),
        ("127.0.0.1", "no", False),  # behind a proxy
        ("0.0.0.0", "", False),
        (None, "", False),  # every address of the computer
        ("0.0.0.0", "yes", True),
    ],
)
def test_the_configuration_says_whom(
    monkeypatch: pytest.MonkeyPatch, address: str | None, said: str, alone: bool
) -> None:
    monkeypatch.setenv("PLAYGROUND_FOLDERS", said)
    before = st.get_option("server.address")
    st.config.set_option("server.address", address)
    try:
        assert serves_this_computer_alone() == alone
    finally:
        st.config.set_option("server.address", before)
