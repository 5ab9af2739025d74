"""A server without memory for another run says so, and keeps its runs."""

import pytest

from playground.registry import RUNS
from tests.pages.conftest import Open, run_of, said


def test_a_new_visitor_reads_one_sentence_and_who_was_there_goes_on(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RUNS, "_limit", 1)  # room for one
    at = open_app()
    run = run_of(at)
    at.button(key="step").click().run()
    second = open_app()
    assert not second.exception
    assert "This server is full: 1 run is open in other windows" in said(second)
    assert "run" not in second.query_params
    at.number_input(key="set seed").set_value(7).run()  # takes a new run: there is no room
    assert "This server is full" in said(at)
    assert run_of(at) is run
    monkeypatch.setattr(RUNS, "_limit", None)
    assert run_of(second.run()) is not run
    assert not second.exception
