"""Parts of a page that refresh themselves while the run computes."""

from collections.abc import Callable
from contextlib import nullcontext

import streamlit as st

from playground.cpu_semaphore import CPU_SEMAPHORE
from playground.run import Snapshot
from ui import notes, past, runs, session, turns

POLL = 0.28  # seconds: curves
CALM = 0.75  # seconds for parts that change slowly, because every poll slows training down a little
CROWDS = (8, 24, 72)  # with more runs than this computing at once, all pages poll less often
SPACING = 2.2  # times, beyond each of them; twice as many for parts that change slowly
_WITH_NEXT = "drawn along with the next live part"

Draw = Callable[[Snapshot], None]


def along(shown: Snapshot, draw: Draw) -> None:
    """Draw now, and at each refresh of the next live part of the page.

    A separate poll costs much more than a few more words in another part: for each poll, Streamlit
    sends a dozen messages, and the browser traverses the whole page. Such a part needs its own
    container, such as st.empty, and must not contain widgets.
    """
    draw(shown)
    waiting: list[Draw] = session.keep(_WITH_NEXT, list[Draw])
    waiting.append(draw)


def live(shown: Snapshot, draw: Draw, *, key: str, every: float | None = POLL) -> None:
    """Draw now, and repeatedly while the run is busy, each time from one snapshot.

    The timer is set when the whole page is drawn. So if the run's status has changed since then,
    the whole page is drawn once more, with other buttons, and with or without a timer. The same
    happens if many more, or far fewer, runs compute at once than then.

    every  seconds; None for parts that only change when a person acts
    """
    draw_along: list[Draw] = session.take(_WITH_NEXT, []) if every else []
    level = crowding(CPU_SEMAPHORE.runs)
    token, then = shown.token, _kind(shown)
    with_page: Snapshot | None = shown  # Streamlit keeps the fragment as long as the tab is open

    def part() -> None:
        nonlocal with_page
        first, with_page = with_page, None
        now = first or past.seen(runs.look_again(token))
        with nullcontext() if first else turns.turn_of_part(_look_for_a_click):
            draw(now)
            for each in draw_along:
                each(now)
        if _kind(now) != then or (now.now.busy and is_off(level, CPU_SEMAPHORE.runs)):
            notes.draw_again()

    timer: float | None = None
    if every and polls(shown):
        timer = every * SPACING ** (level if every <= POLL else 2 * level)
    st.fragment(part, run_every=timer, key=key)()


def _look_for_a_click() -> None:
    """Streamlit ends a script at any use of the session state if its tab was clicked meanwhile."""
    session.get(_WITH_NEXT)


def polls(shown: Snapshot) -> bool:
    """Whether live parts refresh themselves: there is something new to come."""
    return shown.now.busy or shown.coming is not None


def _kind(shown: Snapshot) -> tuple[object, ...]:
    """What decides on the buttons and the timers of a page, and on what Share says."""
    by_hand = shown.now.curves.n_by_hand > 0
    return shown.now.status, shown.is_past, shown.coming is None, by_hand


def crowding(runs: float) -> int:
    """How many times longer to wait between polls if many runs compute. Polls and training share
    one interpreter, and beyond about a hundred polls per second the pages get nothing new to show.

    >>> crowding(8), crowding(20), crowding(30)
    (0, 1, 2)
    """
    return sum(runs > crowd for crowd in CROWDS)


def is_off(level: int, runs: int) -> bool:
    """Whether a timer set at this level is for far more or far fewer runs than there are now. One
    run more or less does not redraw a page.

    >>> is_off(0, 8), is_off(0, 9), is_off(0, 11), is_off(1, 8), is_off(1, 6)
    (False, False, True, False, True)
    """
    return crowding(0.8 * runs) > level or crowding(1.25 * runs) < level


def finish(shown: Snapshot) -> None:
    """The end of every page: draw what was to be drawn along with a live part, if there was none.
    If the run's status has changed meanwhile, draw the whole page once more, because its buttons,
    its message and its timers are out of date.
    """
    if session.get(_WITH_NEXT):
        live(shown, lambda now: None, key="along")
    turns.end_page()
    if runs.look_again(shown.token).status is not shown.now.status:
        notes.draw_again()
