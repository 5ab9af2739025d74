"""`python -m tests [arguments of pytest]`: install what is missing, then run every check.

In a virtual environment, or if all requirements are already installed, it works in place; otherwise
it makes `.venv` in the checkout and continues there. Until the requirements are installed, only the
standard library is imported here.
"""

import os
import subprocess
import sys
import time
import venv
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import invalidate_caches, metadata
from pathlib import Path
from typing import Any

from tests.browser import fetch_browser, find_browser

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = (ROOT / "requirements.txt", ROOT / "requirements-dev.txt")
CHECKS = {
    "lint": ("ruff", "check"),
    "format": ("ruff", "format", "--check"),
    "types": ("mypy",),
    "types on Windows": ("mypy", "--platform", "win32", "--cache-dir", ".mypy_cache/win32"),
    "types on macOS": ("mypy", "--platform", "darwin", "--cache-dir", ".mypy_cache/darwin"),
}


def main(arguments: list[str]) -> int:
    """Run every check, whatever fails. The exit status is 0 only if all passed."""
    os.chdir(ROOT)
    missing = list(missing_requirements(REQUIREMENTS))
    if missing and not in_environment():
        return run_in_own_environment(arguments)
    if missing and not install(missing):
        return 1
    with ThreadPoolExecutor((os.cpu_count() or 1) + 1) as together:
        browser = together.submit(set_up_browser, arguments)  # mostly waits for a download
        results = list(together.map(run_check, CHECKS, CHECKS.values()))
        browser.result()
    failed = [name for name, passed in zip(CHECKS, results, strict=True) if not passed]
    tests = run_tests(arguments, failed)
    return tests or (1 if failed else 0)


def in_environment() -> bool:
    """Whether packages installed by this Python are separate from the system's."""
    return sys.prefix != sys.base_prefix or "CONDA_PREFIX" in os.environ


NOT_WINDOWS = 'sys_platform != "win32"'


def missing_requirements(files: Iterable[Path]) -> Iterator[str]:
    """The pinned requirements, name==version, that are not installed in exactly that version. The
    only marker they may have is NOT_WINDOWS.
    """
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            pin, _, marker = line.partition("#")[0].strip().partition("; ")
            name, pinned, version = pin.partition("==")
            wanted = marker != NOT_WINDOWS or sys.platform != "win32"
            if pinned and wanted and not is_installed(name, version):
                yield f"{name}=={version}"


def is_installed(name: str, version: str) -> bool:
    try:
        return metadata.version(name) == version
    except metadata.PackageNotFoundError:
        return False


def run_in_own_environment(arguments: list[str]) -> int:
    """Run the same command in `.venv`, so that the system's Python is not changed."""
    folder = ROOT / ".venv"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        say(f"this Python is not a virtual environment: making one in {folder}")
        try:
            venv.create(folder, with_pip=True, clear=True)
        except subprocess.CalledProcessError:
            say("could not make it; on Debian and Ubuntu: apt-get install python3-venv")
            return 1
    say(f"continuing in {folder}")
    return subprocess.run([python, "-m", "tests", *arguments]).returncode


def install(missing: list[str]) -> bool:
    say(f"installing {', '.join(missing)}")
    files = [part for file in REQUIREMENTS for part in ("--requirement", str(file))]
    command = [sys.executable, "-m", "pip", "install", "--quiet", *files]
    if subprocess.run(command).returncode:
        say(f"could not install the requirements with: {' '.join(command)}")
        return False
    invalidate_caches()
    return True


def set_up_browser(arguments: list[str]) -> None:
    """Find or download a browser, and pass its path to the tests in CHROME."""
    if "--no-browser" in arguments:
        return
    if not find_browser() and "CHROME" not in os.environ:
        fetch_browser()
    if path := find_browser():
        os.environ["CHROME"] = path
        say(f"browser: {path}")
    else:
        say("could not get a Chrome or Chromium: install one, or name one in the variable CHROME")


def run_check(name: str, command: tuple[str, ...]) -> bool:
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True)
    passed = done.returncode == 0
    if not passed:
        print(done.stdout + done.stderr, flush=True)
    verdict = "passed" if passed else "FAILED"
    say(f"{name:<16} {verdict} in {time.perf_counter() - start:.1f} s   ({' '.join(command)})")
    return passed


def run_tests(arguments: list[str], failed: list[str]) -> int:
    """Pytest runs last, so that its summary ends the output, with the failed checks above it."""
    import pytest  # may have been installed just now

    class FailedChecks:
        def pytest_terminal_summary(self, terminalreporter: Any) -> None:
            for name in failed:
                terminalreporter.write_line(f"FAILED {name}: see above the tests", red=True)

    each_core = ["-n", str(os.cpu_count()), "--dist", "loadscope"]
    return int(pytest.main([*each_core, *arguments], plugins=[FailedChecks()]))


def say(sentence: str) -> None:
    print(f"» {sentence}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
