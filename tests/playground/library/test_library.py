"""The library: what is kept, found again, let go, and what becomes of files that are no good."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from playground.library import keeping, lesson_progress, schema
from playground.library.entry import MAX_CLOCK, checksum, longer_clock
from playground.library.library import Library
from playground.library.limit import LIMIT, library_limit
from playground.library.schema import LibraryError
from playground.library.writer import Job, Writer
from playground.run import CHECKPOINT, Checkpoint, Run, Status
from playground.saved import SavedRun
from playground.trainer import Trainer
from tests.playground.conftest import NewRun
from tests.playground.examples import DATA, small, wait_until

Open = Callable[..., Library]


@pytest.fixture(autouse=True)
def _no_keyframes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The files here are those of the runs alone, however slow the machine is: test_family.py."""
    monkeypatch.setattr("playground.time_machine.keyframes.GAP", float("inf"))


@pytest.fixture
def open_library(tmp_path: Path) -> Iterator[Open]:
    """Opens the library in the test's folder, as the next process would."""
    opened: list[Library] = []

    def open_it(limit: int | None = None) -> Library:
        for each in opened:
            each.close()
        opened.append(Library(tmp_path / "library", limit))
        return opened[-1]

    yield open_it
    for each in opened:
        each.close()


@pytest.fixture
def library(open_library: Open) -> Library:
    return open_library()


def kept(library: Library, run: Run, owner: str = "me") -> str:
    """Have a run that has taken a step kept; its token."""
    run.keep_with(lambda checkpoint: library.keep(checkpoint, owner))
    if not run.snapshot.iteration:
        run.step()
    wait_until(lambda: not run.busy)
    library.flush()
    assert library.trouble == ""
    return run.token


def entry(library: Library, token: str) -> Any:
    found = library.entry(token)
    assert found is not None
    return found


def files(library: Library) -> list[Path]:
    return [path for path in (library.folder / "arrays").rglob("*") if path.is_file()]


def trained(run: SavedRun, iterations: int) -> SavedRun:
    """The run gone on with, up to this iteration."""
    trainer = run.trainer(DATA)
    while trainer.state.iteration < iterations:
        trainer.step()
    return SavedRun.of(trainer, run.curves, 0.0)


def test_a_run_that_nobody_has_touched_is_not_kept(library: Library, new_run: NewRun) -> None:
    new_run().keep_with(lambda checkpoint: library.keep(checkpoint, "me"))
    library.flush()
    assert library.entries() == []


def test_a_run_goes_on_from_the_library_to_the_bit(
    library: Library, open_library: Open, new_run: NewRun
) -> None:
    token = kept(library, new_run(dropout=0.2, augmentation=1.0))
    again = open_library()
    saved = again.saved(entry(again, token))
    assert saved.state.iteration == 1
    never_stopped = Trainer(small(dropout=0.2, augmentation=1.0), DATA)
    while never_stopped.state.iteration < 25:
        never_stopped.step()
    np.testing.assert_array_equal(
        trained(saved, 25).state.network.theta, never_stopped.network.theta
    )


def test_an_entry_says_what_the_page_showed(library: Library, new_run: NewRun) -> None:
    run = new_run(epochs=3, seed=7)
    token = kept(library, run)
    run.play()
    wait_until(lambda: not run.busy)
    library.flush()
    found, shown = entry(library, token), run.snapshot
    assert (found.status, found.iteration, found.epoch) == ("done", shown.iteration, 3)
    assert found.accuracy == shown.measured.validation.score
    assert found.best_accuracy == shown.curves.validation_accuracy.max()
    assert found.best_cost == shown.curves.validation_cost.min()
    assert found.sparkline[-1] == pytest.approx(shown.curves.validation_accuracy[-1], abs=1e-4)
    assert found.config == run.config
    assert (found.seed, found.parameters) == (7, shown.network.theta.size)
    assert found.checksum == checksum(DATA)
    assert found.clock[-1] == (shown.iteration, pytest.approx(shown.seconds, abs=1e-3))
    assert found.bytes == len(library.content(found)) == library.size


def test_a_run_in_training_is_kept_on_the_way(library: Library, new_run: NewRun) -> None:
    """Its first checkpoint does not wait for the run to rest."""
    run = new_run(epochs=100_000)
    run.keep_with(lambda checkpoint: library.keep(checkpoint, "me"))
    run.play()
    wait_until(lambda: library.entry(run.token) is not None)
    first = entry(library, run.token)
    assert (first.status, run.busy) == ("training", True)
    wait_until(lambda: entry(library, run.token).iteration > first.iteration)
    assert run.busy
    run.pause()
    wait_until(lambda: not run.busy)
    library.flush()
    assert entry(library, run.token).status == "paused"
    assert entry(library, run.token).iteration == run.snapshot.iteration
    assert len(files(library)) == 1, "a checkpoint takes the place of the one before"


