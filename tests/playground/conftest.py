"""Runs that a test makes compute no longer than the test."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from playground.run import Run
from tests.playground.examples import DATA, small, wait_until

NewRun = Callable[..., Run]


def workers() -> list[threading.Thread]:
    """The threads that compute a run now."""
    return [thread for thread in threading.enumerate() if thread.name.startswith("run ")]


@pytest.fixture
def new_run() -> Iterator[NewRun]:
    """Makes runs on small data with these settings; after the test none of them has a thread."""
    runs: list[Run] = []

    def make(**values: Any) -> Run:
        runs.append(Run(small(**values), DATA))
        return runs[-1]

    yield make
    for run in runs:
        run.pause()
    wait_until(lambda: not workers())
