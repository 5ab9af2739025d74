"""Runs that the server has forgotten, such as by being started anew: their address finds them."""

from typing import Any

import pytest

from playground.library.opened import library
from playground.registry import RUNS
from playground.run import Run
from tests.pages.conftest import (
    Open,
    another_tab,
    at_rest,
    query_of,
    run_of,
    said,
    shown,
    status_line,
)
from tests.pages.test_train import TINY
from ui.browser_key import KEY


def forgotten(run: Run) -> str:
    """The token of this run, which this server knows no more."""
    library().flush()
    RUNS.drop(run.token)
    return run.token


def test_a_run_is_found_where_it_was_kept(open_app: Open) -> None:
    at = open_app(**TINY)
    at_rest(at.button(key="step").click().run())
    before = run_of(at)
    again = open_app(run=forgotten(before))
    assert run_of(again).token == before.token
    assert run_of(again) is not before
    assert 'data-status="paused" data-iteration="1"' in status_line(again)
    assert "784, 4, 10" in str(run_of(again).config.layers)
    assert said(again) == ""
    at_rest(again.button(key="step").click().run())
    library().flush()
    entry = library().entry(before.token)
    assert entry is not None
    assert entry.iteration == 2


def test_a_run_of_points_is_found_on_its_own_page(open_app: Open) -> None:
    at = open_app(dataset="spiral")
    at_rest(at.button(key="step").click().run())
    (token,) = query_of(at, "run")
    library().flush()
    RUNS.drop(token)
    again = open_app(dataset="spiral", run=token)
    assert 'data-status="paused" data-iteration="1"' in status_line(again)
    assert query_of(again, "run") == [token]


@pytest.mark.parametrize("page", ["pages/train.py", "pages/hood.py"])
def test_a_run_of_points_is_found_by_its_token_alone(open_app: Open, page: str) -> None:
    at = open_app(dataset="spiral")
    at_rest(at.button(key="step").click().run())
    (token,) = query_of(at, "run")
    library().flush()
    RUNS.drop(token)
    again = another_tab(at).switch_page(page)
    again.query_params["run"] = token
    again.run()
    assert 'data-status="paused" data-iteration="1"' in status_line(again)
    assert (query_of(again, "run"), query_of(again, "dataset")) == ([token], ["spiral"])
    assert said(again) == ""


def test_other_examples_than_it_learned_from_are_told(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = open_app(**TINY)
    at_rest(at.button(key="step").click().run())
    token = forgotten(run_of(at))

    def other(data: Any) -> str:
        return "another checksum"

    monkeypatch.setattr("ui.kept.checksum", other)
    again = open_app(run=token)
    assert "differ from those that this run was trained on" in said(again)
    assert 'data-iteration="1"' in status_line(again)


def test_a_damaged_file_is_told_and_the_same_start_shown(open_app: Open) -> None:
    at = open_app(**TINY)
    at_rest(at.button(key="step").click().run())
    token = forgotten(run_of(at))
    for file in library().folder.rglob("*.npz"):
        file.write_bytes(b"damaged")
    again = open_app(**TINY, run=token)
    assert "The run in the address is kept, and cannot be shown now." in said(again)
    assert "is damaged" in said(again)
    assert 'data-status="ready" data-iteration="0"' in status_line(again)


def test_each_browser_has_runs_of_its_own(open_app: Open) -> None:
    owners = set()
    for browser in ("a" * 32, "b" * 32):
        at = open_app(browser, **TINY)
        at_rest(at.button(key="step").click().run())
        library().flush()
        entry = library().entry(run_of(at).token)
        assert entry is not None
        owners.add(entry.owner)
        assert [each.token for each in library().entries(entry.owner)] == [entry.token]
    assert len(owners) == 2


@pytest.mark.parametrize("is_in_memory", [True, False])
def test_another_browser_starts_the_same_and_looks(open_app: Open, is_in_memory: bool) -> None:
    at = open_app(**TINY)
    run = run_of(at_rest(at.button(key="step").click().run()))
    library().flush()
    if not is_in_memory:
        RUNS.drop(run.token)
    other = open_app("another" * 5, run=run.token)
    assert run_of(other).token != run.token
    assert run_of(other).config == run.config
    assert 'data-iteration="0"' in status_line(other)
    assert "belongs to another browser, which alone controls it" in said(other)
    at_rest(other.button(key="step").click().run())
    assert run.snapshot.iteration == 1
    other.switch_page("pages/runs.py").run()
    assert any("This run came by a link" in each.value for each in other.caption)
    assert "compared curves" in shown(other)
    mine = another_tab(at)
    mine.query_params["run"] = run.token
    assert 'data-iteration="1"' in status_line(mine.run())
    assert query_of(mine, "run") == [run.token]


def test_a_tab_that_came_before_its_browser_had_a_key_keeps_its_run(open_app: Open) -> None:
    """Of two tabs that open at once in a new browser, the second uses the key of the first."""
    at = open_app(**TINY)
    run = run_of(at_rest(at.button(key="step").click().run()))
    first = another_tab(at)
    first.session_state[KEY] = "f" * 32
    at.session_state["browser-key"] = {"key": "f" * 32}  # as the browser says
    at.run()
    assert run_of(at) is run
    library().flush()
    first.query_params["run"] = run.token
    first.run()
    assert run_of(first) is run
    assert said(first) == ""
    entry = library().entry(run.token)
    assert entry is not None
    assert entry.owner == run.owner
    on_runs = first.switch_page("pages/runs.py").run()
    assert len(on_runs.dataframe[0].value) == 1
