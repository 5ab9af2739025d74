"""Dask's settings in this process. Imported only when a sweep starts, as Dask takes a moment."""

import logging
from collections.abc import Callable
from typing import Any

import cloudpickle
import dask

from playground.sweep import shipping

# A state of ten million parameters with its moments is 120 MB, and is sent with its task.
LARGE = "2 GiB"
# Dask looks 100 times a second at what each process computes, for a chart that nobody opens.
QUIET = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "10s",
}
# A stint that a lost worker has begun is begun again this many times; then its run has failed.
RETRIES = 3


def use_settings() -> None:
    dask.config.set(
        QUIET
        | {
            "distributed.admin.large-graph-warning-threshold": LARGE,
            "distributed.scheduler.allowed-failures": RETRIES,
        }
    )
    cloudpickle.register_pickle_by_value(shipping)
    # A sweep tells what went wrong in its own words; Dask would fill the server's log.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)


class ByValue:
    """A function of `shipping` for a task. The process of a scheduler, which unpacks tasks, has no
    module of this app, and Dask sends a function by value only where it is not inside a task.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function

    def __call__(self, *arguments: Any) -> Any:
        return self._function(*arguments)

    def __reduce__(self) -> tuple[Callable[[bytes], Any], tuple[bytes]]:
        return cloudpickle.loads, (cloudpickle.dumps(self._function),)
