"""The line on top says what the run does in words and numbers that fit."""

from dataclasses import replace

import pytest

from playground.run import Run, Snapshot, Status
from tests.playground.examples import DATA, small, wait_until
from ui.status import DOTS, _ended_guessing, _facts


@pytest.fixture(scope="module")
def shown() -> Snapshot:
    run = Run(small(), DATA)
    run.step(25)
    wait_until(lambda: not run.busy)
    return run.snapshot


def test_every_status_has_a_mark() -> None:
    assert set(DOTS) == set(Status)


def test_a_run_under_way_tells_how_far_how_fast_and_how_long(shown: Snapshot) -> None:
    training = replace(
        shown, status=Status.TRAINING, iterations_per_second=1234.5, seconds_left=95.0
    )
    said = " · ".join(_facts(training))
    assert "epoch 2 of 5 · iteration 25 of 50" in said
    accuracy = 100 * shown.measured.validation.score
    assert f"<b>{accuracy:.1f} %</b> validation accuracy" in said
    assert "· 1 min 35 s left" in said
    assert said.endswith("1,234 iterations/s")


def test_a_run_at_rest_tells_how_long_it_took(shown: Snapshot) -> None:
    said = " · ".join(_facts(replace(shown, seconds=4.2, epochs=2.5)))
    assert "epoch 2 of 2.5" in said
    assert said.endswith("4.2 s of training")


def test_a_new_one_invites(shown: Snapshot) -> None:
    first, second = _facts(replace(shown, status=Status.READY))
    assert "Press Play" in first
    assert "of 50" in second


def test_a_run_that_ends_guessing_is_not_celebrated(shown: Snapshot) -> None:
    quarter = replace(shown.measured.validation, score=0.25)  # of four classes
    guessed = replace(shown, measured=replace(shown.measured, validation=quarter))
    assert not _ended_guessing(guessed)  # it trains yet
    assert _ended_guessing(replace(guessed, status=Status.DONE))
    assert _ended_guessing(replace(guessed, status=Status.STOPPED))
    better = replace(guessed.measured, validation=replace(quarter, score=0.6))
    assert not _ended_guessing(replace(guessed, status=Status.DONE, measured=better))
