"""The library's one file of SQLite: its tables, and how an older file becomes one of today's.

Arrays are not in it: SQLite is slower than a file system above some 100 KB. A run names the files
that it has (playground/library/content.py).
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "runs.sqlite3"
BUSY = 10.0  # seconds that one process waits for another that writes, such as the command line

# One script a version; a file of version n has gone through the first n of them. What is here was
# run on people's files: a change of the tables is another script at the end.
MIGRATIONS = (
    """
    CREATE TABLE runs (
        token TEXT PRIMARY KEY,           -- who has it can go on with the run
        id TEXT NOT NULL UNIQUE,          -- who has it can look at the run: of links
        owner TEXT NOT NULL,              -- a hash of what only the owner's browser has
        parent TEXT,                      -- id of the run that it branched from …
        parent_iteration INTEGER,         -- … and where
        name TEXT NOT NULL DEFAULT '',    -- "" where nobody gave one
        tags TEXT NOT NULL DEFAULT '[]',
        pinned INTEGER NOT NULL DEFAULT 0,
        created REAL NOT NULL,
        changed REAL NOT NULL,
        deleted REAL,                     -- when; it can be undone for a while
        settings TEXT NOT NULL,           -- every one, as text
        made_name TEXT NOT NULL,          -- what differs from the app's default
        setting TEXT NOT NULL,            -- the same for runs that differ in their seed alone
        seed INTEGER NOT NULL,
        dataset TEXT NOT NULL,
        checksum TEXT NOT NULL,           -- of the examples
        parameters INTEGER NOT NULL,
        status TEXT NOT NULL,
        iteration INTEGER NOT NULL,
        iterations INTEGER NOT NULL,
        epoch INTEGER NOT NULL,
        seconds REAL NOT NULL,
        summary TEXT NOT NULL,            -- costs and accuracies, last and best
        sparkline TEXT NOT NULL,          -- validation accuracy, a few points of it
        clock TEXT NOT NULL,              -- pairs: after this iteration, so many seconds
        checkpoint TEXT,                  -- the file that it goes on from
        bytes INTEGER NOT NULL            -- of that file
    );
    CREATE INDEX runs_by_owner ON runs (owner, created);
    CREATE TABLE keyframes (              -- whole states on the way, to rewind to
        token TEXT NOT NULL REFERENCES runs (token) ON DELETE CASCADE ON UPDATE CASCADE,
        iteration INTEGER NOT NULL,
        file TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        PRIMARY KEY (token, iteration)
    );
    CREATE INDEX keyframes_by_file ON keyframes (file);
    CREATE TABLE made_room (              -- whose runs went because the library was full
        owner TEXT PRIMARY KEY,
        runs INTEGER NOT NULL,
        last REAL NOT NULL
    );
    """,
)


class LibraryError(Exception):
    """Why there is no library, or none of what was asked for in it: a sentence for a person."""


def connect(folder: Path) -> sqlite3.Connection:
    """The file in this folder, of today's version; a new one where there is none.

    Raises LibraryError for a file of a newer version, sqlite3.Error for a damaged one.
    """
    db = sqlite3.connect(folder / NAME, timeout=BUSY, isolation_level=None)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")  # what is committed survives a power cut
        db.execute("PRAGMA foreign_keys = ON")
        _migrate(db)
        (finding,) = db.execute("PRAGMA quick_check(1)").fetchone()
        if finding != "ok":
            raise sqlite3.DatabaseError(str(finding))
    except BaseException:
        db.close()
        raise
    return db


def connect_to_read(folder: Path) -> sqlite3.Connection:
    """The same file, which must be there, for threads that take turns to read it."""
    db = sqlite3.connect(folder / NAME, timeout=BUSY, isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA query_only = ON")
    db.row_factory = sqlite3.Row
    return db


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All of the block, on the disk when it ends, or nothing of it."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise


def _migrate(db: sqlite3.Connection) -> None:
    if _version(db) == len(MIGRATIONS):
        return
    with transaction(db):  # another process may be at the same
        version = _version(db)
        if version > len(MIGRATIONS):
            raise LibraryError(
                f"The library of runs was written by a newer version of this app (format "
                f"{version}, this one knows up to {len(MIGRATIONS)}): update the app, or name "
                "another folder in PLAYGROUND_HOME. Until then no run is kept."
            )
        for script in MIGRATIONS[version:]:
            for statement in filter(str.strip, script.split(";\n")):
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _version(db: sqlite3.Connection) -> int:
    (version,) = db.execute("PRAGMA user_version").fetchone()
    return int(version)


def set_aside(folder: Path) -> Path:
    """Move a damaged library out of the way, all of it: what is in its files may be saved yet.
    Returns where it is now. Raises OSError where it cannot be moved."""
    stem = f"{folder.name}-damaged-{time.strftime('%Y%m%d-%H%M%S')}"
    aside, n = folder.with_name(stem), 1
    while aside.exists():
        n += 1
        aside = folder.with_name(f"{stem}-{n}")
    folder.rename(aside)
    return aside
