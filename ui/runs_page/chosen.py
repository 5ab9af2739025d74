"""The runs that are compared: their ids are in the address, so that a link shows the same runs."""

from collections.abc import Iterable

import streamlit as st

from playground.comparison import MAX_RUNS
from ui import session
from ui.notes import note

KEY = "chosen"
_CHOSEN = "chosen runs"
_MAX_ID = 40  # characters


def chosen_ids() -> list[str]:
    """The ids in the address, or else those that this tab chose last."""
    text = st.query_params.get(KEY)
    if text is not None:
        ids = list(dict.fromkeys(id for id in text.split(",") if 0 < len(id) <= _MAX_ID))
        session.put(_CHOSEN, ids[:MAX_RUNS])
    ids = session.get(_CHOSEN, [])
    if ids and text is None:
        session.set_query(KEY, ",".join(ids))
    return list(ids)


def keep_in_mind(ids: Iterable[str]) -> None:
    """Choose these runs, for when the page Runs is opened."""
    session.put(_CHOSEN, list(ids)[:MAX_RUNS])


def choose(ids: Iterable[str]) -> None:
    """Compare these runs. Those that were chosen before keep their order, and so their colors."""
    wanted = list(dict.fromkeys(ids))
    before = [id for id in session.get(_CHOSEN, []) if id in wanted]
    ordered = before + [id for id in wanted if id not in before]
    session.put(_CHOSEN, ordered[:MAX_RUNS])
    if ordered:
        session.set_query(KEY, ",".join(ordered[:MAX_RUNS]))
    else:
        session.set_query(KEY, None)
    if len(ordered) > MAX_RUNS:
        note(f"At most {MAX_RUNS} runs can be compared at once: these are the first {MAX_RUNS}.")
