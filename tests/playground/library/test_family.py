"""Families of runs, and keyframes that are kept with them."""

from functools import partial

import numpy as np
import pytest

from playground.library import keeping
from playground.library.family import branch_of, family_of
from playground.library.library import Library
from playground.library.table import rows_of
from playground.run import Run
from tests.playground.conftest import NewRun
from tests.playground.examples import DATA, wait_until
from tests.playground.library.test_library import Open, entry, files
from tests.playground.library.test_library import library as library
from tests.playground.library.test_library import open_library as open_library


@pytest.fixture(autouse=True)
def _many_keyframes(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many that replays start in the middle of short runs, too."""
    monkeypatch.setattr("playground.time_machine.keyframes.GAP", 0.0)
    monkeypatch.setattr("playground.time_machine.keyframes.COPYING", 1.0)


def stepped(library: Library, run: Run, iterations: int) -> Run:
    run.keep_with(lambda checkpoint: library.keep(checkpoint, "me"))
    run.step(iterations)
    wait_until(lambda: not run.busy)
    library.flush()
    assert library.trouble == ""
    return run


def branched(library: Library, run: Run, at: int, iterations: int = 1) -> Run:
    moment = run.past.at(at, "a test", 20.0)
    assert moment is not None
    return stepped(library, Run.branched(run, moment), iterations)


def stored(library: Library, token: str) -> list[int]:
    """The iterations of the keyframes in the library."""
    query = "SELECT iteration FROM keyframes WHERE token = ? ORDER BY iteration"
    return [row[0] for row in library._select(query, (token,))]


def tree(library: Library, id: str) -> list[tuple[int, str]]:
    return [(each.generation, each.entry.token) for each in family_of(id, library.entries())]


def test_the_library_knows_the_family_tree(library: Library, new_run: NewRun) -> None:
    first = stepped(library, new_run(), 12)
    late = branched(library, first, 9)
    early = branched(library, first, 4, 5)
    grandchild = branched(library, early, 7)
    stranger = stepped(library, new_run(), 12)
    expected = [
        (0, first.token),
        (1, early.token),
        (2, grandchild.token),
        (1, late.token),
    ]
    for run in (first, early, grandchild, late):
        assert tree(library, entry(library, run.token).id) == expected
    assert tree(library, entry(library, stranger.token).id) == [(0, stranger.token)]
    assert entry(library, grandchild.token).parent == entry(library, early.token).id
    assert entry(library, grandchild.token).parent_iteration == 7


def test_a_branch_of_a_run_that_is_gone_is_still_one(library: Library, new_run: NewRun) -> None:
    first = stepped(library, new_run(), 12)
    child = branched(library, first, 9)
    parent = entry(library, first.token)
    library.purge([parent.id])
    left = entry(library, child.token)
    assert tree(library, left.id) == [(0, child.token)]
    assert branch_of(left, {}) == "step 9 of a deleted run"
    assert branch_of(left, {parent.id: "the first"}) == "step 9 of the first"
    assert branch_of(parent, {}) == ""


def test_a_reset_branch_is_a_branch_no_more(library: Library, new_run: NewRun) -> None:
    first = stepped(library, new_run(), 12)
    child = branched(library, first, 9)
    id = entry(library, child.token).id
    child.reset()
    stepped(library, child, 2)
    assert entry(library, child.token).parent is None
    (old,) = library.find([id])
    assert old.parent == entry(library, first.token).id


def test_a_family_that_turns_in_circles_is_told_once(library: Library, new_run: NewRun) -> None:
    first = stepped(library, new_run(), 12)
    child = branched(library, first, 9)
    ids = [entry(library, run.token).id for run in (first, child)]

    def tie(db: object) -> None:  # as a damaged table may have it
        db.execute("UPDATE runs SET parent = ? WHERE id = ?", ids[::-1])  # type: ignore[attr-defined]

    library._do(tie)
    library._made.clear()
    assert sorted(each.entry.id for each in family_of(ids[0], library.entries())) == sorted(ids)


def test_a_branch_is_no_other_seed_of_its_parent(library: Library, new_run: NewRun) -> None:
    first = stepped(library, new_run(), 12)
    branched(library, first, 9, 3)
    entries = library.entries()
    assert [each.iteration for each in entries] == [12, 12]
    assert len(rows_of(entries, fold=True)) == 2


def test_a_run_from_the_library_can_be_rewound_to_the_bit(
    library: Library, open_library: Open, new_run: NewRun
) -> None:
    run = stepped(library, new_run(dropout=0.2, augmentation=1.0), 15)
    run.adjust(run.config.with_values(learning_rate=0.05))
    stepped(library, run, 15)
    again = open_library()
    found = entry(again, run.token)
    assert len(stored(again, run.token)) > 5
    saved = again.saved(found)
    restored = Run(saved.config, DATA, saved=saved, token=found.token)
    restored.look_back_with(partial(again.keyframe, found.token))
    replayed = restored._timeline._keyframe_before(23)
    assert replayed is not None
    assert replayed.iteration > 15
    first, last = (restored._timeline.seconds_at(n) for n in (0, restored.snapshot.iteration))
    assert 0 == first < restored._timeline.seconds_at(15) < last == saved.seconds
    for iteration in (0, 11, 15, 23):
        here, there = (each.past.at(iteration, "a test", 20.0) for each in (restored, run))
        assert here is not None
        assert there is not None
        np.testing.assert_array_equal(here.shown.network.theta, there.shown.network.theta)
        assert here.shown.measured.values() == there.shown.measured.values()


def test_keyframes_on_disk_have_a_budget_and_go_with_their_run(
    library: Library, new_run: NewRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = stepped(library, new_run(epochs=20), 60)
    size = max(frame.n_bytes for frame in run._timeline.keyframes.frames)
    few = stored(library, run.token)
    monkeypatch.setattr(keeping, "STORED_KEYFRAME_BYTES", 4 * size)
    stepped(library, run, 60)
    fewer = stored(library, run.token)
    assert 2 <= len(fewer) <= 4 < len(few)
    assert len(files(library)) == len(fewer) + 1
    library.purge([entry(library, run.token).id])
    assert files(library) == []


def test_no_run_is_deleted_for_a_keyframe(library: Library, new_run: NewRun) -> None:
    first = stepped(library, new_run(), 1)
    free = 3 * entry(library, first.token).bytes
    library.limit = int((library.size + free) / keeping.FOR_KEYFRAMES)
    run = stepped(library, new_run(epochs=20), 60)
    assert {each.token for each in library.entries("me")} == {first.token, run.token}
    assert 0 < len(stored(library, run.token)) < len(run._timeline.keyframes.frames)


def test_a_damaged_keyframe_is_left_out(library: Library, new_run: NewRun) -> None:
    run = stepped(library, new_run(), 20)
    history = run._timeline.changes.history
    last = stored(library, run.token)[-1]
    found = library.keyframe(run.token, history, 0, last + 1)
    assert found is not None
    assert found.iteration == last
    query = "SELECT file FROM keyframes WHERE iteration = ?"
    ((file,),) = library._select(query, (last,))
    library._files.path(file).write_bytes(b"no keyframe")
    assert library.keyframe(run.token, history, 0, last + 1) is None


def test_keyframes_of_before_a_reset_are_not_those_after_it(
    library: Library, new_run: NewRun
) -> None:
    run = stepped(library, new_run(), 20)
    run.look_back_with(partial(library.keyframe, run.token))
    run.limit_keyframes(0)  # in memory
    assert run._timeline._keyframe_before(20) is not None
    run.adjust(run.config.with_values(learning_rate=0.05))
    run.reset()
    assert stored(library, run.token)  # the library does not know of the reset yet
    assert run._timeline._keyframe_before(20) is None


def test_a_run_without_room_in_memory_is_rewound_from_the_library(
    library: Library, new_run: NewRun
) -> None:
    run, twin = (stepped(library, new_run(dropout=0.2), 20) for _ in range(2))
    run.look_back_with(partial(library.keyframe, run.token))
    run.limit_keyframes(0)
    here, there = (each.past.at(17, "a test", 20.0) for each in (run, twin))
    assert here is not None
    assert there is not None
    np.testing.assert_array_equal(here.shown.network.theta, there.shown.network.theta)
