"""Past: snapshots of a run as it was after earlier steps, rebuilt beside its training."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Condition, Thread
from typing import Generic, TypeVar

T = TypeVar("T")
KEPT = 4  # moments of a run that are kept, those asked for last


class Past(Generic[T]):
    """Makes one moment at a time, in a thread that ends when nothing is wanted.

    make  (iteration, is_wanted) -> the moment after this many iterations, or None once is_wanted
          says no; may raise

    Each viewer wants one moment: asking for another takes the first one back.
    """

    def __init__(self, make: Callable[[int, Callable[[], bool]], T | None]) -> None:
        self._make = make
        self._changed = Condition()
        self._wanted: OrderedDict[str, int] = OrderedDict()  # by viewer
        self._made: OrderedDict[int, T | Exception] = OrderedDict()
        self._thread: Thread | None = None

    def at(self, iteration: int, viewer: str, seconds: float) -> T | None:
        """The moment after this many iterations; None if it takes longer than these seconds: then
        ask again. Raises what `make` raises.
        """
        with self._changed:
            if iteration not in self._made:
                self._wanted[viewer] = iteration
                if self._thread is None:
                    self._thread = Thread(target=self._work, name="past of a run", daemon=True)
                    self._thread.start()
                self._changed.wait_for(
                    lambda: iteration in self._made or self._wanted.get(viewer) != iteration,
                    seconds,
                )
            if iteration not in self._made:
                return None
            made = self._made.pop(iteration)
            if isinstance(made, Exception):  # not kept: it may work the next time
                raise made
            self._made[iteration] = made  # as the last one
            return made

    def leave(self, viewer: str) -> None:
        """This viewer wants no moment any more."""
        with self._changed:
            self._wanted.pop(viewer, None)
            self._changed.notify_all()

    def close(self) -> None:
        """Nobody wants a moment any more."""
        with self._changed:
            self._wanted.clear()
            self._changed.notify_all()

    @property
    def kept(self) -> list[T]:
        """The moments that are kept."""
        return [made for made in list(self._made.values()) if not isinstance(made, Exception)]

    def _work(self) -> None:
        while (iteration := self._next()) is not None:
            made: T | Exception | None
            try:
                made = self._make(iteration, lambda: iteration in list(self._wanted.values()))
            except Exception as error:  # raised where the moment is asked for
                made = error
            with self._changed:
                if made is not None:
                    self._made[iteration] = made
                    while len(self._made) > KEPT:
                        self._made.popitem(last=False)
                self._wanted = OrderedDict(
                    (viewer, at) for viewer, at in self._wanted.items() if at != iteration
                )
                self._changed.notify_all()

    def _next(self) -> int | None:
        with self._changed:
            if not self._wanted:
                self._thread = None
                return None
            return next(iter(self._wanted.values()))
