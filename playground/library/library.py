"""Library: runs on disk. One thread writes; pages read what was committed, and never wait."""

import io
import json
import logging
import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from threading import Lock

from playground.library import keeping, schema
from playground.library.content import ContentFiles
from playground.library.entry import MAX_NAME, MAX_TAG, MAX_TAGS, Entry, entry_of
from playground.library.lesson_progress import keep_progress
from playground.library.limit import library_limit
from playground.library.schema import LibraryError
from playground.library.writer import Job, Writer
from playground.run import Checkpoint
from playground.saved import SavedRun, load_run
from playground.storage.train_state import StorageError
from playground.time_machine.keyframes import Keyframe

MAX_MADE = 20_000  # entries kept in memory, about 3 KB each
MAX_LISTED = 32  # owners whose list of runs is kept
_CHANGES = (
    "token",
    "owner",
    "changed",
    "name",
    "tags",
    "pinned",
)  # a changed row differs in one of these

log = logging.getLogger(__name__)


class Library:
    """The runs in a folder, which is created if it does not exist.

    Errors here never fail a run or delay it: while runs cannot be stored, `trouble` is a sentence
    on why, and `notice` is a sentence on what was found when the library was opened; otherwise both
    are "". An owner is any text. A method for several owners sees their runs alone, and without
    owners all runs: those of the person at this computer.

    limit  bytes; None for library_limit()
    """

    def __init__(self, folder: Path, limit: int | None = None) -> None:
        self.folder = folder
        self.trouble = self.notice = ""
        self.limit = limit or 0
        self._files = ContentFiles(folder / "arrays")
        # Each entry with the columns that say whether it is up to date.
        self._made: dict[str, tuple[tuple[object, ...], Entry]] = {}
        # The runs of owners, with the version of the file that they were read from.
        self._listed: dict[tuple[str, ...], tuple[list[tuple[object, ...]], list[Entry]]] = {}
        self._lock = Lock()  # for the reading connection
        self._writer: Writer | None = None
        self._reader: sqlite3.Connection | None = None
        try:
            self.limit = limit or library_limit()
            self._open()
        except (LibraryError, OSError, sqlite3.Error) as error:
            self._refuse(error)

    def _open(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        connect = partial(schema.connect, self.folder)
        try:
            self._writer = Writer(connect)
        except sqlite3.OperationalError:  # locked or read-only, not damaged
            raise
        except sqlite3.DatabaseError as error:
            aside = schema.set_aside(self.folder)
            self.notice = (
                f"The library of runs was damaged ({error}) and could not be read. It was set "
                f"aside, as {aside}; a new one was begun."
            )
            log.warning(self.notice)
            self.folder.mkdir()
            self._writer = Writer(connect)
        self._reader = schema.connect_to_read(self.folder)
        self._writer.soon("tidy", self._reporting_trouble(partial(keeping.tidy, files=self._files)))

    # For runs

    def keep(self, checkpoint: Checkpoint, owner: str, tags: Iterable[str] = ()) -> None:
        """Store this checkpoint, while training continues. A run belongs to its first owner, and
        begins with these tags.
        """
        if self._writer is not None:
            job = partial(
                keeping.keep,
                files=self._files,
                checkpoint=checkpoint,
                owner=owner,
                limit=self.limit,
                tags=tuple(tags),
            )
            self._writer.soon(f"run {checkpoint.shown.token}", self._reporting_trouble(job))

    def hand_over(self, before: str, owner: str) -> None:
        """Soon, what one owner has is another's."""
        if self._writer is not None:
            job = partial(keeping.hand_over, before=before, owner=owner)
            self._writer.soon(f"what {before} has", self._reporting_trouble(job))

    def _reporting_trouble(self, job: Callable[[sqlite3.Connection], None]) -> Job:
        """The same job, with any error as `trouble` until a job succeeds."""

        def report(db: sqlite3.Connection) -> None:
            try:
                job(db)
                self.trouble = ""
            except (LibraryError, OSError, sqlite3.Error) as error:
                self._refuse(error)
            except Exception as error:  # a bug; other runs must still be stored
                log.exception("a run could not be kept")
                self._refuse(LibraryError(f"{type(error).__name__}, see the server's log."))

        return report

    def _refuse(self, error: Exception) -> None:
        reason = str(error)
        if isinstance(error, OSError):
            reason = f"{error.filename or self.folder} cannot be written: {error.strerror}."
        elif isinstance(error, sqlite3.Error):
            reason = f"{self.folder} cannot be used: {error}."
        sentence = f"Runs are not being stored. {reason}"
        if sentence != self.trouble:
            log.warning(sentence)
        self.trouble = sentence

    # For pages

    def entries(self, *owners: str) -> list[Entry]:
        """All runs of these owners, the newest first. Read anew only if something was written."""
        written = [tuple(row) for row in self._select("PRAGMA data_version", ())]
        known = self._listed.get(owners)
        if known is None or known[0] != written:
            known = written, self._entries(f"{_of(owners)} ORDER BY created DESC", owners)
            self._listed[owners] = known
            for other in list(self._listed)[:-MAX_LISTED]:
                self._listed.pop(other, None)
        return list(known[1])

    def find(self, ids: Iterable[str]) -> list[Entry]:
        """The runs of these ids, of any owner, in this order; missing runs are skipped."""
        wanted = list(dict.fromkeys(ids))
        found = self._entries(f"id IN ({', '.join('?' * len(wanted))})", wanted)
        return sorted(found, key=lambda entry: wanted.index(entry.id))

    def entry(self, token: str) -> Entry | None:
        """The run of this token."""
        return next(iter(self._entries("token = ?", (token,))), None)

    def content(self, entry: Entry) -> bytes:
        """The run's file as last stored, in the format of Save on a page.

        Raises LibraryError if there is none.
        """
        for _ in range(3):  # a run in training may replace its file meanwhile
            rows = self._select("SELECT checkpoint FROM runs WHERE id = ?", (entry.id,))
            if not rows or rows[0][0] is None:
                break
            try:
                return self._files.get(rows[0][0])
            except FileNotFoundError:
                continue
            except OSError as error:
                raise LibraryError(f"{entry.name} cannot be read: {error.strerror}.") from error
        raise LibraryError(f"{entry.name} has no weights in the library.")

    def saved(self, entry: Entry) -> SavedRun:
        """The run's last checkpoint, to continue from. Raises LibraryError."""
        try:
            return load_run(io.BytesIO(self.content(entry)))
        except StorageError as error:
            raise LibraryError(f"{entry.name} cannot be read. {error}") from error

    def keyframe(self, token: str, history: str, after: int, before: int) -> Keyframe | None:
        """The last stored keyframe of this run between the two iterations, if it is of the same
        history: a run that was reset has another.
        """
        query = """
            SELECT file FROM keyframes WHERE token = ? AND iteration > ? AND iteration < ?
            ORDER BY iteration DESC LIMIT 1
        """
        for (file,) in self._select(query, (token, after, before)):
            try:
                return keeping.read_keyframe(self._files.get(file), history)
            except (LibraryError, StorageError, OSError) as error:
                log.warning("a keyframe cannot be read: %s", error)
        return None

    def made_room(self, owner: str) -> tuple[int, float] | None:
        """How many of this owner's runs were deleted because the library was full, and when the
        last was.
        """
        rows = self._select("SELECT runs, last FROM made_room WHERE owner = ?", (owner,))
        return (int(rows[0][0]), float(rows[0][1])) if rows else None

    @property
    def size(self) -> int:
        """The bytes of all files."""
        rows = self._select(keeping.SIZE, ())
        return int(rows[0][0]) if rows else 0

    def lessons(self, owner: str) -> dict[str, str]:
        """The progress of this owner in each lesson, by the lesson's key, as JSON."""
        rows = self._select("SELECT lesson, progress FROM lessons WHERE owner = ?", (owner,))
        return {str(row[0]): str(row[1]) for row in rows}

    def keep_lesson(self, owner: str, lesson: str, progress: str) -> None:
        """Store a progress, soon: a page does not wait for it."""
        if self._writer is not None:
            job = partial(keep_progress, owner=owner, lesson=lesson, progress=progress)
            self._writer.soon(f"lesson {lesson} of {owner}", self._reporting_trouble(job))

    # Changes by a person; each raises LibraryError if the library cannot be written

    def rename(self, id: str, name: str, *owners: str) -> None:
        """Set the name. A blank one restores the name made of the settings."""
        self._change("name", " ".join(name.split())[:MAX_NAME], [id], owners)

    def tag(self, id: str, tags: Iterable[str], *owners: str) -> None:
        words = dict.fromkeys(" ".join(tag.split())[:MAX_TAG] for tag in tags)
        kept = [word for word in words if word][:MAX_TAGS]
        self._change("tags", json.dumps(kept), [id], owners)

    def pin(self, ids: Iterable[str], pinned: bool, *owners: str) -> None:
        self._change("pinned", int(pinned), ids, owners)

    def delete(self, ids: Iterable[str], *owners: str) -> None:
        """Delete runs. This can be undone for keeping.UNDO seconds."""
        self._change("deleted", time.time(), ids, owners)

    def undelete(self, ids: Iterable[str], *owners: str) -> None:
        self._change("deleted", None, ids, owners)

    def purge(self, ids: Iterable[str], *owners: str) -> None:
        """Delete runs for good, at once."""
        query = f"SELECT token FROM runs WHERE id = ? AND {_of(owners)}"
        wanted = list(ids)

        def forget(db: sqlite3.Connection) -> None:
            rows = [db.execute(query, (id, *owners)).fetchone() for id in wanted]
            keeping.forget(db, self._files, [row[0] for row in rows if row])

        self._do(forget)

    def _change(
        self, column: str, value: object, ids: Iterable[str], owners: Collection[str]
    ) -> None:
        query = f"UPDATE runs SET {column} = ? WHERE id = ? AND {_of(owners)}"
        values = [(value, id, *owners) for id in ids]

        def update(db: sqlite3.Connection) -> None:
            with schema.transaction(db):
                db.executemany(query, values)

        self._do(update)

    def _do(self, job: Job) -> None:
        if self._writer is None:
            raise LibraryError(self.trouble)
        try:
            self._writer.do(job)
        except (OSError, sqlite3.Error) as error:
            raise LibraryError(f"The library of runs cannot be changed: {error}.") from error

    # Closing

    def flush(self) -> None:
        """Wait until everything passed to `keep` is stored."""
        if self._writer is not None:
            self._writer.flush()

    def close(self, seconds: float | None = None) -> None:
        """Store what is waiting, within this time, and close the files."""
        if self._writer is not None:
            self._writer.close(seconds)
            self._writer = None
        with self._lock:
            if self._reader is not None:
                self._reader.close()
                self._reader = None

    def _entries(self, where: str, values: Sequence[object]) -> list[Entry]:
        """Entries are made once and used again while their row is the same: a page that filters
        thousands of runs reads them anew with each letter typed.
        """
        where = f"FROM runs WHERE deleted IS NULL AND {where}"
        rows = self._select(f"SELECT id, {', '.join(_CHANGES)} {where}", values)
        keys = {row[0]: tuple(row)[1:] for row in rows}
        if any(self._made.get(id, (None,))[0] != key for id, key in keys.items()):
            for row in self._select(f"SELECT * {where}", values):
                key = tuple(row[name] for name in _CHANGES)
                if self._made.get(row["id"], (None,))[0] != key:
                    self._made[row["id"]] = key, entry_of(row)
            for id in list(self._made)[: max(0, len(self._made) - MAX_MADE)]:
                self._made.pop(id, None)
        found = [self._made.get(id) for id in keys]
        return [made[1] for made in found if made is not None]

    def _select(self, query: str, values: Sequence[object]) -> list[sqlite3.Row]:
        with self._lock:
            if self._reader is None:
                return []
            with closing(self._reader.execute(query, values)) as cursor:
                rows: list[sqlite3.Row] = cursor.fetchall()
                return rows


def _of(owners: Collection[str]) -> str:
    """The condition that a run is of one of these owners; any run is, if there are none."""
    return f"owner IN ({', '.join('?' * len(owners))})" if owners else "TRUE"
