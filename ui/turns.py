"""Who draws when many tabs are open. All tabs share one interpreter: twenty parts drawn at once
would make each other, and every click, wait. So live parts are drawn one at a time, and not while
the page of a tab that was clicked is drawn.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock, get_ident

LOOK = 0.01  # seconds between two looks of a part that waits
PAGE = 0.4  # seconds after which parts no longer wait for a page: it was not drawn to its end
# Seconds after a part was drawn, for its messages to be sent. Streamlit drops those that are not
# sent when the part's next poll comes, and its thread that sends waits for the interpreter, too.
SENDING = 0.005
_part = Lock()
_pages: dict[int, float] = {}  # thread that draws a whole page -> until when parts wait for it


def begin_page() -> None:
    """This thread draws a whole page, from the callbacks of a click on."""
    now = time.monotonic()
    for thread, until in list(_pages.items()):  # of pages that were not drawn to their end
        if until < now:
            _pages.pop(thread, None)
    _pages[get_ident()] = now + PAGE


def end_page() -> None:
    """The whole page is drawn."""
    _pages.pop(get_ident(), None)


@contextmanager
def turn_of_part(look: Callable[[], object]) -> Iterator[None]:
    """The turn of a live part. While it waits, it calls look(), which may raise: a tab that was
    clicked does not wait for its own part.
    """
    while not _part.acquire(timeout=LOOK):
        look()
    try:
        while any(until > time.monotonic() for until in list(_pages.values())):
            time.sleep(LOOK)
            look()
        yield
        time.sleep(SENDING)
    finally:
        _part.release()
