"""Storing checkpoints and making room for them, in the writing thread.

A file is written before the table names it, and deleted after the table no longer does. So an
interruption may leave an unused file, but never a missing one.
"""

import io
import json
import secrets
import sqlite3
import time
from collections.abc import Iterable, Sequence
from typing import Any

from playground.library.content import ContentFiles
from playground.library.entry import columns_of, longer_clock
from playground.library.schema import LibraryError, transaction
from playground.run import Branching, Checkpoint
from playground.saved import SavedRun, write_run
from playground.storage import train_state
from playground.storage.train_state import StorageError
from playground.time_machine.keyframes import Keyframe, too_many

STORED_KEYFRAME_BYTES = 16 * 10**6  # of one run's keyframes in the library
FOR_KEYFRAMES = 0.9  # of the library, which they may fill: no run is deleted for a keyframe
UNDO = 3600.0  # seconds during which a deletion can be undone

# The bytes of all files of the library.
SIZE = """
    SELECT (SELECT coalesce(sum(bytes), 0) FROM runs)
         + (SELECT coalesce(sum(bytes), 0) FROM keyframes)
"""


def keep(
    db: sqlite3.Connection,
    files: ContentFiles,
    checkpoint: Checkpoint,
    owner: str,
    limit: int,
    tags: Iterable[str] = (),
) -> None:
    """Store a checkpoint in place of the run's previous one, unless the run was deleted.

    After a reset, the run before it stays in the library as a separate run.
    Raises LibraryError if there is no room; OSError; sqlite3.Error.
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
    if was_reset := columns["iteration"] < iteration:
        clock, file, size = "[]", None, 0
    content = _content(checkpoint.saved)
    if content is not None:  # None: the run diverged, and its previous checkpoint stays
        make_room(db, files, limit - len(content) + size, but=token)
        columns |= {"checkpoint": files.put(content), "bytes": len(content)}
    if old and not was_reset and columns.get("checkpoint") == file and columns["status"] == status:
        return  # this checkpoint was loaded from the library
    longer = longer_clock(json.loads(clock), columns["iteration"], columns["seconds"])
    columns |= {"clock": json.dumps(longer), "changed": time.time()}
    with transaction(db):
        if was_reset:
            db.execute("UPDATE runs SET token = ? WHERE token = ?", (new_id(), token))
        if old and not was_reset:
            changes = ", ".join(f"{name} = ?" for name in columns)
            db.execute(f"UPDATE runs SET {changes} WHERE token = ?", [*columns.values(), token])
        else:
            columns = {"checkpoint": None, "bytes": 0} | columns
            columns |= {"token": token, "id": new_id(), "owner": owner, "created": time.time()}
            columns["tags"] = json.dumps([*tags])
            columns |= _parent(db, checkpoint.branching)
            marks = ", ".join("?" * len(columns))
            names = ", ".join(columns)
            db.execute(f"INSERT INTO runs ({names}) VALUES ({marks})", [*columns.values()])
    if file is not None and file != columns.get("checkpoint", file):
        _drop_unnamed(db, files, [file])
    _keep_keyframes(db, files, checkpoint, limit)


def _keep_keyframes(
    db: sqlite3.Connection, files: ContentFiles, checkpoint: Checkpoint, limit: int
) -> None:
    """Store some of the run's keyframes, spread over the run, so that it can be rewound after a
    restart of the server.
    """
    token, planned = checkpoint.shown.token, checkpoint.shown.iterations
    changes = checkpoint.saved.changes
    if changes is None:
        return
    query = "SELECT iteration, bytes, file FROM keyframes WHERE token = ?"
    stored = {row[0]: row[1:] for row in db.execute(query, (token,))}
    last = max(stored, default=0)
    (size,) = db.execute(SIZE).fetchone()
    for frame in checkpoint.keyframes:
        most = STORED_KEYFRAME_BYTES // frame.n_bytes
        if not most or frame.iteration - last < max(1, planned / most):
            continue
        if (content := _keyframe(frame, changes.history)) is None:
            continue
        if size + len(content) > FOR_KEYFRAMES * limit:
            break
        size += len(content)
        row = (token, frame.iteration, files.put(content), len(content))
        with transaction(db):
            db.execute("INSERT INTO keyframes VALUES (?, ?, ?, ?)", row)
        last, stored[frame.iteration] = frame.iteration, (len(content), row[2])
    gone = too_many({at: size for at, (size, _) in stored.items()}, STORED_KEYFRAME_BYTES)
    with transaction(db):
        for at in gone:
            db.execute("DELETE FROM keyframes WHERE token = ? AND iteration = ?", (token, at))
    _drop_unnamed(db, files, [stored[at][1] for at in gone])


def _parent(db: sqlite3.Connection, branching: Branching | None) -> dict[str, Any]:
    """The columns that say which run this one branched from, if that is in the library."""
    if branching is None:
        return {}
    row = db.execute("SELECT id FROM runs WHERE token = ?", (branching.token,)).fetchone()
    return {} if row is None else {"parent": row[0], "parent_iteration": branching.iteration}


def new_id() -> str:
    """A random hexadecimal name. It never begins with a dash, which the command line would take for
    an option.
    """
    return secrets.token_hex(8)


def make_room(db: sqlite3.Connection, files: ContentFiles, limit: int, but: str) -> None:
    """Delete runs until all together have at most this many bytes: deleted ones first, then the
    oldest that are not pinned. Their owners are notified.

    but  token of the run that needs the room
    Raises LibraryError if that is not enough.
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
    gone: list[str] = []
    owners: list[str] = []
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
    """Delete these runs and their files for good."""
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
    """Delete runs whose deletion can no longer be undone, and files that no row names."""
    rows = db.execute("SELECT token FROM runs WHERE deleted < ?", (time.time() - UNDO,))
    forget(db, files, [token for (token,) in rows.fetchall()])
    query = "SELECT checkpoint FROM runs UNION SELECT file FROM keyframes"
    files.drop_all_but({name for (name,) in db.execute(query)})


