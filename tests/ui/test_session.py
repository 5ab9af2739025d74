"""Widgets show what they are told, and a refresh keeps a person's click."""

from types import SimpleNamespace

import pytest

from ui import session


@pytest.mark.parametrize(
    ("refreshed", "told", "in_live_part", "is_set"),
    [
        ([], 3, False, True),
        (["part"], 3, False, False),
        (["part"], 4, False, True),
        ([], 3, True, False),
        ([], 4, True, True),
        (["part"], 3, True, False),
    ],
)
def test_a_refresh_sets_a_widget_only_if_it_shows_something_else(
    monkeypatch: pytest.MonkeyPatch,
    refreshed: list[str],
    told: int,
    in_live_part: bool,
    is_set: bool,
) -> None:
    """A draw of the whole page always does, because what an interrupted one had set may be lost;
    but not for a widget that people click while it trains.
    """
    state, done = {"n": 3}, []
    monkeypatch.setattr(session, "get", lambda key, default=None: state.get(key, default))
    monkeypatch.setattr(session, "put", lambda key, value: done.append((key, value)))
    context = SimpleNamespace(fragment_ids_this_run=refreshed)
    monkeypatch.setattr(session, "get_script_run_ctx", lambda: context)
    session.show("n", told, in_live_part=in_live_part)
    assert done == ([("n", told)] if is_set else [])
