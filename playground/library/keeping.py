"""What the writing thread does: a run's checkpoint is kept, and room is made for it.

A file is on the disk before the table names it, and goes when the table no longer does: whatever
happens in between leaves a file too many, never one too few.
"""

import io
import json
import secrets
import sqlite3
import time
from collections.abc import Iterable, Sequence

from playground.library.content import ContentFiles
from playground.library.entry import columns_of, longer_clock
from playground.library.schema import LibraryError, transaction
from playground.run import Checkpoint
from playground.saved import SavedRun, write_run
from playground.storage.train_state import StorageError

UNDO = 3600.0  # seconds until what was deleted is gone

SIZE = """
    SELECT (SELECT coalesce(sum(bytes), 0) FROM runs)
         + (SELECT coalesce(sum(bytes), 0) FROM keyframes)
"""


def keep(
    db: sqlite3.Connection, files: ContentFiles, checkpoint: Checkpoint, owner: str, limit: int
) -> None:
    """Keep this in place of the run's checkpoint before; nothing of a run that was deleted.

    A run that was reset begins anew, and what it was until then stays, as a run of its own.
    Raises LibraryError where there is no room, OSError, sqlite3.Error.
    """
    token = checkpoint.shown.token
    old = db.execute(
        "SELECT iteration, clock, checkpoint, bytes, status, deleted FROM runs WHERE token = ?",
        (token,),
    ).fetchone()
    iteration, clock, file, size, status, deleted = old or (0, "[]", None, 0, "", None)
    if deleted is not None:
        return
    columns = columns_of(checkpoint)
    if anew := columns["iteration"] < iteration:
        clock, file, size = "[]", None, 0
    content = _content(checkpoint.saved)
    if content is not None:  # else it diverged, and what it can go on from stays
        make_room(db, files, limit - len(content) + size, but=token)
        columns |= {"checkpoint": files.put(content), "bytes": len(content)}
    if old and not anew and columns.get("checkpoint") == file and columns["status"] == status:
        return  # it was read from here
    longer = longer_clock(json.loads(clock), columns["iteration"], columns["seconds"])
    columns |= {"clock": json.dumps(longer), "changed": time.time()}
    with transaction(db):
        if anew:
            db.execute("UPDATE runs SET token = ? WHERE token = ?", (new_id(), token))
        if old and not anew:
            changes = ", ".join(f"{name} = ?" for name in columns)
            db.execute(f"UPDATE runs SET {changes} WHERE token = ?", [*columns.values(), token])
        else:
            columns = {"checkpoint": None, "bytes": 0} | columns
            columns |= {"token": token, "id": new_id(), "owner": owner, "created": time.time()}
            marks = ", ".join("?" * len(columns))
            names = ", ".join(columns)
            db.execute(f"INSERT INTO runs ({names}) VALUES ({marks})", [*columns.values()])
    if file is not None and file != columns.get("checkpoint", file):
        _drop_unnamed(db, files, [file])


def new_id() -> str:
    return secrets.token_urlsafe(9)


def make_room(db: sqlite3.Connection, files: ContentFiles, limit: int, but: str) -> None:
    """Let runs go until all together have at most this many bytes: those that were deleted, then
    the oldest that are not pinned. Who had them is told.

    but  token of the run that the room is for
    Raises LibraryError where that is not enough.
    """
    (size,) = db.execute(SIZE).fetchone()
    if size <= limit:
        return
    rows = db.execute(
        """
        SELECT token, owner, deleted IS NOT NULL, bytes + (
            SELECT coalesce(sum(k.bytes), 0) FROM keyframes k WHERE k.token = r.token)
        FROM runs r WHERE token != ? AND (NOT pinned OR deleted IS NOT NULL)
        ORDER BY deleted IS NULL, changed
        """,
        (but,),
    ).fetchall()
    gone, owners = list[str](), list[str]()
    for token, owner, deleted, bytes_of_it in rows:
        if size <= limit:
            break
        size -= bytes_of_it
        gone.append(token)
        owners += [] if deleted else [owner]
    if size > limit:
        raise LibraryError(
            "The library is full of pinned runs, or this run is larger than all of it: unpin or "
            "delete some on the page Runs, or set PLAYGROUND_LIBRARY to more megabytes."
        )
    forget(db, files, gone)
    with transaction(db):
        for owner in owners:
            db.execute(
                "INSERT INTO made_room VALUES (?, 1, ?) "
                "ON CONFLICT (owner) DO UPDATE SET runs = runs + 1, last = excluded.last",
                (owner, time.time()),
            )


def forget(db: sqlite3.Connection, files: ContentFiles, tokens: Sequence[str]) -> None:
    """These runs and their files are gone."""
    named: set[str] = set()
    with transaction(db):
        for token in tokens:
            named |= {
                name
                for (name,) in db.execute(
                    "SELECT checkpoint FROM runs WHERE token = ? AND checkpoint IS NOT NULL "
                    "UNION SELECT file FROM keyframes WHERE token = ?",
                    (token, token),
                )
            }
            db.execute("DELETE FROM runs WHERE token = ?", (token,))
    _drop_unnamed(db, files, named)


def tidy(db: sqlite3.Connection, files: ContentFiles) -> None:
    """What was deleted long enough ago goes, and files that nobody names."""
    rows = db.execute("SELECT token FROM runs WHERE deleted < ?", (time.time() - UNDO,))
    forget(db, files, [token for (token,) in rows.fetchall()])
    query = "SELECT checkpoint FROM runs UNION SELECT file FROM keyframes"
    files.drop_all_but({name for (name,) in db.execute(query)})


def _drop_unnamed(db: sqlite3.Connection, files: ContentFiles, names: Iterable[str]) -> None:
    """Two runs may have the same content."""
    query = "SELECT 1 FROM runs WHERE checkpoint = ? UNION SELECT 1 FROM keyframes WHERE file = ?"
    for name in names:
        if db.execute(query, (name, name)).fetchone() is None:
            files.drop(name)


def _content(saved: SavedRun) -> bytes | None:
    """The run's file; None where its numbers are not finite: nothing can go on from them."""
    file = io.BytesIO()
    try:
        write_run(file, saved)
    except StorageError:
        return None
    return file.getvalue()
