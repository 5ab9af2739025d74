"""The page Runs: the table, what is chosen and done to it, and whose runs are whose."""

from functools import partial
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from playground.config import RunConfig
from playground.library.entry import COMMAND_LINE, Entry
from playground.library.opened import library
from playground.registry import RUNS
from playground.run import Run
from playground.run_data import load_data
from tests.pages.conftest import Open, at_rest, query_of, run_of, said, shown, status_line
from tests.pages.test_train import TINY
from tests.playground.examples import wait_until


def trained(at: AppTest) -> Entry:
    """The run of this tab after a step, as it is kept."""
    at_rest(at.button(key="step").click().run())
    library().flush()
    entry = library().entry(run_of(at).token)
    assert entry is not None
    return entry


def on_runs(at: AppTest, *chosen: Entry) -> AppTest:
    if chosen:
        at.query_params["chosen"] = ",".join(entry.id for entry in chosen)
    return at.switch_page("pages/runs.py").run()


@pytest.fixture
def two(open_app: Open) -> tuple[AppTest, Entry, Entry]:
    """A tab on Runs that has trained two runs, both of them chosen."""
    at = open_app(**TINY)
    first = trained(at)
    at.number_input(key="set seed").set_value(2).run()
    second = trained(at)
    return on_runs(at, first, second), first, second


def test_a_page_without_runs_says_how_there_come_to_be_some(open_app: Open) -> None:
    at = on_runs(open_app(**TINY))
    assert any("There are no runs yet" in each.value for each in at.info)
    assert not at.exception


def test_seeds_are_one_row_and_can_be_unfolded(two: tuple[AppTest, Entry, Entry]) -> None:
    at, first, second = two
    (row,) = at.dataframe[0].value.to_dict("records")
    assert row["name"].endswith("2 seeds")
    mean = 50 * (first.accuracy + second.accuracy)  # type: ignore[operator]
    assert row["accuracy"] == pytest.approx(mean)
    at.toggle(key="fold seeds").set_value(False).run()
    assert len(at.dataframe[0].value) == 2
    at.text_input(key="filter runs").set_value("seed=2").run()
    assert len(at.dataframe[0].value) == 1
    assert any("1 of 2 runs" in each.value for each in at.caption)


def test_the_chosen_are_compared_and_stay_in_the_address(
    two: tuple[AppTest, Entry, Entry],
) -> None:
    at, first, second = two
    assert {"compared curves", "compared weights A", "compared weights B"} <= shown(at)
    assert any("| Seed | 1 | 2 |" in each.value for each in at.markdown)
    assert query_of(at, "chosen") == [f"{first.id},{second.id}"]
    at.segmented_control(key="compare view").set_value("Confusion").run()
    assert {"compared confusion A", "compared confusion B"} <= shown(at)
    at.segmented_control(key="compare view").set_value("One drawing").run()
    assert "compared canvas" in shown(at)
    for by in ("epoch", "seconds"):
        at.segmented_control(key="compared by").set_value(by).run()
    assert not at.exception
    at.switch_page("pages/train.py").run()
    at.query_params.pop("chosen", None)
    assert query_of(on_runs(at), "chosen") == [f"{first.id},{second.id}"]
    at.button(key="choose none").click().run()
    assert query_of(at, "chosen") == []


def test_a_run_is_named_tagged_and_pinned(two: tuple[AppTest, Entry, Entry]) -> None:
    at, first, _ = two
    on_runs(at, first)
    at.text_input(key=f"name {first.id}").set_value("*bold* name").run()
    at.text_input(key=f"tags {first.id}").set_value("a, b").run()
    at.button(key="pin runs").click().run()
    (entry,) = library().find([first.id])
    assert (entry.name, entry.tags, entry.pinned) == ("*bold* name", ("a", "b"), True)
    assert at.button(key="pin runs").label == "Unpin"
    assert not at.exception


def test_deleting_can_be_undone(two: tuple[AppTest, Entry, Entry]) -> None:
    at, first, second = two
    at.button(key="delete runs").click().run()
    assert library().find([first.id, second.id]) == []
    assert any("2 runs deleted" in each.value for each in at.markdown)
    at.button(key="undo delete").click().run()
    assert len(library().find([first.id, second.id])) == 2
    assert "compared curves" in shown(at)
    assert "undo delete" not in {each.key for each in at.button}
    at.button(key="choose none").click().run()
    at.text_input(key="filter runs").set_value("seed=2").run()
    at.button(key="delete all runs").click().run()  # that the filter shows
    assert [entry.id for entry in library().find([first.id, second.id])] == [first.id]
    at.button(key="undo delete").click().run()
    assert len(library().find([first.id, second.id])) == 2


