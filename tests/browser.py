"""Finds a Chrome or Chromium for the tests on this machine, or downloads one."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

PICTURES = Path(__file__).resolve().parent.parent / "test-results"  # of the pages of failed tests
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ELSEWHERE = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
)
ARGUMENTS = [
    "--no-sandbox",  # the only page ever opened is ours, and root has no sandbox
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_browser() -> str | None:
    """Path of a Chrome or Chromium that starts here, or None; only CHROME counts if it is set."""
    chosen = os.environ.get("CHROME")
    candidates = iter([chosen]) if chosen else _candidates()
    return next((path for path in candidates if _starts(path)), None)


def fetch_browser() -> None:
    """Get a Chromium: Playwright's own download first, else the system's package.

    Whether it worked is for find_browser() to say: a download may lack the system's libraries.
    """
    print("no Chrome or Chromium found: trying Playwright's own download …", flush=True)
    _try([sys.executable, "-m", "playwright", "install", "--no-shell", "chromium"])
    if find_browser() or not shutil.which("apt-get"):
        return
    is_root = sys.platform != "win32" and os.geteuid() == 0
    root = [] if is_root else ["sudo", "--non-interactive"]
    print("that did not give one: trying the system's package manager …", flush=True)
    if _try([*root, "apt-get", "update", "--quiet"]):
        install = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "chromium"]
        _try([*root, "env", "DEBIAN_FRONTEND=noninteractive", *install])


def _candidates() -> Iterator[str]:
    """Paths that may hold a browser, the system's own before Playwright's."""
    yield from (path for name in NAMES if (path := shutil.which(name)))
    yield from (path for path in ELSEWHERE if Path(path).exists())
    from playwright.sync_api import sync_playwright  # not there yet while tests are set up

    with sync_playwright() as playwright:
        yield playwright.chromium.executable_path


def _starts(path: str) -> bool:
    """Whether this is a browser that runs: Ubuntu has a `chromium-browser` that only says no."""
    if os.name == "nt":  # there, --version opens a window
        return Path(path).exists()
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _try(command: list[str]) -> bool:
    """Run it; where it fails, show why."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"  {error}", flush=True)
        return False
    if done.returncode:
        said = (done.stderr or done.stdout).splitlines() or ["it said nothing"]
        reason = next((line for line in said if line.startswith(("Error", "E: "))), said[-1])
        print(f"  {reason}", flush=True)
    return done.returncode == 0
