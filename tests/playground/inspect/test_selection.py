"""A selection is a rule: whom it takes, in which order, and as text that comes back."""

import itertools
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from playground.inspect.outcome import outcome
from playground.inspect.selection import PARTS, Selection, SelectionError, read_selection
from tests.playground.inspect.trained import VALIDATION, trained

classes = some.none() | some.integers(0, 60)
selections = some.builds(
    Selection,
    part=some.sampled_from(PARTS),
    true=classes,
    predicted=classes,
    wrong=some.booleans(),
    percent=some.none() | some.sampled_from([(0, 10), (90, 100), (45, 50)]),
    temperature=some.integers(5, 1000),
    points=some.none() | some.binary(max_size=250),
)


@given(selections)
def test_the_text_of_a_selection_comes_back(selection: Selection) -> None:
    assert read_selection(selection.to_text()) == selection


@given(some.text(max_size=40) | some.text("validation.true-0123456789poinsdctx", max_size=40))
def test_any_other_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    with suppress(SelectionError):
        assert read_selection(read_selection(text).to_text()) == read_selection(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("testing", "choose one of: validation, training, drawings"),
        ("validation.color-3", "unknown rule 'color-3'; choose one of: true, predicted"),
        ("validation.true-x", "'x' is not a whole number from 0 to 10000"),
        ("validation.percent-90-80", "'80' is not a whole number from 91 to 100"),
        ("validation.points-%%", "the points of the lasso cannot be read"),
        ("validation.points-" + "A" * 400, "at most 2,000 points"),
    ],
)
def test_the_sentence_says_what_is_allowed(text: str, sentence: str) -> None:
    with pytest.raises(SelectionError, match=sentence):
        read_selection(text)


def members(selection: Selection) -> list[int]:
    return selection.members(trained(12), VALIDATION).tolist()


def test_members_are_those_to_which_all_applies_the_worst_first() -> None:
    found = outcome(trained(12), VALIDATION)
    assert sorted(members(Selection())) == list(range(VALIDATION.m))
    worst = [found.of_label[i] for i in members(Selection())]
    assert worst == sorted(worst)
    for true in range(4):
        for predicted in range(4):
            assert set(members(Selection(true=true, predicted=predicted))) == {
                i
                for i in range(VALIDATION.m)
                if (VALIDATION.labels[i], found.predicted[i]) == (true, predicted)
            }
    assert set(members(Selection(wrong=True))) == set(np.flatnonzero(found.wrong))


def test_every_example_is_in_one_bin_of_confidence_at_any_temperature() -> None:
    for temperature in (100, 250):
        bins = [
            members(Selection(percent=(low, low + 10), temperature=temperature))
            for low in range(0, 100, 10)
        ]
        assert sorted(itertools.chain(*bins)) == list(range(VALIDATION.m))
    assert members(Selection(percent=(0, 50))) != members(
        Selection(percent=(0, 50), temperature=250)
    )


def test_a_lasso_holds_its_points_and_says_so() -> None:
    lasso = Selection("training", true=3).with_points([0, 9, 17])
    assert lasso.part == "training"
    assert lasso.true is None
    chosen = read_selection(lasso.to_text())
    assert sorted(chosen.members(trained(12), VALIDATION)) == [0, 9, 17]
    assert chosen.reason(VALIDATION.class_names) == "inside the lasso"


def test_a_class_that_the_data_do_not_have_is_selected_by_nobody() -> None:
    selection = Selection(true=50, percent=(90, 100), temperature=150, wrong=True)
    assert members(selection) == []
    said = selection.reason(VALIDATION.class_names)
    assert said == "true class 50, predicted wrongly, confidence 90 to 100 % at temperature 1.50"
