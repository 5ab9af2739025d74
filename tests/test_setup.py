"""The set-up of `python -m tests`: what it installs, and that a failed check, or one that could not
run, fails."""

import os
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from tests.__main__ import NOT_WINDOWS, REQUIREMENTS, missing_requirements, run_check
from tests.server import ROOT


def test_every_requirement_is_pinned() -> None:
    """One that is not would be taken for installed."""
    for file in ROOT.glob("requirements*.txt"):
        for line in file.read_text(encoding="utf-8").splitlines():
            pattern = rf"([\w-]+==\d[\w.]*(; {NOT_WINDOWS})?)? *(#.*)?"
            assert re.fullmatch(pattern, line), f"{file.name}: {line}"


def test_the_readme_says_what_each_requirement_is_for() -> None:
    _, why = (
        (ROOT / "README.md").read_text(encoding="utf-8").split("## What each dependency is for")
    )
    why, _ = why.split("\n## ", maxsplit=1)
    for file in ROOT.glob("requirements*.txt"):
        for name in re.findall(r"^([\w-]+)==", file.read_text(encoding="utf-8"), re.MULTILINE):
            assert re.search(rf"(?<![\w-]){name}(?![\w-])", why), f"{file.name}: {name}"


def test_what_is_not_installed_is_missing(tmp_path: Path) -> None:
    file = tmp_path / "requirements.txt"
    installed = f"pytest=={metadata.version('pytest')}"
    file.write_text(f"# a comment\n{installed}  # and why\npytest==0.1\nno-such-package==1.0\n")
    assert list(missing_requirements([file])) == ["pytest==0.1", "no-such-package==1.0"]


@pytest.mark.parametrize(("platform", "missing"), [("linux", ["no-such==1.0"]), ("win32", [])])
def test_what_windows_has_not_is_not_missing_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str, missing: list[str]
) -> None:
    file = tmp_path / "requirements.txt"
    file.write_text(f"no-such==1.0; {NOT_WINDOWS}  # and why\n")
    monkeypatch.setattr("sys.platform", platform)
    assert list(missing_requirements([file])) == missing


def test_the_tests_run_with_what_is_pinned() -> None:
    assert list(missing_requirements(REQUIREMENTS)) == []


@pytest.mark.parametrize(
    ("command", "passed"), [(("timeit", "-n1", "1"), True), (("no_such_module",), False)], ids=str
)
def test_a_check_that_fails_is_a_failure(command: tuple[str, ...], passed: bool) -> None:
    assert run_check("planted", command) is passed


def without_a_browser(*arguments: str) -> subprocess.CompletedProcess[str]:
    """One test that takes a browser, where none starts: pytest by itself, no CI told of."""
    command = [sys.executable, "-m", "pytest", "-p", "no:randomly", *arguments]
    environment = {name: value for name, value in os.environ.items() if name != "CI"}
    return subprocess.run(
        [*command, "tests/e2e/test_fixtures.py", "-k", "warning"],
        cwd=ROOT, env=environment | {"CHROME": "no-such-browser"}, capture_output=True, text=True,
    )  # fmt: skip


def test_without_a_browser_the_tests_fail_and_say_how_to_get_one() -> None:
    done = without_a_browser()
    assert done.returncode == 1
    assert "No Chrome or Chromium starts here. Install one" in done.stdout
    assert "python -m tests --no-browser" in done.stdout


def test_on_purpose_they_are_left_out_and_said_to_be() -> None:
    done = without_a_browser("--no-browser")
    assert done.returncode == 0
    assert "1 skipped" in done.stdout
    assert "left out on purpose: --no-browser" in done.stdout
