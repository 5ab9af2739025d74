"""How the next settings of a sweep are found, and which runs are stopped early."""

import math
import sys
from importlib.machinery import PathFinder

import pytest

from playground.config import ConfigError, RunConfig
from playground.sweep.halving import rungs, stages, survivors
from playground.sweep.ranges import read_space
from playground.sweep.search import Search, search

SPACE = read_space(
    RunConfig(), ["learning_rate=0.0001..1", "width=4..64", "optimizer=adam,momentum"]
)


def asked(found: Search) -> list[dict[str, str]]:
    every = []
    while (values := found.ask()) is not None:
        every.append(dict(values))
    return every


@pytest.mark.parametrize("method", ["random", "optuna"])
def test_a_search_proposes_as_many_as_it_says_and_the_same_for_its_seed(method: str) -> None:
    one, same, other = (asked(search(method, SPACE, runs=9, seed=seed)) for seed in (1, 1, 2))
    assert len(one) == search(method, SPACE, runs=9).count == 9
    assert one == same != other
    assert all(0.0001 <= float(each["learning_rate"]) <= 1 for each in one)
    assert {each["optimizer"] for each in one} == {"adam", "momentum"}
    assert all(SPACE.config(each).layers[1] == int(each["width"]) for each in one)


def test_random_rates_have_every_magnitude() -> None:
    drawn = [float(each["learning_rate"]) for each in asked(search("random", SPACE, runs=400))]
    shares = [sum(10**k <= rate < 10 ** (k + 1) for rate in drawn) / 400 for k in range(-4, 0)]
    assert all(0.15 < share < 0.35 for share in shares)


def test_optuna_looks_where_results_are_good() -> None:
    found = search("optuna", SPACE, runs=60, seed=3)
    rates = []
    for number in range(60):
        values = found.ask()
        assert values is not None
        rate = float(values["learning_rate"])
        rates.append(abs(math.log10(rate) + 2))  # 0.01 is best
        failed = number % 9 == 8
        found.tell(number, None if failed else -rates[-1], stopped=number % 7 == 6)
    assert found.ask() is None
    assert sum(rates[30:]) < 0.8 * sum(rates[:30])


def test_without_optuna_its_sampler_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    find = PathFinder.find_spec
    monkeypatch.setattr(
        PathFinder, "find_spec", lambda name, *rest: None if name == "optuna" else find(name, *rest)
    )
    monkeypatch.delitem(sys.modules, "optuna", raising=False)
    with pytest.raises(ConfigError, match=r"pip install -r requirements-optuna\.txt"):
        search("optuna", SPACE)


@pytest.mark.parametrize("runs", [0, -1, 1001])
@pytest.mark.parametrize("method", ["random", "optuna"])
def test_there_are_not_too_many_runs(method: str, runs: int) -> None:
    with pytest.raises(ConfigError, match="1 to 1,000 runs"):
        search(method, SPACE, runs=runs)


def test_an_unknown_search_is_refused() -> None:
    with pytest.raises(ConfigError, match="choose one of: grid, random, optuna"):
        search("lucky", SPACE)


def test_a_third_goes_on_and_never_none() -> None:
    assert survivors({n: (n / 10, 0.0) for n in range(9)}) == {8, 7, 6}
    assert survivors({1: (math.nan, 1.0)}) == {1}
    assert survivors({1: (0.5, 0.2), 2: (0.5, 0.1)}) == {2}
    assert survivors({1: (0.5, 0.1), 2: (0.5, 0.1)}) == {1}


def test_the_rungs_of_short_runs() -> None:
    assert [rungs(n) for n in (1, 2, 3, 9, 10)] == [(), (1,), (1,), (1, 3), (2, 4)]


@pytest.mark.parametrize("runs", [1, 2, 5, 9, 20, 100])
def test_the_work_left_is_that_of_the_runs_that_go_on(runs: int) -> None:
    n = 8100  # iterations
    work, alive, before = 0, set(range(runs)), 0
    for rung in (*rungs(n), n):
        work += len(alive) * (rung - before)
        before = rung
        if rung < n:
            alive = survivors({each: (each, 0.0) for each in alive})
    assert sum(alive * part for alive, part in stages(runs)) == pytest.approx(work / n)
