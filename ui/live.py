"""A part of a page that refreshes itself while its run computes, and stands still otherwise."""

from collections.abc import Callable

import streamlit as st

from playground.cpu_semaphore import CPU_SEMAPHORE
from playground.run import Snapshot
from ui import notes, runs, session

POLL = 0.28  # seconds: curves
CALM = 0.75  # what is looked at rather than watched; every poll costs the training a little
CROWDS = (8, 24, 72)  # runs that compute at once, beyond which all pages poll less often
SPACING = 2.2  # times, beyond each of them
_WITH_NEXT = "drawn along with the next live part"

Draw = Callable[[Snapshot], None]


def along(shown: Snapshot, draw: Draw) -> None:
    """Draw now, and again with each refreshing of the timed part that comes next on the page.

    A poll of its own costs much more than what a few words cost in another's: Streamlit sends a
    dozen messages for each, and the browser goes over the whole page. Such a part needs a place
    of its own, as st.empty gives one, and may hold no widgets.
    """
    draw(shown)
    waiting: list[Draw] = session.keep(_WITH_NEXT, list[Draw])
    waiting.append(draw)


def live(shown: Snapshot, draw: Draw, *, key: str, every: float | None = POLL) -> None:
    """Draw now, and again and again while the run is busy, each time from one snapshot.

    The timer is set when the whole page is drawn. So where the run is no longer as it was then,
    the whole page is drawn once more: buttons change, and the timer comes or goes. So it is when
    many more runs, or far fewer, have come to compute beside this one.

    every  seconds; None for what changes only with what somebody does
    """
    draw_along: list[Draw] = session.take(_WITH_NEXT, []) if every else []
    level = crowding(CPU_SEMAPHORE.runs)
    token, status = shown.token, shown.status
    with_page: Snapshot | None = shown  # Streamlit keeps the part for as long as the tab is open

    def part() -> None:
        nonlocal with_page
        now = with_page or runs.look_again(token)
        with_page = None
        draw(now)
        for each in draw_along:
            each(now)
        if now.status is not status or (now.busy and is_off(level, CPU_SEMAPHORE.runs)):
            notes.draw_again()

    timer = every * SPACING**level if every and shown.busy else None
    st.fragment(part, run_every=timer, key=key)()


def crowding(runs: float) -> int:
    """How often pages have to be spaced out where so many runs compute: polls take the same
    interpreter as training, and beyond some hundred a second there is nothing left to show.

    >>> crowding(8), crowding(20), crowding(30)
    (0, 1, 2)
    """
    return sum(runs > crowd for crowd in CROWDS)


def is_off(level: int, runs: int) -> bool:
    """Whether a timer set at this level is for far more or fewer runs than there are by now; one
    more or less draws no page anew.

    >>> is_off(0, 8), is_off(0, 9), is_off(0, 11), is_off(1, 8), is_off(1, 6)
    (False, False, True, False, True)
    """
    return crowding(0.8 * runs) > level or crowding(1.25 * runs) < level


def finish(shown: Snapshot) -> None:
    """The end of every page: a live part for what was to be drawn along with one, where the page
    had none; and the whole page once more where its run has another status by now, for then its
    buttons, its message and its timers are no longer right."""
    if session.get(_WITH_NEXT):
        live(shown, lambda now: None, key="along")
    if runs.look_again(shown.token).status is not shown.status:
        notes.draw_again()
