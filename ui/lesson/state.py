"""The lesson or assignment that a tab is in, and the progress of its browser in each.

The address decides, as `lesson=zeros`; other pages of the tab remember it. Progress is stored in
the library of runs, by the key of the browser.
"""

from collections.abc import Callable
from functools import lru_cache

import streamlit as st

from playground.learn.assignment import Assignment, AssignmentError
from playground.learn.lesson import Lesson
from playground.learn.progress import Progress
from playground.learn.progress import notice as noticed
from playground.lessons import LESSONS
from playground.library.opened import library
from playground.snapshot import Snapshot
from ui import session
from ui.browser_key import owner
from ui.notes import note

KEY, ASSIGNMENT = "lesson", "assignment"
_STORED = "progress in lessons"
DISMISSED = "offer dismissed"  # stored like a lesson, and no lesson's key


def current() -> Lesson | None:
    """The lesson that this tab is in."""
    _follow_address()
    text = session.get(ASSIGNMENT, "")
    return _assigned(text) if text else LESSONS.get(session.get(KEY, ""))


def _follow_address() -> None:
    """Enter what the address says, or say why that is not possible."""
    query = st.query_params
    if ASSIGNMENT in query:
        text = query[ASSIGNMENT]
        try:
            _assigned(text)
        except AssignmentError as error:
            query.pop(ASSIGNMENT)
            note(str(error))
        else:
            _put(assignment=text)
    elif KEY in query:
        key = query[KEY]
        if key in LESSONS:
            _put(lesson=key)
        else:
            query.pop(KEY)
            note(f"The address has the lesson {key[:40]!r}, and there are: {', '.join(LESSONS)}.")


@lru_cache(maxsize=64)
def _assigned(text: str) -> Lesson:
    return Assignment.from_text(text).as_lesson()


def _put(*, lesson: str = "", assignment: str = "") -> None:
    session.put(KEY, lesson)
    session.put(ASSIGNMENT, assignment)


def in_address() -> dict[str, str]:
    """What the address says of the lesson."""
    if current() is None:
        return {}
    both = {name: session.get(name, "") for name in (ASSIGNMENT, KEY)}
    return {name: text for name, text in both.items() if text}


def address_of(lesson: Lesson) -> dict[str, str]:
    """The query of a lesson's page. Under the hood shows a run of either kind: it says which."""
    query = {KEY: lesson.key}
    return query | ({"dataset": lesson.goal.start.dataset} if lesson.page == "hood" else {})


def enter(key: str) -> None:
    """For on_click: go to this lesson, where its learner left it."""
    leave()
    _put(lesson=key)


def leave() -> None:
    """For on_click: close the card. The progress stays."""
    _put()
    for name in (KEY, ASSIGNMENT):
        session.set_query(name, None)


def progress_in(lesson: Lesson) -> Progress:
    text = _stored().get(lesson.key)
    return Progress() if text is None else Progress.from_json(text, lesson)


def begun() -> bool:
    """Whether this browser was ever in a lesson, or does not want to be."""
    return bool(_stored())


def put(lesson: Lesson, progress: Progress) -> None:
    _store(lesson.key, progress.to_json())


def dismiss_offer() -> None:
    """For on_click: never offer the first lesson again in this browser."""
    _store(DISMISSED, "true")


def advance(lesson: Lesson, change: Callable[[Progress], Progress]) -> None:
    """For on_click: change the progress in this lesson."""
    put(lesson, change(progress_in(lesson)))


def notice(lesson: Lesson, shown: Snapshot) -> Progress:
    """The progress in this lesson, after what the run shows now."""
    before = progress_in(lesson)
    progress = noticed(lesson, before, shown)
    if progress != before:
        put(lesson, progress)
    return progress


def _stored() -> dict[str, str]:
    """As this session has it: the library is read once, because it stores with a delay."""
    key, stored = session.get(_STORED, (None, {}))
    if key != owner():
        stored = library().lessons(owner()) | stored
        session.put(_STORED, (owner(), stored))
    return stored


def _store(key: str, text: str) -> None:
    _stored()[key] = text
    library().keep_lesson(owner(), key, text)
