"""What one browser tab remembers: the only place that touches st.session_state."""

from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

T = TypeVar("T")


def get(key: str, default: Any = None) -> Any:
    """What is remembered under this key, or the value of the widget of this key."""
    return st.session_state.get(key, default)


def put(key: str, value: Any) -> None:
    """Remember a value, or give a widget its value before it is drawn."""
    st.session_state[key] = value


def take(key: str, default: Any = None) -> Any:
    """What is remembered under this key, which is then forgotten."""
    return st.session_state.pop(key, default)


def keep(key: str, make: Callable[[], T]) -> T:
    """What is remembered under this key, made the first time."""
    if key not in st.session_state:
        st.session_state[key] = make()
    value: T = st.session_state[key]
    return value
