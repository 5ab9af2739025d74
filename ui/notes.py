"""Sentences that a page has to say once, until somebody acts."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import streamlit as st

from data.dataset import DataError
from playground.config import ConfigError
from playground.registry import RegistryFullError
from playground.storage.train_state import StorageError
from ui import session

_NOTES, _SAID = "notes", "notes on the page"
REFUSALS = (ConfigError, DataError, StorageError, RegistryFullError)
Refusal = ConfigError | DataError | StorageError | RegistryFullError
"""What cannot be done; each says why in a sentence."""


def note(sentence: str) -> None:
    """Say this on the next page drawn, until somebody acts."""
    session.keep(_NOTES, list[str]).append(sentence)


@contextmanager
def noting_refusals() -> Iterator[None]:
    """What cannot be is told in a sentence."""
    try:
        yield
    except REFUSALS as error:
        note(f"{error} Everything stays as it was.")


def take_notes() -> list[str]:
    """The sentences to say, which are then forgotten, unless the page draws itself again."""
    sentences: list[str] = session.take(_NOTES, [])
    session.put(_SAID, sentences)
    return sentences


def draw_again() -> NoReturn:
    """Draw the whole page anew, by itself. Nobody has acted: what it says is not read yet."""
    session.put(_NOTES, session.take(_SAID, []) + session.get(_NOTES, []))
    st.rerun()
