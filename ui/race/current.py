"""The race of this tab: start it, find it by the address, control it."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from playground.config import RunConfig
from playground.library.opened import library
from playground.race.race import Race
from playground.registry import RUNS
from ui import session, tab
from ui.browser_key import owner
from ui.kept import is_mine
from ui.notes import noting_refusals
from ui.race.wanted import wanted

KEY, TAG = "race", "race"
_RACE = "race"


def current_race() -> Race | None:
    """The race that the address names, else this tab's last one; None if there is none here."""
    token = st.query_params.get(KEY) or session.get(_RACE, "")
    race = RUNS.find(token, Race)
    if race is None:
        if KEY in st.query_params:
            del st.query_params[KEY]
        return None
    session.put(_RACE, race.token)
    session.set_query(KEY, race.token)
    if is_mine(race):  # nobody else keeps it going
        tab.look_at(race)
    return race


def start(baseline: RunConfig) -> None:
    """For on_click: race what is wanted. What cannot be raced is told, and nothing changes."""
    with noting_refusals():
        keep = partial(library().keep, owner=owner(), tags=(TAG,))
        race = Race(wanted(baseline).plan(baseline), keep=keep)
        race.owner = owner()
        if (old := current_race()) is not None:
            old.leave(tab.viewer())
        RUNS.add(race, tab.viewer())
        session.put(_RACE, race.token)
        session.set_query(KEY, race.token)
        race.play()


def act(token: str, action: Callable[[Race], None]) -> None:
    """For on_click: apply the action to the race that the button was drawn for."""
    race = RUNS.find(token, Race)
    if race is not None and is_mine(race):
        action(race)
