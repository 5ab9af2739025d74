"""Widgets show what they are told, and a refresh keeps a person's click."""

from types import SimpleNamespace

import pytest

from ui import session


@pytest.mark.parametrize(
    ("refreshed", "told", "is_set"),
    [([], 3, True), (["part"], 3, False), (["part"], 4, True)],
)
def test_a_refresh_sets_a_widget_only_if_it_shows_something_else(
    monkeypatch: pytest.MonkeyPatch, refreshed: list[str], told: int, is_set: bool
) -> None:
    """A draw of the whole page always does: what an interrupted one had set may be lost."""
    state, done = {"n": 3}, []
    monkeypatch.setattr(session, "get", lambda key, default=None: state.get(key, default))
    monkeypatch.setattr(session, "put", lambda key, value: done.append((key, value)))
    context = SimpleNamespace(fragment_ids_this_run=refreshed)
    monkeypatch.setattr(session, "get_script_run_ctx", lambda: context)
    session.show("n", told)
    assert done == ([("n", told)] if is_set else [])
