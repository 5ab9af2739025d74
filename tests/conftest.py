"""What every test gets."""

import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """An empty cache folder: no test depends on what this machine has seen before."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(autouse=True)
def main_stays() -> Iterator[None]:
    """AppTest leaves its script as __main__, which a process spawned later would run first."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser's tests last: what is quick to run is quick to fail."""
    items.sort(key=lambda item: "e2e" in item.path.parts)
