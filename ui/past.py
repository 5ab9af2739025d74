"""Which step of its run a tab looks at: the latest, or an earlier one, which the address names."""

from dataclasses import replace

import streamlit as st

from playground.snapshot import Snapshot
from playground.step_trace import copy_of
from playground.time_machine.moment import Moment
from playground.time_machine.timeline import TimelineError
from playground.trainer import Trainer
from ui import runs, session
from ui.notes import note

STEP = "step"  # in the address
PATIENCE = 1.0  # seconds that a page waits for a step that is being rebuilt
_LOOKED_AT = "step that is looked at"  # of which run, which step
_SEEN = "moment that was seen last"


def enter(token: str) -> None:
    """Called by app.py at each draw: take the step from the address, and keep it there from page
    to page while the tab shows the same run.
    """
    of, step = session.get(_LOOKED_AT, (token, None))
    text = st.query_params.get(STEP)
    if of != token:
        step = None
    elif text is not None:
        step = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
    look_at(token, step)


def look_at(token: str, step: int | None) -> None:
    """Look at this step of the run from now on; None for the latest. For callbacks, too."""
    session.put(_LOOKED_AT, (token, step))
    if step is None:
        session.set_query(STEP, None)
        session.take(_SEEN)
        runs.leave_past(token)
    elif st.query_params.get(STEP) != str(step):
        session.set_query(STEP, str(step))


def seen(latest: Snapshot) -> Snapshot:
    """What the tab looks at of the run with this latest snapshot. If the step is still being
    rebuilt, that is what was seen before it.
    """
    of, step = session.get(_LOOKED_AT, (latest.token, None))
    if step is None or of != latest.token:
        return latest
    if step >= latest.iteration:
        look_at(latest.token, None)
        return latest
    try:
        moment = runs.moment_of(latest.token, step, PATIENCE)
    except (TimelineError, MemoryError) as error:
        why = error if isinstance(error, TimelineError) else f"No memory to rebuild step {step:,}."
        note(f"{why} The latest step is shown.")
        look_at(latest.token, None)
        return latest
    if moment is not None:
        session.put(_SEEN, moment)
        return replace(moment.shown, latest=latest)
    before = moment_seen(latest.token)
    if before is None:
        return replace(latest, coming=step)
    return replace(before.shown, latest=latest, coming=step)


def trainer_of(shown: Snapshot) -> Trainer:
    """A copy of the run's trainer: of the step that the page shows if that is of the past, else
    between two steps.
    """
    moment = moment_seen(shown.token) if shown.is_past else None
    return runs.trainer_of(shown) if moment is None else copy_of(moment.trainer)


def moment_seen(token: str) -> Moment | None:
    """The moment of this run that was seen last, since the tab looks at the past."""
    moment: Moment | None = session.get(_SEEN)
    return moment if moment is not None and moment.shown.token == token else None
