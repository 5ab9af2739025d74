"""The progress of learners in the library's table, a few rows for each owner."""

import sqlite3
import time

from playground.library.schema import transaction

MAX_OF_OWNER = 200  # assignments of a teacher are lessons, too
MAX_ROWS = 50_000
MAX_TEXT = 200_000  # characters


def keep_progress(db: sqlite3.Connection, owner: str, lesson: str, progress: str) -> None:
    """Store it in place of what was stored, and forget what changed longest ago if there are too
    many. A progress that is too long is not stored.
    """
    if len(progress) > MAX_TEXT:
        return
    with transaction(db):
        db.execute(
            "INSERT OR REPLACE INTO lessons VALUES (?, ?, ?, ?)",
            (owner, lesson, progress, time.time()),
        )
        db.execute(
            "DELETE FROM lessons WHERE owner = ? AND lesson NOT IN (SELECT lesson FROM lessons "
            "WHERE owner = ? ORDER BY changed DESC LIMIT ?)",
            (owner, owner, MAX_OF_OWNER),
        )
        db.execute(
            "DELETE FROM lessons WHERE changed < (SELECT changed FROM lessons "
            "ORDER BY changed DESC LIMIT 1 OFFSET ?)",
            (MAX_ROWS - 1,),
        )
