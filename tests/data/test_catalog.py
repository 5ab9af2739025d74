"""The table of data sets, and that each is loaded once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from data import catalog
from data.catalog import DATASETS, load
from data.dataset import DataError, Splits


def test_the_default_comes_first_and_is_always_there() -> None:
    first = next(iter(DATASETS.values()))
    assert first.name == "mnist-5k"
    assert first.available() is None


def test_every_entry_is_found_under_its_own_name_and_says_its_split() -> None:
    for name, entry in DATASETS.items():
        assert entry.name == name
        assert entry.about.endswith(".")
        assert "held out" in entry.held_out


def test_the_split_sentence_of_mnist_5k_is_true() -> None:
    splits = load("mnist-5k")
    assert (splits.train.m, splits.held_out.m) == (4000, 1000)


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(DataError, match="unknown data set 'mnits'; choose one of: mnist-5k"):
        load("mnits")


def test_twenty_askers_at_once_load_once(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = DATASETS["mnist-5k"]
    calls: list[int] = []
    everyone = Barrier(20)

    def counting_load() -> Splits:
        calls.append(1)
        return entry.load()

    def ask(_: int) -> Splits:
        everyone.wait(timeout=10)
        return load("mnist-5k")

    monkeypatch.setitem(DATASETS, "mnist-5k", replace(entry, load=counting_load))
    monkeypatch.setattr(catalog, "_loaded", {})
    with ThreadPoolExecutor(20) as askers:
        answers = list(askers.map(ask, range(20)))
    assert len(calls) == 1
    assert all(answer is answers[0] for answer in answers)


def test_a_failure_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = DATASETS["mnist-5k"]

    def fails() -> Splits:
        raise DataError("the file is gone")

    monkeypatch.setattr(catalog, "_loaded", {})
    monkeypatch.setitem(DATASETS, "mnist-5k", replace(entry, load=fails))
    with pytest.raises(DataError, match="the file is gone"):
        load("mnist-5k")
    monkeypatch.setitem(DATASETS, "mnist-5k", entry)
    assert load("mnist-5k").train.m == 4000
