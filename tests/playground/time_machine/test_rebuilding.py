"""One moment is made at a time, and the one that was asked for last counts."""

from collections.abc import Callable
from threading import Event

import pytest

from playground.time_machine.rebuilding import KEPT, Past
from tests.playground.examples import wait_until


def test_a_moment_is_made_once() -> None:
    made: list[int] = []

    def make(at: int, is_wanted: Callable[[], bool]) -> str:
        made.append(at)
        return f"step {at}"

    past: Past[str] = Past(make)
    assert [past.at(7, "me", 9), past.at(7, "you", 9), past.at(8, "me", 9)] == [
        "step 7",
        "step 7",
        "step 8",
    ]
    assert made == [7, 8]


def test_the_oldest_moments_are_forgotten() -> None:
    past: Past[int] = Past(lambda at, is_wanted: at)
    for at in range(3 * KEPT):
        past.at(at, "me", 9)
    assert past.kept == list(range(2 * KEPT, 3 * KEPT))


def test_what_takes_long_is_asked_for_again() -> None:
    go_on = Event()
    past: Past[int] = Past(lambda at, is_wanted: at if go_on.wait(9) else None)
    assert past.at(7, "me", 0.0) is None
    go_on.set()
    wait_until(lambda: past.at(7, "me", 0.0) == 7)


def test_a_viewer_who_asks_for_another_takes_the_first_one_back() -> None:
    begun, given_up = Event(), Event()

    def make(at: int, is_wanted: Callable[[], bool]) -> int | None:
        begun.set()
        if at == 8:
            return at
        while is_wanted():
            pass
        given_up.set()
        return None

    past: Past[int] = Past(make)
    assert past.at(7, "me", 0.0) is None
    assert begun.wait(9)
    assert past.at(8, "me", 9.0) == 8
    assert given_up.is_set()


def test_what_nobody_wants_any_more_is_given_up() -> None:
    begun, given_up = Event(), Event()

    def make(at: int, is_wanted: Callable[[], bool]) -> None:
        begun.set()
        while is_wanted():
            pass
        given_up.set()

    past: Past[int] = Past(make)
    ends: tuple[Callable[[], None], ...] = (lambda: past.leave("me"), past.close)
    for end in ends:
        begun.clear()
        given_up.clear()
        assert past.at(7, "me", 0.0) is None
        assert begun.wait(9)
        end()
        assert given_up.wait(9)


def test_what_another_viewer_wants_is_made_all_the_same() -> None:
    go_on = Event()

    def make(at: int, is_wanted: Callable[[], bool]) -> int | None:
        go_on.wait(9)
        return at if is_wanted() else None

    past: Past[int] = Past(make)
    assert past.at(7, "me", 0.0) is None
    assert past.at(7, "you", 0.0) is None
    assert past.at(8, "me", 0.0) is None
    go_on.set()
    assert past.at(7, "you", 9.0) == 7
    assert past.at(8, "me", 9.0) == 8


def test_an_error_is_raised_where_the_moment_is_asked_for() -> None:
    fails = True

    def make(at: int, is_wanted: Callable[[], bool]) -> int:
        if fails:
            raise ValueError("no such step")
        return at

    past: Past[int] = Past(make)
    with pytest.raises(ValueError, match="no such step"):
        past.at(7, "me", 9.0)
    fails = False
    assert past.at(7, "me", 9.0) == 7
