"""The folders of data sets and of caches: by environment variable, or by the page."""

from pathlib import Path

import pytest
from platformdirs import user_cache_path

from data.dataset import DataError
from data.folders import CACHE_FOLDER, DATA_FOLDER, cache_folder, data_folder, use_data_folder


@pytest.mark.parametrize("named", ["", "  "])
def test_a_blank_name_is_no_folder(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    monkeypatch.setenv(DATA_FOLDER, named)
    assert data_folder() is None


def test_the_page_names_a_folder_after_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(DATA_FOLDER, "~/digits")
    assert data_folder() == Path.home() / "digits"
    use_data_folder(f" {tmp_path} ")
    assert data_folder() == tmp_path
    use_data_folder("")
    assert data_folder() is None


@pytest.mark.parametrize("named", ["/no/such/folder", "a\0b", __file__])
def test_a_path_that_is_not_a_folder_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    monkeypatch.setenv(DATA_FOLDER, "before")
    with pytest.raises(DataError, match="is not a folder on the computer that runs this app"):
        use_data_folder(named)
    assert data_folder() == Path("before")


def test_caches_are_where_the_environment_says_or_where_the_system_keeps_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(CACHE_FOLDER, " ~/cache ")
    assert cache_folder() == Path.home() / "cache"
    monkeypatch.setenv(CACHE_FOLDER, " ")
    assert cache_folder() == user_cache_path("netcore-playground")
