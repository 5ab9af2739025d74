"""Runs that the server has forgotten, such as by being started anew: their address finds them."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from playground.library.opened import library
from playground.registry import RUNS
from playground.run import Run
from tests.pages.conftest import Open, at_rest, query_of, run_of, said, status_line
from tests.pages.test_train import TINY
from tests.server import ROOT


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
    again = AppTest.from_file(str(ROOT / "app.py"), default_timeout=40).switch_page(page)
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


def test_each_tab_without_a_key_has_runs_of_its_own(open_app: Open) -> None:
    owners = set()
    for seed in ("1", "2"):
        at = open_app(**TINY, seed=seed)
        at_rest(at.button(key="step").click().run())
        library().flush()
        entry = library().entry(run_of(at).token)
        assert entry is not None
        owners.add(entry.owner)
        assert [each.token for each in library().entries(entry.owner)] == [entry.token]
    assert len(owners) == 2
