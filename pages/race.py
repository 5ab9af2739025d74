"""Race: this run's settings against others from the same starts, and which of them is better."""

import streamlit as st

from playground.run import Snapshot
from ui.kept import is_mine
from ui.page import show
from ui.race.current import current_race
from ui.race.form import form
from ui.race.view import race_view


def main(shown: Snapshot) -> None:
    race = current_race()
    with st.expander("Settings to race", expanded=race is None):
        form(shown.shared_config, racing=race is not None and race.busy and is_mine(race))
    if race is not None:
        race_view(race)


show(main)
