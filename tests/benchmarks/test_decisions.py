"""A small run of the figures behind the decisions."""

import re

import pytest

from benchmarks import decisions


def test_every_line_names_its_decision_and_has_both_figures(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(decisions, "TURNS", 1)
    decisions.memory_order()
    decisions.column_blocks()
    decisions.recorded_updates()
    lines = capsys.readouterr().out.splitlines()
    assert [int(line.split()[0]) for line in lines] == [1, 12, 12, 8]
    assert all(len(re.findall(r"[\d.]+ (?:µs|ms)", line)) == 2 for line in lines)


def test_the_least_time_of_each_action_counts() -> None:
    times = iter([0, 3, 0, 1, 0, 2, 0, 5])  # start and end of each, in turns
    clock = map(float, times).__next__
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decisions, "TURNS", 2)
        assert decisions.least(int, float, clock=clock) == [2000.0, 1000.0]
