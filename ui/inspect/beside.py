"""Results that take longer than a page may wait: a thread computes them, and then the view is drawn
again. What views need before they can be drawn is computed ahead, while a person looks at another.
"""

from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from typing import Any, TypeVar

import streamlit as st

from playground.cpu_semaphore import CPU_SEMAPHORE
from playground.inspect.kept import kept
from playground.run import Snapshot
from ui import notes, session
from ui.text import as_is

T = TypeVar("T")
PATIENCE = 0.1  # seconds: what takes less is in the first draw
POLL = 0.3  # seconds
_LAST, _AHEAD = "computed beside the page", "computed ahead"
_thread = ThreadPoolExecutor(1, "beside the page")  # one, so that training runs keep their cores
_ahead_thread = ThreadPoolExecutor(1, "ahead")  # so that nobody waits for what nobody looks at yet


def beside(shown: Snapshot, key: Hashable, make: Callable[[], T], *, what: str) -> T | None:
    """The result of `make` for this key of the snapshot's network, which is computed once. None,
    and a sentence, until it is there.

    what  the result in words
    """
    found = _future(kept(shown.network, key, list[Future[T]]), make)
    try:
        error = found.exception(PATIENCE)
    except (TimeoutError, CancelledError):  # cancelled by another tab on this network
        _wait(found, what)
        return None
    if error is not None:
        st.error(as_is(f"{what} cannot be computed: {error}"), icon=":material/error:")
        return None
    return found.result()


def ahead(shown: Snapshot, of: Hashable, makes: Sequence[Callable[[], object]]) -> None:
    """Begin with these results of the snapshot's network, which `makes` keep. They are begun once,
    and not while a run trains on this server. Those of what the tab showed before are no longer
    needed.

    of  what of the network they are of
    """
    known = kept(shown.network, (_AHEAD, of), list[Future[object]])
    if CPU_SEMAPHORE.runs or (known and not known[-1].cancelled()):
        return
    before: list[Future[object]] = session.get(_AHEAD, [])
    for each in before:
        each.cancel()
    known[:] = [_ahead_thread.submit(make) for make in makes]
    session.put(_AHEAD, known)


def _future(known: list[Future[T]], make: Callable[[], T]) -> Future[T]:
    """The known computation, or a new one. What this tab waited for before is no longer needed."""
    if not known or known[-1].cancelled():
        known[:] = [_thread.submit(make)]
    before: Future[Any] | None = session.get(_LAST)
    if before is not None and before is not known[-1]:
        before.cancel()
    session.put(_LAST, known[-1])
    return known[-1]


def _wait(found: Future[T], what: str) -> None:
    def part() -> None:
        st.caption(f"Computing {as_is(what)}.")
        if found.done():
            notes.draw_again()

    st.fragment(part, run_every=POLL, key=f"beside: {what}")()