def test_checkpoints_come_as_often_as_is_said(new_run: NewRun) -> None:
    run, times = new_run(epochs=1_000_000), list[float]()
    run.keep_with(lambda checkpoint: times.append(time.monotonic()))
    run.play()
    wait_until(lambda: len(times) > 2)
    run.pause()
    assert min(np.diff(times[:3])) >= CHECKPOINT < 2


def test_a_checkpoint_shares_nothing_that_training_changes(new_run: NewRun) -> None:
    run, checkpoints = new_run(), list[Checkpoint]()
    run.keep_with(checkpoints.append)
    run.step()
    wait_until(lambda: not run.busy)
    state = checkpoints[-1].saved.state
    theta, moments = (
        state.network.theta.copy(),
        {k: v.copy() for k, v in state.optimizer_state.items()},
    )
    run.step(10)
    wait_until(lambda: run.snapshot.iteration == 11)
    np.testing.assert_array_equal(state.network.theta, theta)
    for name, moment in moments.items():
        np.testing.assert_array_equal(state.optimizer_state[name], moment)
    assert state.iteration == 1


def test_a_diverged_run_is_kept_where_it_can_go_on(library: Library, new_run: NewRun) -> None:
    run = new_run(learning_rate=100, optimizer="gradient_descent")
    token = kept(library, run)
    run.adjust(run.config.with_values(l2=10.0))
    library.flush()
    before = library.content(entry(library, token))
    run.play()
    wait_until(lambda: run.snapshot.status is Status.FAILED)
    library.flush()
    assert entry(library, token).status == "failed"
    assert library.content(entry(library, token)) == before
    assert library.trouble == ""


def test_a_reset_leaves_what_was_as_a_run_of_its_own(library: Library, new_run: NewRun) -> None:
    run = new_run()
    token = kept(library, run)
    run.step(9)
    wait_until(lambda: not run.busy)
    library.flush()
    before = entry(library, token)
    run.reset()
    kept(library, run)
    now, (then,) = entry(library, token), library.find([before.id])
    assert (now.iteration, then.iteration) == (1, 10)
    assert now.id != then.id
    assert library.saved(then).state.iteration == 10


def test_what_a_person_changes_is_theirs_alone(library: Library, new_run: NewRun) -> None:
    token = kept(library, new_run(), "me")
    id = entry(library, token).id
    for owner in ("you", ""):
        library.rename(id, "yours", owner)
        library.tag(id, ["x"], owner)
        library.pin([id], True, owner)
        library.delete([id], owner)
        library.purge([id], owner)
    untouched = entry(library, token)
    assert (untouched.given_name, untouched.tags, untouched.pinned) == ("", (), False)
    assert library.entries("you") == []
    library.rename(id, "  my \n run ", "me")
    library.tag(id, [" a ", "", "b", "a"], "me")
    library.pin([id], True, "me")
    (mine,) = library.entries("me")
    assert (mine.name, mine.tags, mine.pinned) == ("my run", ("a", "b"), True)
    library.rename(id, "", "me")
    assert entry(library, token).name == mine.made_name


def test_deleting_can_be_undone_and_then_no_more(
    library: Library, open_library: Open, new_run: NewRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = new_run()
    token = kept(library, run)
    id = entry(library, token).id
    library.delete([id], "me")
    assert (library.entries(), library.find([id]), library.entry(token)) == ([], [], None)
    run.step()
    wait_until(lambda: not run.busy)
    library.flush()
    assert library.entry(token) is None, "a step more must not bring it back"
    library.undelete([id], "me")
    assert library.saved(entry(library, token)).state.iteration == 1
    library.delete([id], "me")
    monkeypatch.setattr(keeping, "UNDO", -1.0)
    again = open_library()
    again.flush()
    again.undelete([id], "me")
    assert again.entries() == []
    assert files(again) == []


def test_the_oldest_that_are_not_pinned_make_room(open_library: Open, new_run: NewRun) -> None:
    library = open_library()
    tokens = [kept(library, new_run(seed=seed)) for seed in (1, 2, 3)]
    size = max(entry(library, token).bytes for token in tokens)
    library.pin([entry(library, tokens[0]).id], True)
    library = open_library(limit=int(3.5 * size))
    kept(library, new_run(seed=4), "you")
    assert {e.seed for e in library.entries()} == {1, 3, 4}
    assert len(files(library)) == 3
    assert library.size <= library.limit
    told = library.made_room("me")
    assert told is not None
    assert told[0] == 1
    assert library.made_room("you") is None


def test_where_all_is_pinned_that_is_said(open_library: Open, new_run: NewRun) -> None:
    library = open_library()
    token = kept(library, new_run(seed=1))
    library.pin([entry(library, token).id], True)
    library = open_library(limit=entry(library, token).bytes + 1000)
    new_one = new_run(seed=2)
    new_one.keep_with(lambda checkpoint: library.keep(checkpoint, "me"))
    new_one.step()
    wait_until(lambda: not new_one.busy)
    library.flush()
    assert "full of pinned runs" in library.trouble
    assert [e.seed for e in library.entries()] == [1]
    library.pin([entry(library, token).id], False)
    new_one.step()
    wait_until(lambda: not new_one.busy)
    library.flush()
    assert library.trouble == ""
    assert [e.seed for e in library.entries()] == [2]


@pytest.mark.parametrize("text", ["0", "-1", "nan", "much", "inf"])
def test_a_limit_that_is_none_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LIMIT, text)
    with pytest.raises(LibraryError, match="PLAYGROUND_LIBRARY"):
        library_limit()


