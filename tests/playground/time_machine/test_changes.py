"""The list of changes: what is kept of it, and what a file may say."""

import json
from typing import Any

import pytest

from playground.config import RunConfig
from playground.time_machine.changes import Change, Changes, Parameter, changes_from_json
from tests.playground.examples import small

FIRST = small()
FASTER, LONGER = FIRST.with_values(learning_rate=0.1), FIRST.with_values(epochs=9)
W, B = Parameter(1, 3, 10), Parameter(2, 1, None)
CHANGES = Changes(0, FIRST)
for _change in (
    Change(0, FASTER),
    Change(7, LONGER),
    Change(7, parameter=W, value=0.1),
    Change(9, parameter=B, value=-2.5),
):
    CHANGES = CHANGES.with_change(_change)


def test_of_changes_between_the_same_two_steps_the_last_counts() -> None:
    changes = Changes(0, FIRST)
    for change in (
        Change(7, FASTER),
        Change(7, parameter=W, value=0.1),
        Change(7, parameter=B, value=0.1),
        Change(7, parameter=W, value=0.2),
        Change(7, LONGER),
    ):
        changes = changes.with_change(change)
    assert changes.made == (
        Change(7, parameter=B, value=0.1),
        Change(7, parameter=W, value=0.2),
        Change(7, LONGER),
    )


@pytest.mark.parametrize(
    ("iteration", "config"), [(0, FASTER), (6, FASTER), (7, LONGER), (99, LONGER)]
)
def test_the_settings_at_a_step_are_those_last_set(iteration: int, config: RunConfig) -> None:
    assert CHANGES.config_at(iteration) == config


def test_a_file_has_them_all() -> None:
    given = json.loads(json.dumps(CHANGES.to_json()))
    assert changes_from_json(given, LONGER, 9) == CHANGES


def test_what_is_not_known_from_the_start_is_in_no_file() -> None:
    assert Changes(3, FIRST).to_json() is None


HOSTILE: dict[str, Any] = {
    "nothing": [],
    "no list": {"first": {}, "made": 7},
    "settings": {"first": {"learning_rate": "-1"}, "made": []},
    "numbers for settings": {"first": {"learning_rate": 1}, "made": []},
    "other settings": {"first": {"seed": "5"}, "made": []},
    "a future": [99, {"learning_rate": "0.1"}],
    "a past": [-1, {"learning_rate": "0.1"}],
    "what a run keeps": [3, {"seed": "5"}],
    "no such layer": [3, 3, 0, 0, 1.0],
    "layer 0": [3, 0, 0, 0, 1.0],
    "no such unit": [3, 1, 12, 0, 1.0],
    "no such source": [3, 1, 0, 64, 1.0],
    "a negative source": [3, 1, 0, -1, 1.0],
    "no number": [3, 1, 0, 0, "1"],
    "infinite": [3, 1, 0, 0, float("inf")],
    "endless": [3, 1, 0, 0, 10**400],
    "something else": [3],
}


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_what_cannot_be_is_refused(hostile: Any) -> None:
    good = CHANGES.to_json()
    assert good is not None
    given = good | {"made": [*good["made"][:1], hostile, *good["made"][1:]]}
    with pytest.raises(ValueError, match=r"\.$"):
        changes_from_json(hostile if isinstance(hostile, dict) or not hostile else given, LONGER, 9)


def test_changes_that_lead_elsewhere_are_refused() -> None:
    with pytest.raises(ValueError, match="do not lead to its settings"):
        changes_from_json(CHANGES.to_json(), FASTER, 9)
