"""A data set that was chosen but is not on this computer. Pages offer to download it."""

from typing import Any

from data import catalog
from playground.config import RunConfig
from ui import session

_WANTED = "wanted settings"


def wanted() -> str | None:
    """The name of the wanted data set."""
    values = session.get(_WANTED)
    return None if values is None else values["dataset"]


def forget_wanted() -> None:
    session.take(_WANTED)


def want(values: dict[str, Any]) -> None:
    session.put(_WANTED, values)


def lacks_files(config: RunConfig) -> bool:
    known = catalog.DATASETS.get(config.dataset)
    return known is not None and known.available() is not None


def take() -> dict[str, Any]:
    """Remove and return the settings that were chosen with it."""
    values: dict[str, Any] = session.take(_WANTED, {})
    return values