def test_a_run_opens_where_it_was(two: tuple[AppTest, Entry, Entry]) -> None:
    at, first, _ = two
    RUNS.drop(first.token)
    on_runs(at, first)
    at.button(key="open run").click().run()
    assert query_of(at, "run") == [first.token]
    assert 'data-status="paused" data-iteration="1"' in status_line(at)
    assert run_of(at).config.seed == 1


def test_a_link_shows_a_run_to_others_who_can_start_the_same(
    two: tuple[AppTest, Entry, Entry], open_app: Open
) -> None:
    at, first, _ = two
    link = next(each.value for each in on_runs(at, first).code if "chosen=" in each.value)
    assert first.token not in link
    assert first.owner not in link
    (ids,) = parse_qs(urlsplit(link).query)["chosen"]
    other = open_app("another" * 5, **TINY, seed="9")
    other.query_params["chosen"] = ids
    other.switch_page("pages/runs.py").run()
    assert "compared curves" in shown(other)
    keys = {each.key for each in other.button}
    assert not keys & {"delete runs", "pin runs", "open run"}
    assert any("came by a link" in each.value for each in other.caption)
    other.button(key="start the same").click().run()
    assert run_of(other).config == first.config
    assert run_of(other).token != first.token
    assert 'data-iteration="0"' in status_line(other)


def test_a_link_to_several_runs_starts_any_of_them(
    two: tuple[AppTest, Entry, Entry], open_app: Open
) -> None:
    _, first, second = two
    other = open_app("another" * 5, **TINY, seed="9")
    other.query_params["chosen"] = f"{first.id},{second.id},{'0' * 16}"
    other.switch_page("pages/runs.py").run()
    told = {each.value for each in other.caption}
    assert "1 of the runs in this address is not kept here any more." in told
    assert any(text.startswith("These runs came by a link. You can look at them") for text in told)
    other.button(key="start the same as B").click().run()
    assert run_of(other).config == second.config
    assert not other.exception


def test_an_address_with_nonsense_is_no_trouble(open_app: Open) -> None:
    at = open_app(**TINY)
    at.query_params["chosen"] = ",,x' OR 1=1 --," + "y" * 5000
    on_runs(at)
    assert not at.exception
    assert said(at) == ""
    assert any("not kept here any more" in each.value for each in at.caption)


def test_why_runs_are_not_kept_is_said(open_app: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    at = open_app(**TINY)
    monkeypatch.setattr(library(), "trouble", "Runs are not kept now. The disk is full.")
    assert "The disk is full" in said(on_runs(at))


def test_runs_of_the_command_line_are_those_of_the_browsers_here(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    library().purge([each.id for each in library().entries(COMMAND_LINE)])  # of other tests
    config = RunConfig.from_text(TINY)
    run = Run(config, load_data(config))
    run.keep_with(partial(library().keep, owner=COMMAND_LINE))
    run.step()
    wait_until(lambda: not run.busy)
    library().flush()
    entry = library().entry(run.token)
    assert entry is not None
    try:
        for browser in ("d" * 32, "e" * 32):
            at = on_runs(open_app(browser, **TINY))
            assert len(at.dataframe[0].value) == 1
        on_runs(at, entry).button(key="pin runs").click().run()
        at.button(key="open run").click().run()
        assert query_of(at, "run") == [run.token]
        assert 'data-status="paused" data-iteration="1"' in status_line(at)
        monkeypatch.setenv("PLAYGROUND_FOLDERS", "no")  # a server of many people
        at = on_runs(open_app("g" * 32, **TINY), entry)
        assert any("There are no runs yet" in each.value for each in at.info)
        assert "open run" not in {each.key for each in at.button}
    finally:
        library().purge([entry.id])


def test_the_library_is_read_once_in_a_draw(
    two: tuple[AppTest, Entry, Entry], monkeypatch: pytest.MonkeyPatch
) -> None:
    at, *_ = two
    read, reads = library().entries, list[object]()

    def counted(*owners: str) -> list[Entry]:
        reads.append(owners)
        return read(*owners)

    monkeypatch.setattr(library(), "entries", counted)
    at.run()
    assert len(reads) == 1
    assert len(at.dataframe[0].value) == 1
