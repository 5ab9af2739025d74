"""Choice of the run's data set, and corruption of its training set."""

import streamlit as st

from data import catalog
from data.catalog import DATASETS
from data.dataset import DataError
from data.upload_store import UPLOADS
from playground.config import RunConfig
from playground.descriptions import title_of
from playground.run import Snapshot
from playground.settings import FORM_SETS, SETTINGS
from ui import session
from ui.data.missing import missing
from ui.text import as_is
from ui.widgets import choice, show_value, slider, take, text_choice

SUBSETS = (SETTINGS["subset"].write(None), "100", "500", "1000", "2000", "5000", "10000")
_MINE = "uploads of this tab"


def data_set(shown: Snapshot) -> None:
    """The list of data sets. If the chosen one is not on this computer, the ways to get it."""
    setting, name = SETTINGS["dataset"], shown.config.dataset
    st.selectbox(
        setting.label,
        [*DATASETS, *_uploaded(name)],
        key=show_value("dataset", name),
        format_func=title_of,
        help=setting.help,
        on_change=take,
        args=("dataset",),
    )
    if (gone := why_gone(name)) is not None:
        st.caption(
            f"{as_is(gone)} This run keeps its examples; you can choose another data set here."
        )
    missing(shown)


def why_gone(name: str) -> str | None:
    """Why the data set of a run can no longer be loaded; "" if it can."""
    try:
        return catalog.entry(name).available()
    except DataError as error:
        return str(error)


def corruption(shown: Snapshot) -> None:
    """The number of training examples, label noise and pixel noise."""
    config = shown.config
    forms(config)
    text_choice("subset", config, SUBSETS)
    slider("label_noise", config, 1.0, 0.05)
    slider("noise", config, 1.0, 0.05)
    st.caption("These change the training set only, never the validation set.")


def forms(config: RunConfig) -> None:
    """Whether digit forms are added to the training set, for data sets that can have them."""
    if config.dataset in FORM_SETS:
        choice("digit_forms", config)


def remember_upload(name: str) -> None:
    """Add this upload to the data sets of this tab."""
    mine = session.keep(_MINE, list[str])
    if name not in mine:
        mine.append(name)


def _uploaded(shown: str) -> list[str]:
    """The uploads to list: those of this tab that still exist, and the one that is shown."""
    names = []
    for name in session.get(_MINE, []):
        try:
            names.append(UPLOADS.get(name).name)
        except DataError:
            continue
    return names if shown in (*DATASETS, *names) else [*names, shown]
