"""Live parts of all tabs take turns, and a page that was clicked comes first."""

from collections.abc import Iterator
from threading import Barrier, Event, Thread

import pytest

from tests.playground.examples import wait_until
from ui import turns


def nothing() -> None:
    pass


class Part(Thread):
    """A live part of another tab, which is drawn until `drawn` is set."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.waited, self.begun, self.drawn = Event(), Event(), Event()
        self.start()

    def run(self) -> None:
        with turns.turn_of_part(self.waited.set):
            self.begun.set()
            self.drawn.wait(40)


@pytest.fixture
def parts() -> Iterator[list[Part]]:
    made: list[Part] = []
    yield made
    for part in made:
        part.drawn.set()
        part.join()
    turns.end_page()


def test_one_part_is_drawn_at_a_time(parts: list[Part]) -> None:
    parts.append(first := Part())
    assert first.begun.wait(40)
    parts.append(second := Part())
    assert second.waited.wait(40)
    assert not second.begun.is_set()
    first.drawn.set()
    assert second.begun.wait(40)


def test_a_part_waits_while_a_page_is_drawn(parts: list[Part]) -> None:
    turns.begin_page()
    parts.append(part := Part())
    assert part.waited.wait(40)
    assert not part.begun.is_set()
    turns.end_page()
    assert part.begun.wait(40)


def test_a_page_that_is_never_finished_holds_parts_up_only_for_a_moment(parts: list[Part]) -> None:
    turns.begin_page()
    parts.append(part := Part())
    assert part.begun.wait(40)


def test_what_ends_the_wait_leaves_the_turn_to_others(parts: list[Part]) -> None:
    """Streamlit ends a script whose tab was clicked."""

    def clicked() -> None:
        raise InterruptedError

    turns.begin_page()
    with pytest.raises(InterruptedError), turns.turn_of_part(clicked):
        raise AssertionError("it is drawn before the page")
    turns.end_page()
    parts.append(part := Part())
    wait_until(part.begun.is_set)


def test_pages_that_were_never_finished_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PAGE", 0.0)
    all_begun = Barrier(3)  # until then each has an identifier of its own

    def draw() -> None:
        turns.begin_page()
        all_begun.wait(40)

    pages = [Thread(target=draw) for _ in range(3)]
    for page in pages:
        page.start()
    for page in pages:
        page.join()
    turns.begin_page()
    assert len(turns._pages) == 1
    turns.end_page()
