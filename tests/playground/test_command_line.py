"""The command line in general: help, flags, errors."""

import subprocess
import sys
from pathlib import Path

import pytest

from playground.command_line.exit_codes import DONE, FAILED, MISUSED
from playground.command_line.flags import flag
from playground.command_line.main import main
from playground.command_line.train import run as train
from playground.config import LENGTHS, ConfigError, RunConfig
from playground.presets import PRESETS
from playground.settings import SETTINGS
from tests.server import ROOT


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    try:
        code = main(arguments)
    except SystemExit as end:  # argparse has said why
        code = int(end.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


def test_help_says_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "--help")
    assert code == DONE
    assert "python -m playground train --save model.npz" in out
    assert "classify" in out


def test_help_of_train_has_every_setting_with_its_default(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, _ = said(capsys, "train", "--help")
    assert code == DONE
    default = RunConfig()
    for name, setting in SETTINGS.items():
        value = getattr(default, name)
        left_open = name in LENGTHS and value is None
        assert f"{flag(name)} {'N' if left_open else setting.write(value)}" in out
    for name in (*PRESETS, "gradient_descent", "leaky_relu", "one_cycle", "fashion-mnist"):
        assert name in out
    assert max(map(len, out.splitlines())) <= 110


def test_help_of_classify(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "classify", "--help")
    assert code == DONE
    assert "python -m playground classify model.npz three.png" in out


def test_without_a_command_it_says_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys)
    assert (code, out) == (MISUSED, "")
    assert "python -m playground train --save model.npz" in err


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("underscored", [False, True])
def test_a_bad_value_gets_the_sentence_of_the_address(
    capsys: pytest.CaptureFixture[str], name: str, underscored: bool
) -> None:
    given = f"--{name}" if underscored else flag(name)
    code, out, err = said(capsys, "train", given, "-1")
    with pytest.raises(ConfigError) as refusal:
        RunConfig.from_text({name: "-1"})
    assert (code, out, err) == (MISUSED, "", f"{refusal.value}\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--epochs", "2", "--iterations", "2"], "epochs and iterations: give one of the two"),
        (["--activations", "relu,relu,relu"], "activations: 3 names for 2 hidden layers"),
        (["--layers", "5,10", "--activations", ""], "layers: [5, 10] does not fit the data"),
        (["--preset", "nope"], "unknown preset 'nope'; choose one of: default, post-small"),
        (["--learning-rat", "1"], "unrecognized arguments: --learning-rat 1"),
        (["--preset", "zeros", "--resume", "x.npz"], "not allowed with argument"),
        (["--save", "nowhere/model.npz"], "save: there is no folder nowhere; create it first."),
        (["--save", "tests"], "save: tests is a folder; name a file in it, tests/model.npz."),
    ],
    ids=str,
)
def test_invalid_commands_are_rejected(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    sentence: str,
) -> None:
    monkeypatch.chdir(ROOT)
    code, out, err = said(capsys, "train", *arguments)
    assert (code, out) == (MISUSED, "")
    assert sentence in err


def test_unknown_commands_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = said(capsys, "trian")
    assert code == MISUSED
    assert "invalid choice: 'trian'" in err


@pytest.mark.parametrize("command", [("train", "--resume"), ("classify",)], ids=str)
def test_a_file_that_is_not_a_run(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: tuple[str, ...]
) -> None:
    path = tmp_path / "model.npz"
    code, _, err = said(capsys, *command, str(path), *["x.png"] * (command == ("classify",)))
    assert (code, err) == (FAILED, f"{path} cannot be read: No such file or directory.\n")
    path.write_text("label,pixel0\n")
    code, _, err = said(capsys, *command, str(path), *["x.png"] * (command == ("classify",)))
    assert code == FAILED
    assert err == f"{path} cannot be read. The file is not a saved run: it is not an .npz file.\n"


def test_missing_data_gets_a_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PLAYGROUND_DATA", str(tmp_path))
    assert train(["--dataset", "fashion-mnist"]) == FAILED
    assert "Fashion-MNIST is not on this computer yet" in capsys.readouterr().err


def test_help_imports_little() -> None:
    """What is slow to import stays out: --help is asked for to get on."""
    program = """
import sys
from contextlib import redirect_stdout, suppress
from io import StringIO
from playground.command_line.main import main
for command, heavy in ([], ["numpy"]), (["train"], ["streamlit", "plotly", "mlxtend", "requests"]):
    with suppress(SystemExit), redirect_stdout(StringIO()):
        main([*command, "--help"])
    print([name for name in heavy if name in sys.modules])
"""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["[]", "[]"]
