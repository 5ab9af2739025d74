"""Fixtures and settings of all tests."""

import shutil
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from data.folders import CACHE_FOLDER, HOME_FOLDER
from tests.browser import PICTURES

# How many inputs a property is tried with. Thorough, for a night: --hypothesis-profile=thorough.
# No deadline: a machine that does something else for a moment is no bug.
settings.register_profile("normal", settings.default, deadline=None)
settings.register_profile("thorough", deadline=None, max_examples=1500)
settings.load_profile("normal")


@pytest.fixture(scope="session", autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Empty folders for caches and for what a person keeps: no test depends on what this machine
    has seen before, or leaves anything there."""
    with pytest.MonkeyPatch.context() as patch:
        for variable, name in ((CACHE_FOLDER, "cache"), (HOME_FOLDER, "home")):
            patch.setenv(variable, str(tmp_path_factory.mktemp(name)))
        yield


@pytest.fixture(autouse=True)
def main_stays() -> Iterator[None]:
    """AppTest leaves its script as __main__, which a process spawned later would run first."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """A thorough run takes its time. Pictures of an earlier run would mislead; the workers of
    pytest-xdist must not remove each other's."""
    if config.getoption("hypothesis_profile", None) == "thorough":
        config.option.timeout = 0
    if not hasattr(config, "workerinput"):
        shutil.rmtree(PICTURES, ignore_errors=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--no-browser", action="store_true", help="Leave out, on purpose, what takes a browser."
    )


# Browser tests that the other workers take when they have nothing else left, each on its own.
LAST = ("test_data.py", "test_faults.py", "test_hostile_names.py", "test_lessons")


class BrowserApart(LoadScopeScheduling):  # type: ignore[misc]
    """One worker has the browser's tests, from the start: two browsers and two servers at once take
    turns on two cores and gain nothing. The other workers share out what is left, test by test, and
    in the end those that are LAST, so that no core is idle. (xdist's own groups, --dist loadgroup,
    do not work with this version of pytest.)
    """

    def _split_scope(self, nodeid: str) -> str:
        name = nodeid.removeprefix("tests/e2e/")
        return "browser" if name != nodeid and not name.startswith(LAST) else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    return BrowserApart(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The browser's tests last: what is quick to run is quick to fail. They may take longer."""
    items.sort(key=needs_browser)
    for item in filter(needs_browser, items):
        if item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(180))
    if config.getoption("--no-browser"):
        left_out = pytest.mark.skip(reason="left out on purpose: --no-browser")
        for item in filter(needs_browser, items):
            item.add_marker(left_out)


def needs_browser(item: pytest.Item) -> bool:
    return "e2e" in item.path.parts
