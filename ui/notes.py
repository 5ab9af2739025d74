"""Sentences that a page shows once, until a person acts."""

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
"""Errors whose message is a sentence for the person."""


def note(sentence: str) -> None:
    """Show this sentence at the next draw, until a person acts."""
    session.keep(_NOTES, list[str]).append(sentence)


@contextmanager
def noting_refusals() -> Iterator[None]:
    """A context that shows the sentence of a refused action on the page."""
    try:
        yield
    except REFUSALS as error:
        note(f"{error} Everything stays as it was.")


def take_notes() -> list[str]:
    """The sentences to show. They are then forgotten, unless the page redraws itself."""
    sentences: list[str] = session.take(_NOTES, [])
    session.put(_SAID, sentences)
    return sentences


def draw_again() -> NoReturn:
    """Redraw the whole page without an action of a person, who may not have read its
    sentences yet.
    """
    session.put(_NOTES, session.take(_SAID, []) + session.get(_NOTES, []))
    st.rerun()
