"""What guessing is worth, and which runs are worth no more."""

from dataclasses import replace

import numpy as np
import pytest

from data.dataset import Dataset, Splits
from playground.config import RunConfig
from playground.outcome import guessing, is_guessing, says_guessing
from playground.run import Run, Snapshot
from playground.run_data import load_data
from tests.playground.examples import DATA, small


def splits(labels: list[int], names: tuple[str, ...]) -> Splits:
    validation = Dataset("some", np.zeros((64, len(labels)), "f4"), np.array(labels), names)
    return Splits(DATA.train, validation)


def reached(accuracy: float, data: Splits) -> Snapshot:
    """A run on these data that has come to this accuracy."""
    shown = replace(Run(small(), DATA).snapshot, data=data)
    validation = replace(shown.measured.validation, score=accuracy)
    return replace(shown, measured=replace(shown.measured, validation=validation))


def test_guessing_is_to_say_the_largest_class() -> None:
    data = splits([0] * 90 + [1] * 10, ("not 3", "3"))
    guess = guessing(small(), data)
    assert (guess.value, guess.answer) == (0.9, "not 3")
    assert guess.cost == pytest.approx(-0.9 * np.log(0.9) - 0.1 * np.log(0.1))
    assert says_guessing(reached(0.9, data)) == "always saying not 3 gives 90.0 %"


@pytest.mark.parametrize(
    ("accuracy", "guessed"), [(0.0, True), (0.9, True), (0.915, True), (0.94, False), (1.0, False)]
)
def test_guessing_includes_what_chance_explains(accuracy: float, guessed: bool) -> None:
    data = splits([0] * 900 + [1] * 100, ("not 3", "3"))
    assert is_guessing(reached(accuracy, data)) is guessed


def test_two_correct_examples_are_not_guessing() -> None:
    data = splits([0, 1], ("a", "b"))
    assert is_guessing(reached(0.5, data))
    assert not is_guessing(reached(1.0, data))


def test_one_class_alone_leaves_nothing_to_guess() -> None:
    assert not is_guessing(reached(1.0, splits([0, 0], ("a",))))


def test_numbers_are_guessed_by_their_mean() -> None:
    config = RunConfig.default("reg-plane")
    data = load_data(config)
    shown = Run(config, data).snapshot
    mean = replace(shown.measured.validation, score=0.01)
    told = replace(shown, measured=replace(shown.measured, validation=mean))
    assert is_guessing(told)
    assert says_guessing(told) == "always saying the mean gives R² 0"
