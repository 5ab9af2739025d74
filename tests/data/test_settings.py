"""The folder of data sets: by environment variable or by the page."""

from pathlib import Path

import pytest

from data.dataset import DataError
from data.settings import DATA_FOLDER, data_folder, use_data_folder


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
def test_what_is_no_folder_changes_nothing(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    monkeypatch.setenv(DATA_FOLDER, "before")
    with pytest.raises(DataError, match="is not a folder on the computer that runs this app"):
        use_data_folder(named)
    assert data_folder() == Path("before")
