"""The table of data sets, and that each is loaded once."""

import gzip
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest

from data import catalog
from data.catalog import DATASETS, load
from data.dataset import DataError, Splits
from data.folders import DATA_FOLDER, use_data_folder
from data.mirrors import Archive, RemoteFile
from data.mnist import TRAIN_LABELS
from data.names import IMAGE_SETS
from tests.data.mirror import Mirror
from tests.data.test_idx import idx
from tests.data.test_mnist import SMALL, put


def test_the_default_data_set_is_first_and_always_available() -> None:
    first = next(iter(DATASETS.values()))
    assert first.name == "mnist-5k"
    assert first.available() is None


def test_every_entry_is_found_under_its_own_name_and_says_its_split() -> None:
    for name, entry in DATASETS.items():
        assert entry.name == name
        assert entry.about.endswith(".")
        assert "validation" in entry.validation


def test_the_split_sentence_of_mnist_5k_is_true() -> None:
    splits = load("mnist-5k")
    assert (splits.train.m, splits.validation.m) == (4000, 1000)


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(DataError, match="unknown data set 'mnits'; choose one of: mnist-5k"):
        load("mnits")


def test_twenty_threads_load_a_data_set_once(monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_an_embedded_data_set_cannot_be_downloaded() -> None:
    with pytest.raises(DataError, match="mnist-5k comes with the app"):
        catalog.download("mnist-5k")
    with pytest.raises(DataError, match="unknown data set 'mnits'"):
        catalog.download("mnits")


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist"])
def test_what_was_downloaded_is_loaded(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {f"{name}.gz": gzip.compress(content) for name, content in SMALL.items()}
    mirror = Mirror(files)
    entry = DATASETS[name]
    assert entry.images is not None
    archive = Archive(
        entry.title,
        (mirror.address,),
        tuple(RemoteFile(n, len(c), sha256(c).hexdigest()) for n, c in files.items()),
    )
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("PLAYGROUND_CACHE", str(tmp_path))
    monkeypatch.delenv(DATA_FOLDER, raising=False)
    monkeypatch.setattr(catalog, "_loaded", {})
    monkeypatch.setitem(
        DATASETS, name, replace(entry, images=replace(entry.images, archive=archive))
    )
    assert entry.available() is not None
    with pytest.raises(DataError, match="not on this computer yet"):
        load(name)
    download = catalog.download(name)
    assert download.wait(10)
    mirror.close()
    assert download.progress.state == "done"
    assert entry.available() is None
    assert load(name).train.name == name
    assert load(name) is load(name)


def test_a_changed_folder_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "_loaded", {})
    other = {TRAIN_LABELS: idx(np.arange(6, dtype=np.uint8))}
    for folder, changed in (("one", {}), ("two", other)):
        put(tmp_path / folder, changed=changed)
    monkeypatch.setenv(DATA_FOLDER, "")
    use_data_folder(str(tmp_path / "one"))
    first = load("mnist")
    use_data_folder(str(tmp_path / "two"))
    assert load("mnist").train.labels.tolist() == list(range(6))
    assert first.train.labels.tolist() == [5, 0, 4, 1, 9, 2]


def test_the_names_are_those_that_settings_know() -> None:
    assert tuple(DATASETS) == IMAGE_SETS
