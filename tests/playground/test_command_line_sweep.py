"""Sweeps from the command line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from data.folders import HOME_FOLDER
from playground.command_line.main import main
from playground.library.library import Library
from tests.playground.programs import objects, playground
from tests.server import ROOT

SCRIPT = """\
import sys
print("started", file=sys.stderr, flush=True)
from playground.command_line.main import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.timeout(120)
def test_a_sweep_prints_a_line_for_each_run_and_keeps_it(tmp_path: Path) -> None:
    """In a script that does not guard its main part, as app.py: no worker process executes it."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    arguments = [
        *("sweep", "--vary", "layers=2,4,1;2,6,1", "--vary", "learning_rate=0.01,0.003"),
        *("--seeds", "1,2", "--workers", "2", "--json", "--dataset", "circles", "--epochs", "3"),
    ]
    done = subprocess.run(
        [sys.executable, "-W", "error", str(script), *arguments],
        cwd=tmp_path,
        env=os.environ | {HOME_FOLDER: str(tmp_path), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    said = done.stderr.splitlines()
    assert said.count("started") == 1
    assert said[1].startswith("8 runs on 2 workers, about ")
    assert len(said) == 2, done.stderr
    lines = objects(done.stdout)
    assert len(lines) == len({line["id"] for line in lines}) == 8
    varied = {tuple(line["varied"].items()) for line in lines}
    assert (("layers", "2,6,1"), ("learning_rate", "0.003"), ("seed", "2")) in varied
    assert len(varied) == 8
    library = Library(tmp_path / "library")
    try:
        for line in lines:
            (entry,) = library.find([line["id"]])
            assert line["status"] == entry.status == "done"
            assert line["settings"] == entry.settings
            assert line["settings"]["layers"] == line["varied"]["layers"]
            assert line["held_out_accuracy"] == entry.accuracy
            assert line["seconds"] > 0
    finally:
        library.close()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "nothing varies"),
        (["--vary", "speed=1"], "unknown setting 'speed'"),
        (["--vary", "seed=1,2", "--workers", "0"], "workers: 0 is not"),
        (["--vary", "seed=1,2", "--search", "random", "--runs", "0"], "1 to 1,000 runs"),
        (["--vary", "seed=1,2", "--preset", "none"], "unknown preset"),
        (["--vary", "layers=784,16,10;2,10"], "The run with layers=2,10 cannot be"),
        (["--vary", "seed=1,2", "--search-seed", "-1"], "search-seed"),
    ],
)
def test_what_cannot_be_swept_is_refused(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sweep", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_help_names_every_flag() -> None:
    said = playground("sweep", "--help").stdout
    for flag in (
        "--vary",
        "--seeds",
        "--workers",
        "--halving",
        "--learning-rate",
        "PLAYGROUND_DASK",
    ):
        assert flag in said
