"""Loads data and saved runs outside of the page's draw. What cannot be read is returned as a
refusal.
"""

from contextlib import AbstractContextManager, nullcontext
from typing import BinaryIO

import streamlit as st

from data import catalog
from data.dataset import DataError, Splits
from playground.config import ConfigError, RunConfig
from playground.run_data import is_plane, load_data
from playground.saved import SavedRun, load_run
from ui import tab
from ui.notes import REFUSALS, Refusal


def title(config: RunConfig) -> str:
    return f"Reading {catalog.entry(config.dataset).title} …"


def spinner_over(config: RunConfig) -> AbstractContextManager[None]:
    if catalog.takes_a_moment(config.dataset):
        return st.spinner(title(config))
    return nullcontext()


def read_data(config: RunConfig) -> Splits | Refusal:
    try:
        return load_data(config)
    except DataError as error:
        return error


def read_saved(file: BinaryIO) -> tuple[SavedRun, Splits] | Refusal:
    """The run and its data. It can be called again: the file is read from its start."""
    try:
        file.seek(0)
        saved = load_run(file)
        if is_plane(saved.config) != tab.on_plane():
            page = "The plane" if is_plane(saved.config) else "Train"
            raise ConfigError(f"This run belongs to the page {page}: load it there.")
        return saved, load_data(saved.config)
    except REFUSALS as error:
        return error
