"""LESSONS: every lesson by its key, in order. Each file here is one; a new file is a new lesson."""

from importlib import import_module
from pkgutil import iter_modules

from playground.learn.lesson import Lesson

_FOUND: list[Lesson] = [
    import_module(f"{__name__}.{module.name}").LESSON
    for module in iter_modules(__path__)
    if not module.name.startswith("_")
]
LESSONS: dict[str, Lesson] = {
    lesson.key: lesson for lesson in sorted(_FOUND, key=lambda lesson: lesson.order)
}


def after(key: str) -> Lesson | None:
    """The lesson that follows the one of this key."""
    keys = list(LESSONS)
    n = keys.index(key) + 1 if key in LESSONS else len(keys)
    return LESSONS[keys[n]] if n < len(keys) else None
