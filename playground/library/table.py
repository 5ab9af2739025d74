"""The table of runs: a row for each, or for each setting with its seeds; filtered, and as CSV."""

import io
import math
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import fmean

from playground.csv_bytes import csv_bytes, plain
from playground.library.entry import Entry
from playground.library.library import Library


@dataclass(frozen=True)
class Row:
    """A run, or the runs of one setting that differ only in their seed, the newest first."""

    entries: tuple[Entry, ...]

    @property
    def first(self) -> Entry:
        return self.entries[0]

    def mean(self, what: str) -> float | None:
        """The mean of this column over the seeds; None if no value is finite."""
        values = self._values(what)
        return fmean(values) if values else None

    def sd(self, what: str) -> float | None:
        """The standard deviation over the seeds, of a sample; None for fewer than two."""
        values = self._values(what)
        if len(values) < 2:
            return None
        mean = fmean(values)  # statistics.stdev is exact, and takes twenty times as long
        return math.sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1))

    def _values(self, what: str) -> list[float]:
        values = [getattr(entry, what) for entry in self.entries]
        return [value for value in values if value is not None]


def rows_of(entries: Sequence[Entry], *, fold: bool) -> list[Row]:
    """A row for each entry; with fold, one for each setting, where the last run of a seed counts.
    Runs in different stages are not folded: their means would say nothing.
    """
    if not fold:
        return [Row((entry,)) for entry in entries]
    groups: dict[tuple[object, ...], dict[int, Entry]] = {}
    for entry in entries:  # the newest first
        # A branch has had other settings before, and is no other start of the same ones.
        key = (entry.setting, entry.iteration, entry.parent, entry.parent_iteration)
        groups.setdefault(key, {}).setdefault(entry.seed, entry)
    return [Row(tuple(group.values())) for group in groups.values()]


def names_of(rows: Sequence[Row]) -> list[str]:
    """A name for each row: the given one, or else the settings that are not the default, without
    those that all rows share.
    """
    made = [row.first.made_name.split(" · ") for row in rows]
    shared = set(made[0]).intersection(*made[1:]) if len(made) > 1 else set()
    names = []
    for row, parts in zip(rows, made, strict=True):
        own = " · ".join(part for part in parts if part not in shared)
        name = row.first.given_name or own or row.first.made_name
        many = len(row.entries)
        names.append(name if many == 1 else f"{name} · {many} seeds")
    return names


def matching(entries: Sequence[Entry], words: str) -> list[Entry]:
    """The entries that have each of these words in their name, a tag or a setting.

    A word such as learning_rate=0.01 is matched as well.
    """
    wanted = words.lower().split()
    return [entry for entry in entries if all(word in entry.words for word in wanted)]


COLUMNS = (
    *("id", "name", "status", "iteration", "epoch", "seconds", "parameters", "accuracy"),
    *("best_accuracy", "cost", "best_cost", "seed", "dataset"),
)


def as_csv(entries: Sequence[Entry]) -> bytes:
    """A line for each run: what the table shows, and every setting."""
    settings = list(dict.fromkeys(name for entry in entries for name in entry.settings))
    settings = [name for name in settings if name not in COLUMNS]
    rows = (
        [
            *(plain(getattr(entry, name)) for name in COLUMNS),
            plain(" ".join(entry.tags)),
            datetime.fromtimestamp(entry.created, UTC).isoformat(timespec="seconds"),
            *(entry.settings.get(name, "") for name in settings),
        ]
        for entry in entries
    )
    return csv_bytes([[*COLUMNS, "tags", "created", *settings], *rows])


def as_zip(library: Library, entries: Sequence[Entry]) -> bytes:
    """One file with all of these runs: a table, and each run as Save writes it.

    Raises LibraryError if a file of a run is damaged.
    """
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as packed:
        packed.writestr("runs.csv", as_csv(entries))
        for entry in entries:
            if entry.bytes:
                packed.writestr(f"{entry.id}.npz", library.content(entry))
    return file.getvalue()
