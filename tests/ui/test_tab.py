"""A tab remembers which run it shows; when it closes, the run hears of it."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from playground.registry import RUNS
from playground.run import Run
from tests.playground.examples import DATA, small, wait_until
from ui.tab import Presence


@pytest.fixture
def run() -> Iterator[Run]:
    made = Run(small(iterations=1_000_000), DATA)
    RUNS.add(made, "tab")
    yield made
    RUNS.drop(made.token)


def test_when_its_tab_closes_a_run_pauses(run: Run) -> None:
    run.play()
    Presence(run.token, "another tab").end()
    assert run.busy
    Presence(run.token, "tab").end()
    wait_until(lambda: not run.busy)
    assert not run.watched
    assert RUNS.get(run.token) is run


def test_the_end_of_a_tab_whose_run_is_gone_is_nothing() -> None:
    Presence("gone", "tab").end()


def test_a_note_is_said_once() -> None:
    def page() -> None:
        import streamlit as st

        from ui import notes

        if not notes.take_notes():
            notes.note("one")
            notes.note("two")
        st.write(notes.take_notes())

    at = AppTest.from_function(page).run()
    assert at.json[0].value == '["one", "two"]'
    assert not at.exception


def test_a_note_stays_while_the_page_draws_itself_again_and_goes_when_somebody_acts() -> None:
    def page() -> None:
        import streamlit as st

        from ui import notes, session

        st.button("act", on_click=session.put, args=("draws", 2))
        if "drawn" not in st.session_state:
            notes.note("one")
        st.session_state["drawn"] = True
        for sentence in notes.take_notes():
            st.warning(sentence)
        if (draws := session.get("draws", 2)) > 0:  # as the end of a run does, after every click
            session.put("draws", draws - 1)
            notes.draw_again()

    at = AppTest.from_function(page).run()
    assert [each.value for each in at.warning] == ["one"]
    at.button[0].click().run()
    assert not at.warning
    assert not at.exception


def test_a_tab_keeps_its_name() -> None:
    def page() -> None:
        import streamlit as st

        from ui import tab

        st.text(tab.viewer())

    one, two = AppTest.from_function(page).run(), AppTest.from_function(page).run()
    name = one.text[0].value
    assert name == one.run().text[0].value
    assert name != two.text[0].value
