"""The library from the command line, while the app has it open, too."""

import io
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from data.folders import HOME_FOLDER
from playground.command_line.main import main
from playground.library import schema
from playground.library.library import Library
from playground.saved import load_run
from tests.playground.conftest import NewRun
from tests.playground.examples import wait_until
from tests.playground.programs import objects, playground

Runs = Callable[..., tuple[int, str, str]]


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, new_run: NewRun) -> Iterator[Library]:
    """A library with the seeds 1 and 2 in the folder that commands use, open in this process."""
    monkeypatch.setenv(HOME_FOLDER, str(tmp_path))
    library = Library(tmp_path / "library")
    for seed in (1, 2):
        run = new_run(seed=seed)
        run.keep_with(partial(library.keep, owner=f"browser {seed}"))
        run.step()
        wait_until(lambda run=run: not run.busy)  # type: ignore[misc]
        library.flush()
    yield library
    library.close()


@pytest.fixture
def runs(capsys: pytest.CaptureFixture[str]) -> Runs:
    """`playground runs` with these arguments, in this process: its exit code and what it says."""

    def run(*arguments: object) -> tuple[int, str, str]:
        code = main(["runs", *map(str, arguments)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_all_runs_are_listed_and_shown(kept: Library, runs: Runs) -> None:
    second, first = kept.entries()
    lines = objects(playground("runs", "list", "--json").stdout)
    assert [line["id"] for line in lines] == [second.id, first.id]
    assert lines[1]["settings"] == first.settings
    assert lines[1]["held_out_accuracy"] == first.accuracy
    _, listed, _ = runs("list", "--filter", "seed=1")
    assert first.id in listed
    assert second.id not in listed
    _, shown, _ = runs("show", first.id)
    assert "1 of " in shown
    assert "learning_rate " in shown
    assert objects(runs("show", "--json", second.id)[1]) == lines[:1]


def test_runs_are_exported_in_one_file(kept: Library, runs: Runs, tmp_path: Path) -> None:
    code, said, _ = runs("export", tmp_path / "runs.zip")
    assert (code, said) == (0, f"Exported 2 runs to {tmp_path / 'runs.zip'}.\n")
    with zipfile.ZipFile(tmp_path / "runs.zip") as packed:
        for entry in kept.entries():
            assert load_run(io.BytesIO(packed.read(f"{entry.id}.npz"))).config == entry.config
    (first,) = kept.entries("browser 1")
    runs("export", tmp_path / "one.zip", first.id)
    with zipfile.ZipFile(tmp_path / "one.zip") as packed:
        assert set(packed.namelist()) == {"runs.csv", f"{first.id}.npz"}


def test_runs_are_deleted_for_good(kept: Library, runs: Runs) -> None:
    second, first = kept.entries()
    code, said, complaint = runs("delete", first.id, "nothing")
    assert (code, said) == (1, "")
    assert "No run has the id nothing" in complaint
    assert len(kept.entries()) == 2
    _, said, _ = runs("delete", "--json", first.id)
    assert [line["id"] for line in objects(said)] == [first.id]
    assert [entry.id for entry in kept.entries()] == [second.id]
    kept.undelete([first.id])
    assert [entry.id for entry in kept.entries()] == [second.id]
    assert len(list(kept.folder.rglob("*.npz"))) == 1


def test_what_cannot_be_is_a_sentence(kept: Library, runs: Runs, tmp_path: Path) -> None:
    code, _, complaint = runs("export", tmp_path / "none" / "runs.zip")
    assert code == 2
    assert "there is no folder" in complaint
    with pytest.raises(SystemExit, match="2"):
        runs("explode")
    kept.close()
    (tmp_path / "library" / schema.NAME).unlink()
    assert playground("runs", "list").stdout == "No runs are kept yet.\n"
    (tmp_path / "library" / schema.NAME).write_bytes(b"no database" * 999)
    assert playground("runs", "list").stderr.count("was set aside") == 1