def test_the_limit_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    assert library_limit() == 2_000_000_000
    monkeypatch.setenv(LIMIT, "12.5")
    assert library_limit() == 12_500_000


def test_a_newer_library_is_refused_and_left_alone(
    library: Library, open_library: Open, new_run: NewRun
) -> None:
    kept(library, new_run())
    library.close()
    path = library.folder / schema.NAME
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {len(schema.MIGRATIONS) + 1}")
    db.close()
    again = open_library()
    assert "newer version" in again.trouble
    assert again.entries() == []
    run = new_run(seed=2)
    run.keep_with(lambda checkpoint: again.keep(checkpoint, "me"))
    run.step()
    wait_until(lambda: not run.busy)
    assert run.snapshot.status is Status.PAUSED, "a run goes on without a library"
    with pytest.raises(LibraryError, match="newer version"):
        again.delete(["x"])
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT count(*) FROM runs").fetchone() == (1,)
    db.close()


def test_an_older_library_becomes_one_of_today(
    library: Library, open_library: Open, new_run: NewRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = kept(library, new_run())
    later = (*schema.MIGRATIONS, "ALTER TABLE runs ADD COLUMN note TEXT NOT NULL DEFAULT 'none';\n")
    monkeypatch.setattr(schema, "MIGRATIONS", later)
    again = open_library()
    assert again.trouble == ""
    assert again.saved(entry(again, token)).state.iteration == 1
    with sqlite3.connect(again.folder / schema.NAME) as db:
        assert db.execute("SELECT note FROM runs").fetchall() == [("none",)]
        assert db.execute("PRAGMA user_version").fetchone() == (len(later),)
    db.close()


def test_a_migration_that_fails_leaves_the_library_as_it_was(
    library: Library, open_library: Open, new_run: NewRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = kept(library, new_run())
    before = schema.MIGRATIONS
    bad = (*before, "ALTER TABLE runs ADD COLUMN note TEXT;\nUPDATE runs SET nothing = 1;\n")
    monkeypatch.setattr(schema, "MIGRATIONS", bad)
    assert "Runs are not being stored." in open_library().trouble
    monkeypatch.setattr(schema, "MIGRATIONS", before)
    again = open_library()
    assert (again.trouble, again.notice) == ("", "")
    assert again.saved(entry(again, token)).state.iteration == 1


@pytest.mark.parametrize("damage", [b"not a library at all", b""], ids=["overwritten", "cut"])
def test_a_damaged_library_is_set_aside_whole(
    library: Library, open_library: Open, new_run: NewRun, damage: bytes
) -> None:
    kept(library, new_run())
    library.close()
    path = library.folder / schema.NAME
    content = path.read_bytes()
    half = len(content) // 2
    path.write_bytes(damage * 500 if damage else content[:half])
    before = {file.read_bytes() for file in files(library)}
    again = open_library()
    assert again.trouble == ""
    assert "damaged" in again.notice
    (aside,) = again.folder.parent.glob("library-damaged-*")
    assert str(aside) in again.notice
    assert {file.read_bytes() for file in (aside / "arrays").rglob("*.npz")} == before
    token = kept(again, new_run(seed=2))
    assert again.saved(entry(again, token)).state.iteration == 1


def test_a_damaged_file_of_a_run_is_a_sentence(library: Library, new_run: NewRun) -> None:
    token = kept(library, new_run())
    (file,) = files(library)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(LibraryError, match="damaged"):
        library.saved(entry(library, token))
    file.unlink()
    with pytest.raises(LibraryError, match="has no weights"):
        library.saved(entry(library, token))


def test_files_that_nobody_names_go_when_they_are_old(
    library: Library, open_library: Open, new_run: NewRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = kept(library, new_run())
    for name in ("ab" * 20 + ".npz", ".left-by-a-crash.0011"):
        stray = library.folder / "arrays" / "ab" / name
        stray.parent.mkdir(exist_ok=True)
        stray.write_bytes(b"half")
    again = open_library()
    again.flush()
    assert len(files(again)) == 3, "another process may be about to name them"
    monkeypatch.setattr("playground.library.content.YOUNG", -1.0)
    again = open_library()
    again.flush()
    assert [file.read_bytes() for file in files(again)] == [again.content(entry(again, token))]


def test_a_clock_stays_short_and_keeps_its_last() -> None:
    clock: list[list[float]] = []
    for iteration in range(1, 1000):
        clock = longer_clock(clock, iteration, 0.1 * iteration)
    assert len(clock) <= MAX_CLOCK
    assert clock[-1] == [999, 99.9]
    iterations = [pair[0] for pair in clock]
    assert iterations == sorted(set(iterations))


def test_of_checkpoints_that_wait_the_last_counts(tmp_path: Path) -> None:
    writer = Writer(lambda: sqlite3.connect(tmp_path / "x"))
    go, done = threading.Event(), list[str]()

    def job(name: str) -> Job:
        return lambda db: done.append(name)

    writer.soon("first", lambda db: None if go.wait(20) else pytest.fail("never began"))
    wait_until(lambda: writer._busy)
    for n in range(3):
        writer.soon("run", job(f"run {n}"))
    go.set()
    assert writer.do(lambda db: "answer") == "answer"
    writer.close()
    assert done == ["run 2"]


def test_what_goes_wrong_is_told_to_the_one_who_asked(tmp_path: Path) -> None:
    writer = Writer(lambda: sqlite3.connect(tmp_path / "x"))
    with pytest.raises(sqlite3.OperationalError):
        writer.do(lambda db: db.execute("nonsense"))
    assert writer.do(lambda db: 1) == 1
    writer.close()


def test_a_closed_writer_keeps_nobody_waiting(tmp_path: Path) -> None:
    """A sweep may still put runs into the library while the server ends."""
    writer = Writer(lambda: sqlite3.connect(tmp_path / "x"))
    writer.close()
    writer.soon("run", lambda db: pytest.fail("there is no thread"))
    writer.flush(20)
    assert not writer._latest
    with pytest.raises(sqlite3.ProgrammingError, match="it is closed"):
        writer.do(lambda db: 1)


def test_two_processes_may_have_it_open(library: Library, new_run: NewRun) -> None:
    """Such as a server and the command line."""
    token = kept(library, new_run())
    other = Library(library.folder)
    other.rename(entry(other, token).id, "by the other")
    assert entry(library, token).name == "by the other"
    kept(library, new_run(seed=2))
    assert len(other.entries()) == 2
    other.close()


def test_entries_are_made_once_until_their_row_changes(library: Library, new_run: NewRun) -> None:
    kept(library, new_run(seed=1))
    run = new_run(seed=2)
    token = kept(library, run)
    second, first = library.entries("me")
    assert all(a is b for a, b in zip(library.entries("me"), (second, first), strict=True))
    library.rename(second.id, "renamed")
    renamed, same_first = library.entries("me")
    assert (renamed.name, same_first) == ("renamed", first)
    assert same_first is first
    run.step()
    wait_until(lambda: not run.busy)
    library.flush()
    assert entry(library, token).iteration == 2


def test_a_list_is_read_anew_only_if_something_was_written(
    library: Library, new_run: NewRun
) -> None:
    kept(library, new_run())
    (first,) = library.entries("me")
    read = list[str]()
    assert library._reader is not None
    library._reader.set_trace_callback(read.append)
    assert library.entries("me") == [first]
    assert [text for text in read if text.startswith("SELECT")] == []
    library.rename(first.id, "renamed", "me")
    (renamed,) = library.entries("me")
    assert renamed.name == "renamed"
    assert library.entries("another") == []


def test_progress_in_lessons_is_kept_for_each_owner(tmp_path: Path) -> None:
    library = Library(tmp_path)
    library.keep_lesson("me", "zeros", "first")
    library.keep_lesson("me", "zeros", "second")
    library.keep_lesson("you", "zeros", "yours")
    library.keep_lesson("me", "too long", "x" * 1_000_000)
    library.close()
    again = Library(tmp_path)
    assert again.lessons("me") == {"zeros": "second"}
    assert again.lessons("nobody") == {}
    again.close()


def test_of_very_many_lessons_the_last_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lesson_progress, "MAX_OF_OWNER", 3)
    monkeypatch.setattr(lesson_progress, "MAX_ROWS", 5)
    library = Library(tmp_path)
    for owner in ("me", "you"):
        for n in range(5):
            library.keep_lesson(owner, str(n), "")
            library.flush()
    assert set(library.lessons("you")) == {"2", "3", "4"}
    assert set(library.lessons("me")) == {"3", "4"}
    library.close()
