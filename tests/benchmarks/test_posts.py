"""benchmarks.posts on a few digits: every recipe is trained, measured, and in the table."""

from pathlib import Path

import pytest

from benchmarks.posts import EXPERIMENTS, HEADER, Experiment, as_line, compare, figure, run
from data import catalog
from data.dataset import Splits


@pytest.fixture(scope="module")
def splits() -> Splits:
    all_of_them = catalog.load("mnist-5k")
    few = range(0, all_of_them.validation.m, 2)
    return Splits(
        train=all_of_them.validation.take(few), validation=all_of_them.validation.take(few)
    )


def test_the_posts_networks_and_iterations_are_the_posts() -> None:
    assert [(each.layer_dims, each.iterations, each.accuracy) for each in EXPERIMENTS] == [
        ((784, 10, 10), 1000, 0.88),
        ((784, 256, 128, 64, 10), 500, 0.97),
    ]
    for experiment in EXPERIMENTS:
        as_in_post = experiment.recipes[0]
        assert (as_in_post.optimizer, as_in_post.batch_size) == ("gradient_descent", None)
        assert (as_in_post.schedule, as_in_post.augmentation) == ("constant", 0)


def test_a_run_is_measured_along_the_way_and_repeats(splits: Splits) -> None:
    recipe = EXPERIMENTS[0].recipes[-1]
    outcome = run([784, 10, 10], recipe, splits, 60)
    assert len(outcome.curve) == 30
    assert outcome.curve[-1] == (outcome.seconds, outcome.validation.score)
    assert outcome.epochs == pytest.approx(60 * 128 / 500)
    assert outcome.validation.score > 0.3
    assert run([784, 10, 10], recipe, splits, 60).validation.cost == outcome.validation.cost


def test_every_recipe_is_a_line_and_a_curve(
    splits: Splits, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small = Experiment((784, 10), 4, 0.88, EXPERIMENTS[0].recipes)
    outcomes = list(compare(small, splits, small.iterations))
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(outcomes) == 5
    columns = HEADER.splitlines()[0].count("|")
    assert [line.count("|") for line in lines] == [columns] * 5
    assert lines[0].endswith("| 88% |")
    assert lines[1] == as_line((784, 10), *outcomes[1], "")
    pytest.importorskip("matplotlib", reason="it draws the figure")
    figure([(small, outcomes)], tmp_path / "posts.svg")
    assert (tmp_path / "posts.svg").read_text(encoding="utf-8").rstrip().endswith("</svg>")
