"""The chart of a comparison: what was predicted is in it."""

from typing import Any

import pytest

from playground.learn.figures import compare_figure
from playground.learn.lesson import Prediction, Results
from playground.lessons import LESSONS


def figure(key: str, prediction: Prediction | None, results: Results) -> dict[str, Any]:
    made = compare_figure(LESSONS[key], prediction, results)
    assert made is not None
    return made


def test_a_sketch_lies_behind_the_results() -> None:
    results = [{"validation_accuracy": value} for value in (74.0, 84.0, 90.0, 93.0)]
    predicted, result = figure("more_data", (10.0, 20.0, 30.0, 40.0), results)["data"]
    assert (predicted["name"], predicted["y"]) == ("your prediction", [10.0, 20.0, 30.0, 40.0])
    assert result["y"] == [74.0, 84.0, 90.0, 93.0]


def test_the_chosen_trial_has_a_ring() -> None:
    results = [{"validation_accuracy": value} for value in (43.0, 86.0, 91.0, 46.0, 10.0)]
    ring = figure("learning_rate", 3, results)["data"][-1]
    assert (ring["x"], ring["y"]) == (["α = 1"], [46.0])
    assert len(figure("learning_rate", None, results)["data"]) == 1


def test_a_number_is_a_level_with_the_gap_to_the_result() -> None:
    made = figure("zeros", 80.0, [{"validation_accuracy": 10.0}])
    layout = made["layout"]
    level, gap = layout["shapes"]
    assert (level["y0"], level["y1"]) == (80.0, 80.0)
    assert (gap["y0"], gap["y1"]) == (80.0, 10.0)
    low, high = layout["yaxis"]["range"]
    assert low < 0
    assert high > 100
    assert [trace["name"] for trace in made["data"]] == ["result", "your prediction"]


def test_a_range_is_a_band_and_the_result_lies_in_that_of_the_true_answer() -> None:
    scale_of = {"linear_layers": 0.4, "shuffled_labels": 99.0, "vanishing_gradients": 2600.0}
    results = {
        "linear_layers": [{"validation_accuracy": 90.0}, {"validation_accuracy": 90.4}],
        "shuffled_labels": [{"training_accuracy": 99.0, "validation_accuracy": 10.0}],
        "vanishing_gradients": [{"ratio": 2600.0}, {"ratio": 0.5}],
    }
    for key, value in scale_of.items():
        question = LESSONS[key].question
        true = question.truth(results[key])
        for n in range(3):
            layout = figure(key, n, results[key])["layout"]
            (band,) = layout["shapes"]
            assert (band["y0"] <= value < band["y1"]) == (n == true)


def test_a_run_that_failed_is_no_error_in_the_chart() -> None:
    assert figure("vanishing_gradients", 1, [{"ratio": 0.0}, {"ratio": 0.0}])


@pytest.mark.parametrize("key", ["zeros", "linear_layers"])
def test_one_number_without_a_prediction_needs_no_chart(key: str) -> None:
    lesson = LESSONS[key]
    results = [{"validation_accuracy": 10.0} for _ in lesson.trials]
    assert compare_figure(lesson, None, results) is None
