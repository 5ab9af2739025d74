"""A step gone back to is the run that was stopped there, to the bit."""

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from netcore.optimizers import OPTIMIZERS
from netcore.schedules import SCHEDULES
from playground.run import Run
from playground.saved import load_run
from playground.snapshot import Snapshot
from playground.time_machine import keyframes
from playground.time_machine.moment import Moment
from playground.time_machine.timeline import TimelineError
from playground.trainer import Trainer
from tests.playground.conftest import NewRun
from tests.playground.examples import DATA, numbers, wait_until


@pytest.fixture(autouse=True)
def _many_keyframes(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many that replays start in the middle of short runs, too."""
    monkeypatch.setattr(keyframes, "GAP", 0.0)
    monkeypatch.setattr(keyframes, "COPYING", 1.0)
    monkeypatch.setattr(keyframes, "MAX_FRAMES", 6)


def stepped(run: Run, iterations: int) -> None:
    if iterations:
        run.step(iterations)
    wait_until(lambda: not run.busy)


def moment_of(run: Run, iteration: int) -> Moment:
    moment = run.past.at(iteration, "a test", 20.0)
    assert moment is not None
    return moment


def state_of(trainer: Trainer) -> list[Any]:
    state = trainer.state
    return [
        state.network.theta.tobytes(),
        *(state.optimizer_state[name].tobytes() for name in sorted(state.optimizer_state)),
        state.order_rng.bit_generator.state,
        state.noise_rng.bit_generator.state,
        (state.iteration, state.epoch, state.position),
        None if state.order is None else state.order.tolist(),
        trainer.config,
        trainer.hyper,
    ]


def shown_of(snapshot: Snapshot) -> list[Any]:
    """All that a page shows, but for seconds."""
    measured = snapshot.measured
    vectors = (snapshot.gradient, snapshot.update)
    return [
        snapshot.network.theta.tobytes(),
        *(None if vector is None else vector.tobytes() for vector in vectors),
        snapshot.config,
        (snapshot.status, snapshot.iteration, snapshot.iterations, snapshot.epoch, snapshot.epochs),
        (measured.iteration, measured.values(), measured.validation.predicted.tolist()),
        numbers(snapshot.curves),
        snapshot.curves.events,
        [(each.iteration, each.matrix.tolist()) for each in snapshot.confusions],
    ]


CASES = [
    *({"optimizer": name} for name in OPTIMIZERS),
    *({"schedule": name, "dropout": 0.3} for name in SCHEDULES),
    *({"optimizer": name, "dropout": 0.3, "augmentation": 1.0} for name in OPTIMIZERS),
    *({"schedule": name, "augmentation": 1.0} for name in SCHEDULES),
    {"batch_size": None, "iterations": 30},
    {"l1": 0.001, "l2": 0.01},
]


@pytest.mark.parametrize("values", CASES, ids=str)
def test_it_is_the_run_stopped_there(new_run: NewRun, values: dict[str, Any]) -> None:
    run, stopped = new_run(**values), new_run(**values)
    stepped(run, 30)
    for iteration in (1, 2, 13, 20, 29):
        stepped(stopped, iteration - stopped.snapshot.iteration)
        moment = moment_of(run, iteration)
        assert shown_of(moment.shown) == shown_of(stopped.snapshot)
        assert state_of(moment.trainer) == stopped.between_steps(state_of)


def setting(**values: Any) -> Callable[[Run], None]:
    return lambda run: run.adjust(run.config.with_values(**values))


def parameter(*where_and_value: Any) -> Callable[[Run], None]:
    return lambda run: run.set_parameter(*where_and_value)


PLAYED_WITH = [  # what a person changes, after how many steps
    (0, setting(l1=0.002)),
    (0, parameter(1, 0, None, 0.1)),
    (7, setting(learning_rate=0.02, dropout=0.2)),
    (13, parameter(1, 3, 10, 0.75)),
    (13, setting(augmentation=0.5, epochs=9)),
    (20, parameter(2, 1, None, -0.5)),
    (20, parameter(2, 1, None, 0.25)),
    (20, setting(l2=0.01)),
    (20, setting(l2=0.0, l1=0.0)),
    (21, setting(learning_rate=0.001)),
]


def played_with(run: Run, until: int) -> Run:
    for iteration, change in PLAYED_WITH:
        if iteration <= until:
            stepped(run, iteration - run.snapshot.iteration)
            change(run)
    stepped(run, until - run.snapshot.iteration)
    return run


@pytest.mark.parametrize("iteration", [0, 1, 7, 8, 13, 17, 20, 21, 29])
def test_changes_on_the_way_are_made_again(new_run: NewRun, iteration: int) -> None:
    run = played_with(new_run(schedule="cosine"), until=30)
    stopped = played_with(new_run(schedule="cosine"), until=iteration)
    moment = moment_of(run, iteration)
    assert shown_of(moment.shown) == shown_of(stopped.snapshot)
    assert state_of(moment.trainer) == stopped.between_steps(state_of)


def test_a_later_step_is_replayed_from_the_one_rebuilt_before(new_run: NewRun) -> None:
    run = played_with(new_run(schedule="cosine"), until=30)
    run.limit_keyframes(0)
    for iteration in (5, 7, 13, 14, 20, 20, 21, 29, 8):
        stopped = played_with(new_run(schedule="cosine"), until=iteration)
        moment = moment_of(run, iteration)
        assert shown_of(moment.shown) == shown_of(stopped.snapshot)
        assert state_of(moment.trainer) == stopped.between_steps(state_of)
        base = run._timeline._keyframe_before(iteration + 1)
        assert base is not None
        assert base.iteration == iteration


def test_going_on_from_there_is_the_run(new_run: NewRun) -> None:
    run = new_run(dropout=0.2, augmentation=1.0)
    stepped(run, 40)
    trainer = moment_of(run, 17).trainer
    while trainer.state.iteration < 40:
        trainer.step()
    assert state_of(trainer) == run.between_steps(state_of)


def test_rewinding_does_not_disturb_the_training(new_run: NewRun) -> None:
    run, undisturbed = new_run(epochs=60, dropout=0.2), new_run(epochs=60, dropout=0.2)
    run.play()
    seen = set()
    while run.busy:
        at = run.snapshot.iteration // 2
        seen.add(moment_of(run, at).shown.iteration)
    undisturbed.play()
    wait_until(lambda: not undisturbed.busy)
    assert seen
    assert run.between_steps(state_of) == undisturbed.between_steps(state_of)
    assert numbers(run.snapshot.curves) == numbers(undisturbed.snapshot.curves)


def test_a_saved_run_can_be_rewound_to_before_it_was_saved(new_run: NewRun) -> None:
    run = played_with(new_run(), until=30)
    loaded = reloaded(run)
    for each in (loaded, run):
        stepped(each, 3)
    for iteration in (0, 3, 13, 20, 25, 30, 32):
        there, here = moment_of(loaded, iteration), moment_of(run, iteration)
        assert state_of(there.trainer) == state_of(here.trainer)


def test_a_file_without_its_changes_is_rewound_to_where_it_was_saved(new_run: NewRun) -> None:
    run = new_run()
    stepped(run, 9)
    loaded = reloaded(run, with_changes=False)
    stepped(loaded, 5)
    stepped(run, 5)
    for iteration in (9, 12):
        there, here = moment_of(loaded, iteration), moment_of(run, iteration)
        assert state_of(there.trainer) == state_of(here.trainer)
    with pytest.raises(
        TimelineError, match="Step 8 cannot be shown: this run was loaded at step 9"
    ):
        moment_of(loaded, 8)


def reloaded(run: Run, *, with_changes: bool = True) -> Run:
    saved = load_run(io.BytesIO(run.save()))
    assert saved.changes is not None
    if not with_changes:  # a file of an older version
        saved = replace(saved, changes=None)
    return Run(saved.config, DATA, saved=saved)


def test_a_branch_goes_on_as_the_run_did(new_run: NewRun) -> None:
    run = played_with(new_run(schedule="cosine"), until=30)
    branch = Run.branched(run, moment_of(run, 17))
    assert (branch.snapshot.iteration, branch.snapshot.status) == (17, "paused")
    assert branch.snapshot.before is run.snapshot.curves
    assert branch.snapshot.curves.events[-1].text == "branched here"
    twin = played_with(new_run(schedule="cosine"), until=17)
    for each in (branch, twin):
        stepped(each, 5)
    assert branch.between_steps(state_of) == twin.between_steps(state_of)
    assert numbers(branch.snapshot.curves) == numbers(twin.snapshot.curves)


def test_a_branch_is_changed_and_rewound_apart_from_its_parent(new_run: NewRun) -> None:
    run = played_with(new_run(), until=30)
    before = run.between_steps(state_of)
    branch, twin = Run.branched(run, moment_of(run, 17)), played_with(new_run(), until=17)
    for each in (branch, twin):
        each.adjust(each.config.with_values(learning_rate=0.1))
        stepped(each, 8)
    for iteration in (3, 13, 17, 20, 24):
        there, here = moment_of(branch, iteration), moment_of(twin, iteration)
        assert state_of(there.trainer) == state_of(here.trainer)
    assert run.between_steps(state_of) == before


def test_a_reset_run_has_another_past(new_run: NewRun) -> None:
    run = new_run(learning_rate=0.1)
    run.adjust(run.config.with_values(learning_rate=0.001))
    stepped(run, 9)
    earlier = moment_of(run, 4)
    run.adjust(run.config.with_values(learning_rate=0.05))
    run.reset()
    stepped(run, 9)
    twin = new_run(learning_rate=0.05)
    stepped(twin, 4)
    assert shown_of(moment_of(run, 4).shown) == shown_of(twin.snapshot) != shown_of(earlier.shown)


def test_the_future_cannot_be_shown(new_run: NewRun) -> None:
    run = new_run()
    stepped(run, 9)
    with pytest.raises(TimelineError, match="Step 10 cannot be shown: the run is at step 9"):
        moment_of(run, 10)


def test_a_fine_tuned_run_is_rewound_too(new_run: NewRun) -> None:
    drawings = DATA.train.first(6)
    before = new_run()
    stepped(before, 12)
    run, stopped = (Run.fine_tuned(before, drawings) for _ in range(2))
    stepped(run, 12)
    stepped(stopped, 7)
    assert shown_of(moment_of(run, 7).shown)[:4] == shown_of(stopped.snapshot)[:4]
    assert state_of(moment_of(run, 7).trainer) == stopped.between_steps(state_of)
