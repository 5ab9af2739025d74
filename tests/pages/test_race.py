"""The page Race: rivals, a race beside the page, its verdict, the address, and the library."""

import pytest
from streamlit.testing.v1 import AppTest

from playground.library.opened import library
from playground.race.race import Race
from playground.registry import RUNS
from playground.run import Status
from tests.pages.conftest import Open, query_of, run_of, said, shown
from tests.pages.test_runs_page import on_runs, trained
from tests.pages.test_train import TINY
from tests.playground.examples import wait_until

SHORT = {**TINY, "iterations": "40"}


def on_race(at: AppTest) -> AppTest:
    return at.switch_page("pages/race.py").run()


def race_of(at: AppTest) -> Race:
    (token,) = query_of(at, "race")
    race = RUNS.find(token, Race)
    assert race is not None
    return race


def ended(at: AppTest) -> AppTest:
    race = race_of(at)
    wait_until(lambda: not race.busy)
    return at.run()


def text_of(at: AppTest) -> str:
    return "\n".join(each.proto.body for each in at.get("html"))


@pytest.fixture
def raced(open_app: Open) -> AppTest:
    """A tab on Race where a race over two starts has ended."""
    at = on_race(open_app(**SHORT))
    at.number_input(key="set race starts").set_value(2).run()
    return ended(at.button(key="start race").click().run())


def test_a_race_is_started_and_its_verdict_is_told(raced: AppTest) -> None:
    at = raced
    assert not at.exception
    found = race_of(at).latest
    assert found.status is Status.DONE
    assert len(found.results) == 2
    assert 'data-starts="2"' in text_of(at)
    assert {"race curves", "race differences", "race weights A", "race weights B"} <= shown(at)
    assert any("paired t" in each.value for each in at.caption)
    at.button(key="race 5 more starts").click().run()
    ended(at)
    assert len(race_of(at).latest.results) == 7
    assert not at.exception


def test_its_runs_are_in_the_library(raced: AppTest) -> None:
    library().flush()
    found = race_of(raced).latest
    kept = {
        (entry.seed, entry.settings["learning_rate"]): entry.accuracy
        for entry in library().entries(race_of(raced).owner)
        if entry.tags == ("race",)
    }
    for start, scores in enumerate(found.results):
        for config, score in zip(found.plan.configs, scores, strict=True):
            assert kept[found.plan.seed(start), f"{config.learning_rate:g}"] == score
    entries = [library().entry(racer.token) for racer in found.racers]
    assert [entry.accuracy for entry in entries if entry] == list(found.results[-1])
    raced.run()  # which draws the link to them
    assert not raced.exception


def test_rivals_are_put_together_and_the_address_holds_them(open_app: Open) -> None:
    at = on_race(open_app(**SHORT))
    at.button(key="add rival").click().run()
    at.multiselect(key="set rival C").set_value(["optimizer", "layers"]).run()
    at.selectbox(key="set rival C optimizer").select("momentum").run()
    at.text_input(key="set rival C layers").set_value("784,5,10").run()
    at.text_input(key="set rival B learning_rate").set_value("0.5").run()
    at.segmented_control(key="set race by").set_value("seconds").run()
    assert not at.exception
    address = {name: query_of(at, name) for name in ("vs_b", "vs_c", "starts", "race_by")}
    assert address["vs_b"] == ["learning_rate=0.5"]
    other = open_app(**SHORT)
    for name, (text,) in address.items():
        other.query_params[name] = text
    on_race(other)
    ended(other.button(key="start race").click().run())
    b, c = race_of(other).latest.plan.configs[1:]
    assert b.learning_rate == 0.5
    assert (c.optimizer, c.layers) == ("momentum", (784, 5, 10))
    assert {"race weights C"} <= shown(other)
    other.button(key="remove rival B").click().run()
    assert query_of(other, "vs_b") == address["vs_c"]
    assert not other.exception


def test_new_rivals_differ_from_each_other(open_app: Open) -> None:
    at = on_race(open_app(**SHORT))
    for _ in range(2):
        at.button(key="add rival").click().run()
    assert at.button(key="add rival").disabled
    assert not at.button(key="start race").disabled
    assert "same settings" not in said(at)


def test_what_cannot_be_raced_is_told(open_app: Open) -> None:
    at = on_race(open_app(**SHORT))
    at.text_input(key="set rival B learning_rate").set_value("fast").run()
    assert "'fast' is not a number" in said(at)
    assert at.button(key="start race").disabled
    at.multiselect(key="set rival B").set_value([]).run()
    assert "B has the same settings as A" in said(at)
    at.multiselect(key="set rival B").set_value(["layers"]).run()
    at.text_input(key="set rival B layers").set_value("5,10").run()
    at.button(key="start race").click().run()
    assert "does not fit the data" in said(at)
    assert not at.exception
    hostile = open_app(**SHORT, vs_b="seed=3", starts="-4", race_by="x", race="nothing")
    on_race(hostile)
    assert not hostile.exception


def test_it_can_be_paused_and_stopped(open_app: Open) -> None:
    at = on_race(open_app(**{**SHORT, "iterations": "100000"}))
    at.button(key="start race").click().run()
    at.button(key="race pause").click().run()
    ended(at)
    assert race_of(at).latest.status is Status.PAUSED
    at.button(key="race resume").click().run()
    assert race_of(at).busy
    assert at.button(key="start race").disabled
    at.button(key="race stop").click().run()
    ended(at)
    assert race_of(at).latest.status is Status.STOPPED
    assert not at.exception
    assert run_of(at).snapshot.iteration == 0  # the run itself has not been touched


def test_chosen_runs_are_raced_if_that_is_fair(open_app: Open) -> None:
    at = open_app(**SHORT)
    first = trained(at)
    at.selectbox(key="set optimizer").select("momentum").run()
    second = trained(at)
    at.number_input(key="set seed").set_value(2).run()
    third = trained(at)
    on_runs(at, second, third)
    assert at.button(key="race these").disabled  # they differ in the seed alone
    on_runs(at, third, first)
    at.button(key="race these").click().run()
    assert query_of(at, "vs_b") == ["optimizer=adam"]
    ended(at.button(key="start race").click().run())
    plan = race_of(at).latest.plan
    assert [config.optimizer for config in plan.configs] == ["momentum", "adam"]
    assert not at.exception


def test_another_browser_watches_a_race_and_does_not_control_it(open_app: Open) -> None:
    at = on_race(open_app(**{**SHORT, "iterations": "100000"}))
    at.button(key="start race").click().run()
    race, others = race_of(at), open_app("another" * 5, **SHORT)
    others.query_params["race"] = race.token
    on_race(others)
    assert race_of(others) is race
    assert {"race curves", "race weights A"} <= shown(others)
    assert not {str(each.key) for each in others.button} & {"race pause", "race stop"}
    assert any("controls it" in each.value for each in others.caption)
    assert not others.button(key="start race").disabled
    assert not others.exception
    assert race.busy
    at.button(key="race stop").click().run()
    ended(at)
