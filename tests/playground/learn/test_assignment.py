"""Assignments as text for an address: what a teacher made is what a learner gets."""

import base64
import json
from typing import Any

import pytest

from playground.config import RunConfig
from playground.learn.assignment import MAX_TEXT, Assignment, AssignmentError
from playground.learn.quantities import ACCURACY, PARAMETERS, Condition, quantities_of

CONFIG = RunConfig(layers=(784, 8, 10), activations=("tanh",), augmentation=0.0)
FULL = Assignment(
    title="Größe & <b>Ziel</b>",
    config=CONFIG,
    ask="How far does it get?",
    answers=("a", "b|c"),
    goal="95 % with 8,000 parameters",
    conditions=(Condition(ACCURACY, 95), Condition(PARAMETERS, 8000, at_least=False)),
    keeps=("dataset", "seed"),
)


@pytest.mark.parametrize("assignment", [FULL, Assignment("", RunConfig(), "?")])
def test_it_survives_as_text(assignment: Assignment) -> None:
    text = assignment.to_text()
    assert Assignment.from_text(text) == assignment
    assert Assignment.from_text(text).key == assignment.key
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_it_becomes_a_lesson() -> None:
    lesson = FULL.as_lesson()
    assert lesson.trial_of(CONFIG) == 0
    assert lesson.question.truth([]) is None  # a teacher judges the choice
    assert lesson.goal.conditions == FULL.conditions
    number = Assignment("", CONFIG, "?", quantity="validation_accuracy").as_lesson()
    results = [{"validation_accuracy": 90.0, "training_accuracy": 95.0}]
    assert number.question.agrees(88, results)
    assert not number.question.agrees(70, results)
    assert "validation accuracy 90.0 %" in number.because(results)
    plane = Assignment("", RunConfig.default("xor"), "?").as_lesson()
    assert plane.page == "plane"


def test_a_regression_is_asked_for_its_r_squared() -> None:
    """Of accuracy nothing is known there, and no limit of it can be reached."""
    config = RunConfig.default("reg-plane")
    lesson = Assignment("", config, "?", quantity="validation_r2").as_lesson()
    assert [each.title for each in lesson.measures] == ["validation R²", "training R²"]
    assert lesson.question.takes(-3.0)
    assert not lesson.question.takes(80.0)
    assert not any("accuracy" in each.title for each in quantities_of(config).values())
    accuracy = Assignment("", config, "?", conditions=(Condition(ACCURACY, 90),)).to_text()
    with pytest.raises(AssignmentError, match="damaged"):
        Assignment.from_text(accuracy)


def encoded(**changes: Any) -> str:
    said = json.loads(base64.urlsafe_b64decode(FULL.to_text() + "=="))
    return base64.urlsafe_b64encode(json.dumps(said | changes).encode()).decode()


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        "",
        "é",
        base64.b64encode(b"[" * 3000).decode(),
        base64.b64encode(b"null").decode(),
        encoded(settings={"layers": "784,1000000,10"}),
        encoded(settings={"no such": "1"}),
        encoded(keeps=["no such setting"]),
        encoded(quantity="no such quantity"),
        encoded(conditions=[["no such quantity", 1, True]]),
        encoded(conditions=[["parameters", float("nan"), True]]),
        encoded(conditions=[["parameters", 10**400, True]]),
        encoded(conditions=[["parameters", 1, True]] * 50),
        encoded(answers=["a"] * 50),
        encoded(ask="x" * 600),
        encoded(title=3),
        "A" * (MAX_TEXT + 1),
    ],
)
def test_what_is_no_assignment_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(AssignmentError, match=r"The assignment in the address is .*"):
        Assignment.from_text(text)


def test_one_that_is_too_long_for_an_address_is_refused() -> None:
    with pytest.raises(AssignmentError, match="write less"):
        Assignment("", CONFIG, "?", answers=("x" * 500,) * 20).to_text()
