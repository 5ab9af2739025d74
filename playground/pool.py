"""Threads that share the parts of a step, and stay from step to step."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

import numpy as np

S = TypeVar("S")
T = TypeVar("T")
P = ParamSpec("P")


class Pool:
    """The calling thread, and others beside it. NumPy releases the interpreter lock, so that they
    compute on several cores. Threads that have nothing to do sleep.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._others = ThreadPoolExecutor(
            workers - 1,
            "netcore",
            # np.errstate is set for each thread; divergence shows in the cost.
            initializer=lambda: np.seterr(over="ignore", invalid="ignore"),
        )

    def submit(self, task: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have another thread do this task, when one is free."""
        return self._others.submit(task, *args, **kwargs)

    def map(self, task: Callable[[S], T], items: Iterable[S]) -> list[T]:
        """[task(item) for item in items]. The calling thread does the first one, and after it every
        one that no other thread has begun: beside a busy program, it waits for no core.
        """
        first, *rest = items
        futures = [self.submit(task, item) for item in rest]
        try:
            results = [task(first)]
            done = {i: task(rest[i]) for i in reversed(range(len(rest))) if futures[i].cancel()}
        finally:
            for future in futures:
                if not future.cancel():
                    future.exception()  # waits: no task outlasts this call
        return results + [done[i] if i in done else each.result() for i, each in enumerate(futures)]
