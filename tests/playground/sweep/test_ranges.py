"""What a sweep varies, from text to the settings of its runs."""

import pytest

from playground.config import ConfigError, RunConfig
from playground.memory_limit import LIMIT
from playground.sweep.examples import Examples, data_key
from playground.sweep.plan import Plan
from playground.sweep.ranges import Space, read_axis, read_space

BASE = RunConfig(augmentation=0.0, epochs=2)


def configs(space: Space) -> list[RunConfig]:
    count, found = Plan(space).checked(Examples())
    assert count == len(found) == space.size
    return found


def test_a_grid_has_every_combination_those_of_a_seed_together() -> None:
    space = read_space(BASE, ["layers=784,16,10;784,10", "learning-rate=0.01,0.003"], "1,2,3")
    found = configs(space)
    told = [(each.layers, each.activations, each.learning_rate, each.seed) for each in found]
    assert len(set(told)) == 12
    assert told[0] == ((784, 16, 10), ("relu",), 0.01, 1)
    assert told[1] == ((784, 16, 10), ("relu",), 0.003, 1)
    assert told[-1] == ((784, 10), (), 0.003, 3)


def test_width_and_depth_make_the_hidden_layers() -> None:
    found = configs(read_space(BASE, ["width=4,8", "depth=0,1,3"]))
    assert {each.layers for each in found} == {
        *((784, 10), (784, 4, 10), (784, 8, 10)),
        *((784, 4, 4, 4, 10), (784, 8, 8, 8, 10)),
    }
    assert all(len(each.activations) == len(each.layers) - 2 for each in found)


def test_the_other_of_width_and_depth_is_that_of_the_base() -> None:
    base = BASE.with_values(layers=(784, 20, 20, 10))
    assert configs(read_space(base, ["width=8"]))[0].layers == (784, 8, 8, 10)
    assert configs(read_space(base, ["depth=1"]))[0].layers == (784, 20, 10)


def test_networks_fit_the_data_that_they_get() -> None:
    found = configs(read_space(BASE, ["dataset=circles,mnist-5k", "width=5"]))
    assert [(each.layers[0], each.layers[-1]) for each in found] == [(2, 1), (784, 10)]


@pytest.mark.parametrize(
    ("name", "text", "points"),
    [
        ("batch_size", "32..256:4", ("32", "64", "128", "256")),
        ("seed", "1..3", ("1", "2", "3")),
        ("dropout", "0..0.4:3", ("0", "0.2", "0.4")),
        ("l2", "0..0.4:3", ("0", "0.2", "0.4")),  # no factor leads from 0 to anything
        ("batch_size", "32,full, 32", ("32", "full")),
        ("activations", "relu;relu,tanh", ("relu", "relu,tanh")),
    ],
)
def test_the_values_that_a_grid_takes(name: str, text: str, points: tuple[str, ...]) -> None:
    assert read_axis(name, text).points() == points


@pytest.mark.parametrize("name", ["learning_rate", "width", "dropout", "optimizer"])
def test_what_a_random_search_draws_is_allowed(name: str) -> None:
    texts = {"learning_rate": "0.001..0.1", "width": "1..4", "dropout": "0..0.5"}
    axis = read_axis(name, texts.get(name, "adam,momentum"))
    drawn = {axis.at(i / 1000) for i in range(1000)}
    assert {read_axis(name, text).points()[0] for text in drawn} == drawn
    if name == "width":
        assert drawn == {"1", "2", "3", "4"}


@pytest.mark.parametrize(
    ("varied", "said"),
    [
        (["speed=1"], "unknown setting 'speed'"),
        (["learning_rate"], "write NAME=ONE,ANOTHER"),
        (["learning_rate="], "has no values"),
        (["learning_rate=0.1..0.01"], "is not a range"),
        (["learning_rate=0.1..nan"], "is not a range"),
        (["learning_rate=0.1..1:1"], "is not a range"),
        (["learning_rate=0.1..1:99999"], "at most 1,000"),
        (["learning_rate=-1..1"], "learning_rate: '-1' is not a number"),
        (["optimizer=adam..momentum"], "is not a range"),
        (["width=0,8"], "width is a whole number from 1 to 1024"),
        (["seed=1", "seed=2"], "seed is given twice"),
        (["width=8", "layers=784,10"], "width and depth make the layers"),
        (["task=none"], "task:"),
    ],
)
def test_what_cannot_vary_is_refused_with_a_sentence(varied: list[str], said: str) -> None:
    with pytest.raises(ConfigError, match="vary: ") as refused:
        read_space(BASE, varied)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("varied", "said"),
    [
        ([], "nothing varies"),
        (["seed=1..1000:1000", "width=1,2"], "1 to 1,000 runs, not 2,000"),
        (["layers=784,16,10;99,16,10"], "The run with layers=99,16,10 cannot be"),
        (["activations=relu,tanh,relu"], "cannot be: activations: 3 names for 2"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_with_a_sentence(varied: list[str], said: str) -> None:
    with pytest.raises(ConfigError) as refused:
        Plan(read_space(BASE, varied)).checked(Examples())
    assert said in str(refused.value)


def test_runs_that_are_compared_fit_into_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LIMIT, "1")
    space = read_space(BASE, ["width=64", "seed=1..9:9"])
    assert Plan(space).checked(Examples())[0] == 9
    with pytest.raises(ConfigError, match="To stop losers early, all 9 runs"):
        Plan(space, halving=True).checked(Examples())


def test_a_range_of_classes_has_whole_numbers() -> None:
    found = configs(read_space(RunConfig.default("spiral"), ["classes=2..4:3"]))
    assert [each.classes for each in found] == [2, 3, 4]


def test_runs_share_examples_only_if_those_are_equal() -> None:
    corrected = BASE.with_values(corrections=((1, None), (2, 7)))
    assert data_key(BASE.with_values(learning_rate=0.5, seed=9)) == data_key(BASE)
    assert data_key(corrected) != data_key(BASE)
    few = BASE.with_values(subset=100)
    assert data_key(few.with_values(seed=9)) != data_key(few) != data_key(BASE)
