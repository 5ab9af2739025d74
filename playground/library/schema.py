"""The tables of the library's SQLite file, and the migration of older files.

Arrays are not in it, because above about 100 KB SQLite is slower than a file system. A row names
its files (playground/library/content.py).
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "runs.sqlite3"
BUSY = 10.0  # seconds to wait for another writing process, such as the command line

# One script per version: a file of version n was migrated by the first n. Never change a script,
# because it was run on people's files; to change the tables, add another script at the end.
MIGRATIONS = (
    """
    CREATE TABLE runs (
        token TEXT PRIMARY KEY,           -- a secret: allows to continue the run
        id TEXT NOT NULL UNIQUE,          -- in links: allows to look at the run
        owner TEXT NOT NULL,              -- a hash of the secret key of the owner's browser
        parent TEXT,                      -- id of the run that it branched from …
        parent_iteration INTEGER,         -- … and where
        name TEXT NOT NULL DEFAULT '',    -- "" without a name
        tags TEXT NOT NULL DEFAULT '[]',
        pinned INTEGER NOT NULL DEFAULT 0,
        created REAL NOT NULL,
        changed REAL NOT NULL,
        deleted REAL,                     -- when; can be undone for a while
        settings TEXT NOT NULL,           -- all settings, as text
        made_name TEXT NOT NULL,          -- made of the settings that differ from the default
        setting TEXT NOT NULL,            -- equal for runs that differ only in their seed
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
        sparkline TEXT NOT NULL,          -- a few points of the validation accuracy
        clock TEXT NOT NULL,              -- pairs: iteration, seconds of training so far
        checkpoint TEXT,                  -- the file to continue from
        bytes INTEGER NOT NULL            -- of that file
    );
    CREATE INDEX runs_by_owner ON runs (owner, created);
    CREATE TABLE keyframes (              -- complete states during the run, to rewind to
        token TEXT NOT NULL REFERENCES runs (token) ON DELETE CASCADE ON UPDATE CASCADE,
        iteration INTEGER NOT NULL,
        file TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        PRIMARY KEY (token, iteration)
    );
    CREATE INDEX keyframes_by_file ON keyframes (file);
    CREATE TABLE made_room (              -- owners whose runs were deleted because it was full
        owner TEXT PRIMARY KEY,
        runs INTEGER NOT NULL,
        last REAL NOT NULL
    );
    """,
    """
    CREATE TABLE lessons (
        owner TEXT NOT NULL,
        lesson TEXT NOT NULL,             -- its key
        progress TEXT NOT NULL,           -- JSON
        changed REAL NOT NULL,
        PRIMARY KEY (owner, lesson)
    );
    CREATE INDEX lessons_by_age ON lessons (changed);
    """,
)


class LibraryError(Exception):
    """There is no library, or it lacks what was asked for. The message is a sentence for a
    person.
    """


def connect(folder: Path) -> sqlite3.Connection:
    """Open the file in this folder and migrate it to the current version; create it if it is
    missing.

    Raises LibraryError for a file of a newer version, sqlite3.Error for a damaged one.
    """
    db = sqlite3.connect(folder / NAME, timeout=BUSY, isolation_level=None)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")  # commits survive a power cut
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
    """Open the existing file for reading. Threads may share it if they use it one at a time."""
    db = sqlite3.connect(folder / NAME, timeout=BUSY, isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA query_only = ON")
    db.row_factory = sqlite3.Row
    return db


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """A transaction: all changes in the context are committed to disk, or none."""
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
    with transaction(db):  # another process may migrate at the same time
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
    """Move a damaged library to another folder, complete, because its files may be recoverable.
    Returns that folder. Raises OSError if it cannot be moved.
    """
    stem = f"{folder.name}-damaged-{time.strftime('%Y%m%d-%H%M%S')}"
    aside, n = folder.with_name(stem), 1
    while aside.exists():
        n += 1
        aside = folder.with_name(f"{stem}-{n}")
    folder.rename(aside)
    return aside
