"""The race that a person puts together: what each rival changes, how many starts, by what. It is
in the address, so that a link holds the race.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import streamlit as st

from playground.config import ConfigError, RunConfig
from playground.race.plan import (
    BY,
    MAX_RACERS,
    MAX_STARTS,
    STARTS,
    RacePlan,
    as_query,
    changed,
    from_query,
)
from playground.race.rivals import suggestion
from ui import session

RIVALS = ("vs_b", "vs_c", "vs_d")  # keys of the address
SUGGESTED = ("optimizer", "batch_size", "learning_rate")  # what a new rival changes
_STARTS, _BY = "starts", "race_by"
_WANTED = "wanted race"


@dataclass(frozen=True)
class Wanted:
    """rivals has the changed settings of each, as text; they need not be allowed yet."""

    rivals: tuple[dict[str, str], ...]
    starts: int = STARTS
    by: str = "iteration"

    def plan(self, baseline: RunConfig) -> RacePlan:
        """Raises ConfigError if that is no fair race."""
        rivals = (changed(baseline, texts) for texts in self.rivals)
        return RacePlan((baseline, *rivals), self.starts, self.by)


def wanted(baseline: RunConfig) -> Wanted:
    """What the address says, else what this tab wanted last, else one rival."""
    found: Wanted | None = session.get(_WANTED)
    if any(key in st.query_params for key in RIVALS):
        found = _of_address()
    if found is None:
        found = Wanted(({"learning_rate": suggestion("learning_rate", baseline)},))
    want(found)
    return found


def want(these: Wanted) -> None:
    """Remember it, in the tab and in its address."""
    session.put(_WANTED, these)
    query = query_of(these)
    for key in RIVALS:
        if key in query:
            st.query_params[key] = query[key]
        elif key in st.query_params:
            del st.query_params[key]
    st.query_params[_STARTS], st.query_params[_BY] = query[_STARTS], query[_BY]


def query_of(these: Wanted) -> dict[str, str]:
    rivals = {key: as_query(texts) for key, texts in zip(RIVALS, these.rivals, strict=False)}
    return rivals | {_STARTS: str(these.starts), _BY: these.by}


def change(baseline: RunConfig, i: int, names: Iterable[str], texts: dict[str, str]) -> None:
    """Rival i changes these settings; new ones get a suggestion as their value."""
    now = wanted(baseline)
    rivals = list(now.rivals)
    rivals[i] = {name: texts.get(name) or suggestion(name, baseline) for name in names}
    want(replace(now, rivals=tuple(rivals)))


def add_rival(baseline: RunConfig) -> None:
    """One that none of the others is, so that the race can start at once."""
    now = wanted(baseline)
    suggested = ({name: suggestion(name, baseline)} for name in SUGGESTED)
    if len(now.rivals) < MAX_RACERS - 1:
        rival = next(each for each in suggested if each not in now.rivals)
        want(replace(now, rivals=(*now.rivals, rival)))


def remove_rival(baseline: RunConfig, i: int) -> None:
    now = wanted(baseline)
    want(replace(now, rivals=(*now.rivals[:i], *now.rivals[i + 1 :])))


def _of_address() -> Wanted:
    """Values that are not allowed are left out, or shown beside their widget."""
    query = st.query_params
    rivals = tuple(from_query(query[key]) for key in RIVALS if key in query)
    text, by = query.get(_STARTS, ""), query.get(_BY, "")
    starts = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else STARTS
    return Wanted(rivals, min(max(starts, 1), MAX_STARTS), by if by in BY else next(iter(BY)))


def complaint(baseline: RunConfig, texts: dict[str, str]) -> str:
    """Why a rival cannot be raced, or ""."""
    try:
        changed(baseline, texts)
    except ConfigError as error:
        return str(error)
    return ""
