"""How a run that has ended would go on, and what else to try."""

from dataclasses import replace

import pytest

from netcore.schedules import SCHEDULES
from playground.next_steps import how_it_goes_on, more_epochs, next_to_try
from playground.run import Run, Snapshot
from tests.playground.examples import DATA, small, wait_until


def ended(**values: object) -> Run:
    run = Run(small(**values), DATA)
    run.play()
    wait_until(lambda: not run.busy)
    return run


def reaching(training: float, validation: float, **values: object) -> Snapshot:
    shown = Run(small(**values), DATA).snapshot
    parts = {"training": training, "validation": validation}
    measured = {
        name: replace(getattr(shown.measured, name), score=value) for name, value in parts.items()
    }
    return replace(shown, measured=replace(shown.measured, **measured))


def test_as_many_epochs_are_offered_as_the_default_has() -> None:
    assert more_epochs(Run(small(), DATA).snapshot) == 44


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_it_says_the_rate_that_the_next_step_has(schedule: str) -> None:
    run = ended(schedule=schedule, learning_rate=0.02)
    said = how_it_goes_on(run.snapshot, 5)
    run.extend(5)
    run.pause()
    wait_until(lambda: not run.busy)
    now = 0.02 * SCHEDULES[schedule](0.5)
    if schedule == "constant":
        assert said == "α stays 0.02."
    else:
        assert f"50% is done: α continues at {now:.2g} and ends at" in said
    assert run.config.epochs == 10


def test_what_is_known_better_than_others_is_met_with_dropout_then_l2() -> None:
    proposal = next_to_try(reaching(1.0, 0.9))
    assert proposal is not None
    assert proposal.config.dropout == 0.2
    proposal = next_to_try(reaching(1.0, 0.9, dropout=0.2))
    assert proposal is not None
    assert proposal.config.l2 == 0.001


def test_what_is_learned_is_tried_with_half_of_the_units() -> None:
    proposal = next_to_try(reaching(0.99, 0.98))
    assert proposal is not None
    assert proposal.config.layers == (64, 6, 4)
    assert next_to_try(reaching(0.5, 0.5)) is None
