"""Whom the server serves."""

import os

import streamlit as st

FOLDERS = "PLAYGROUND_FOLDERS"  # yes or no
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def serves_this_computer_alone() -> bool:
    """Whether everybody who comes is at this computer, and may read its folders.

    This depends on how the server was started, never on what a browser sends. PLAYGROUND_FOLDERS
    decides it for a server behind a proxy.
    """
    setting = os.environ.get(FOLDERS, "").strip().lower()
    if setting in ("yes", "no"):
        return setting == "yes"
    return st.get_option("server.address") in LOOPBACK