def _drop_unnamed(db: sqlite3.Connection, files: ContentFiles, names: Iterable[str]) -> None:
    """Delete these files, unless another run has the same content."""
    query = "SELECT 1 FROM runs WHERE checkpoint = ? UNION SELECT 1 FROM keyframes WHERE file = ?"
    for name in names:
        if db.execute(query, (name, name)).fetchone() is None:
            files.drop(name)


def hand_over(db: sqlite3.Connection, before: str, owner: str) -> None:
    """What one owner has is another's from now on; a lesson's progress only where that has none."""
    with transaction(db):
        db.execute("UPDATE runs SET owner = ? WHERE owner = ?", (owner, before))
        db.execute("UPDATE OR IGNORE lessons SET owner = ? WHERE owner = ?", (owner, before))


def read_keyframe(content: bytes, history: str) -> Keyframe | None:
    """A keyframe from its file; None if it is of another history. Raises StorageError."""
    state, about, _ = train_state.load(io.BytesIO(content))
    seconds = about.get("seconds")
    if about.get("history") != history or not isinstance(seconds, int | float):
        return None
    return Keyframe(state, float(seconds))


def _keyframe(frame: Keyframe, history: str) -> bytes | None:
    """The content of a keyframe's file; None if the run had diverged by then."""
    file, about = io.BytesIO(), {"seconds": frame.seconds, "history": history}
    try:
        train_state.save(file, frame.state, about=about)
    except StorageError:
        return None
    return file.getvalue()


def _content(saved: SavedRun) -> bytes | None:
    """The content of the run's file; None if its parameters are not finite, so that training cannot
    continue.
    """
    file = io.BytesIO()
    try:
        write_run(file, saved)
    except StorageError:
        return None
    return file.getvalue()
