"""The chart of a comparison: what was predicted is in it."""

from playground.learn.figures import compare_figure
from playground.lessons import LESSONS


def test_a_sketch_lies_behind_the_results() -> None:
    lesson = LESSONS["more_data"]
    results = [{"validation_accuracy": value} for value in (74.0, 84.0, 90.0, 93.0)]
    figure = compare_figure(lesson, (10.0, 20.0, 30.0, 40.0), results)
    assert figure is not None
    predicted, result = figure["data"]
    assert (predicted["name"], predicted["y"]) == ("your prediction", [10.0, 20.0, 30.0, 40.0])
    assert result["y"] == [74.0, 84.0, 90.0, 93.0]


def test_the_chosen_trial_has_a_ring() -> None:
    lesson = LESSONS["learning_rate"]
    results = [{"validation_accuracy": value} for value in (43.0, 86.0, 91.0, 46.0, 10.0)]
    figure = compare_figure(lesson, 3, results)
    assert figure is not None
    assert (figure["data"][-1]["x"], figure["data"][-1]["y"]) == (["α = 1"], [46.0])
    skipped = compare_figure(lesson, None, results)
    assert skipped is not None
    assert len(skipped["data"]) == 1


def test_one_number_needs_no_chart() -> None:
    assert compare_figure(LESSONS["zeros"], 50.0, [{"validation_accuracy": 10.0}]) is None
