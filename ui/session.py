"""The session state of a browser tab: the only module that uses st.session_state."""

from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

T = TypeVar("T")


def get(key: str, default: Any = None) -> Any:
    """The value under this key, or the value of the widget with this key."""
    return st.session_state.get(key, default)


def put(key: str, value: Any) -> None:
    """Store a value, or set a widget's value before it is drawn."""
    st.session_state[key] = value


def take(key: str, default: Any = None) -> Any:
    """Remove and return the value under this key."""
    return st.session_state.pop(key, default)


def keep(key: str, make: Callable[[], T]) -> T:
    """The value under this key, made by `make` the first time."""
    if key not in st.session_state:
        st.session_state[key] = make()
    value: T = st.session_state[key]
    return value
