"""The table of runs: filtered, folded, as CSV and as one file."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from playground.library.entry import Entry
from playground.library.library import Library
from playground.library.table import Row, as_csv, as_zip, matching, names_of, rows_of
from playground.saved import load_run
from tests.playground.conftest import NewRun
from tests.playground.examples import wait_until


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = Library(tmp_path / "library")
    yield library
    library.close()


@pytest.fixture
def entries(library: Library, new_run: NewRun) -> list[Entry]:
    """Three seeds of one setting, and another setting, all after a step; the newest first."""
    for values in ({"seed": 1}, {"seed": 2}, {"seed": 3}, {"learning_rate": 0.02}):
        run = new_run(**values)
        run.keep_with(lambda checkpoint: library.keep(checkpoint, "me"))
        run.step()
        wait_until(lambda run=run: not run.busy)  # type: ignore[misc]
    library.flush()
    return library.entries("me")


def test_seeds_of_one_setting_are_one_row(entries: list[Entry]) -> None:
    other, seeds = rows_of(entries, fold=True)
    assert [entry.seed for entry in seeds.entries] == [3, 2, 1]
    values = [entry.accuracy or 0.0 for entry in seeds.entries]
    assert seeds.mean("accuracy") == pytest.approx(np.mean(values))
    assert seeds.sd("accuracy") == pytest.approx(np.std(values, ddof=1))
    assert names_of([other, seeds])[1].endswith("3 seeds")
    assert (len(other.entries), other.sd("accuracy")) == (1, None)
    assert len(rows_of(entries, fold=False)) == 4


def test_names_say_what_differs_between_the_rows(entries: list[Entry]) -> None:
    other, seeds = rows_of(entries, fold=True)
    first, second = names_of([other, seeds])
    assert first == "learning rate α 0.02"
    assert second == f"{seeds.first.made_name} · 3 seeds"  # all that it has, the other has as well
    assert names_of([other]) == [other.first.made_name]
    named = Row((replace(entries[-1], given_name="mine"),))
    assert names_of([other, named]) == ["learning rate α 0.02", "mine"]


def test_of_one_seed_the_last_run_counts_and_stages_are_apart(entries: list[Entry]) -> None:
    again = replace(entries[-1], id="again", created=entries[0].created + 1)
    rows = rows_of([again, *entries], fold=True)
    assert [len(row.entries) for row in rows] == [3, 1]
    assert rows[0].entries[0].id == "again"
    longer = replace(again, iteration=99)
    assert [len(row.entries) for row in rows_of([longer, *entries], fold=True)] == [1, 1, 3]


def test_a_row_without_finite_values_has_no_mean(entries: list[Entry]) -> None:
    (row,) = rows_of([replace(entries[0], cost=None)], fold=True)
    assert row.mean("cost") is None


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", 4),
        ("learning_rate=0.02", 1),
        ("LEARNING_rate=0.02", 1),
        ("seed=2 tag", 0),
        ("nothing", 0),
    ],
)
def test_words_filter(entries: list[Entry], words: str, found: int) -> None:
    assert len(matching(entries, words)) == found


def test_names_and_tags_filter(library: Library, entries: list[Entry]) -> None:
    library.rename(entries[0].id, "My best")
    library.tag(entries[1].id, ["Tuesday"])
    assert [e.id for e in matching(library.entries(), "best")] == [entries[0].id]
    assert [e.id for e in matching(library.entries(), "tuesday")] == [entries[1].id]


def test_csv_has_every_setting_and_no_formula(library: Library, entries: list[Entry]) -> None:
    library.rename(entries[0].id, '=HYPERLINK("x")')
    lines = list(csv.DictReader(io.StringIO(as_csv(library.entries()).decode())))
    assert len(lines) == 4
    assert lines[0]["name"] == '\'=HYPERLINK("x")'
    assert lines[0]["learning_rate"] == "0.02"
    assert float(lines[0]["accuracy"]) == entries[0].accuracy
    assert {line["seed"] for line in lines[1:]} == {"1", "2", "3"}


def test_one_file_has_all(library: Library, entries: list[Entry]) -> None:
    with zipfile.ZipFile(io.BytesIO(as_zip(library, entries))) as packed:
        assert packed.testzip() is None
        runs = {name for name in packed.namelist() if name.endswith(".npz")}
        assert runs == {f"{entry.id}.npz" for entry in entries}
        saved = load_run(io.BytesIO(packed.read(f"{entries[0].id}.npz")))
        assert saved.config == entries[0].config
        assert packed.read("runs.csv") == as_csv(entries)
