"""A run is what the same training without threads is, whatever is pressed in between."""

import gc
import math
import threading
import time
import tracemalloc
import weakref
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from netcore.training import StepRecord
from playground.config import ConfigError
from playground.run import Run, Status
from playground.trainer import Trainer
from tests.playground.conftest import NewRun, workers
from tests.playground.examples import DATA, numbers, small, uninterrupted, wait_until

ENDLESS = 1_000_000  # iterations: a minute and more


def at_rest(run: Run) -> None:
    wait_until(lambda: not run.busy)


def status(run: Run) -> str:
    return run.snapshot.status


def under_way(run: Run, iterations: int = 1) -> None:
    """Wait until that many more iterations are seen."""
    first = run.snapshot.iteration
    wait_until(lambda: run.snapshot.iteration >= first + iterations)


# What is computed


def test_a_new_run_is_ready_measured_and_has_no_thread(new_run: NewRun) -> None:
    shown = new_run().snapshot
    assert (shown.status, shown.iteration, shown.epoch, shown.message) == ("ready", 0, 0, "")
    assert (shown.iterations, shown.epochs, shown.gradient) == (50, 5.0, None)
    assert shown.curves.iteration.tolist() == [0]
    assert len(shown.curves.step_cost) == 0
    assert not workers()


@pytest.mark.parametrize(
    "values",
    [{}, {"dropout": 0.3, "l2": 0.01, "schedule": "one_cycle"}, {"augmentation": 1.0}],
    ids=["plain", "dropout", "augmented"],
)
def test_played_to_the_end_it_is_the_training_without_threads(
    new_run: NewRun, values: dict[str, float]
) -> None:
    run = new_run(**values)
    run.play()
    at_rest(run)
    costs, measured, trainer = uninterrupted(small(**values))
    shown = run.snapshot
    assert (shown.status, shown.iteration, shown.epoch) == ("done", 50, 5)
    assert numbers(shown.curves) == [
        costs,
        [each.iteration for each in measured],
        [each.training.cost for each in measured],
        [each.training.score for each in measured],
        [each.validation.cost for each in measured],
        [each.validation.score for each in measured],
    ]
    np.testing.assert_array_equal(shown.network.theta, trainer.network.theta)
    assert shown.measured.validation.cost == measured[-1].validation.cost
    assert shown.seconds > 0
    assert shown.seconds_left == 0


def test_pauses_and_steps_anywhere_leave_every_bit_as_it_is(new_run: NewRun) -> None:
    values = {"epochs": 40, "dropout": 0.2, "augmentation": 0.5}
    run = new_run(**values)
    rng = np.random.default_rng(0)
    while run.snapshot.status is not Status.DONE:
        action: Callable[[], None] = rng.choice(
            np.array([run.step, run.step_epoch, run.play, run.pause, lambda: run.step(7)])
        )
        action()
        if rng.random() < 0.5:
            run.pause()
        at_rest(run)
    costs, measured, trainer = uninterrupted(small(**values))
    assert run.snapshot.curves.step_cost.tolist() == costs
    assert run.snapshot.curves.validation_cost.tolist() == [
        each.validation.cost for each in measured
    ]
    np.testing.assert_array_equal(run.snapshot.network.theta, trainer.network.theta)


def test_reset_retraces_the_curve_and_shows_the_old_one_behind(new_run: NewRun) -> None:
    run = new_run()
    run.play()
    at_rest(run)
    first = run.snapshot.curves
    run.reset()
    assert status(run) == "ready"
    assert run.snapshot.before is not None
    assert numbers(run.snapshot.before) == numbers(first)
    assert run.snapshot.curves.iteration.tolist() == [0]
    np.testing.assert_array_equal(run.snapshot.network.theta, run.start_theta)
    run.play()
    at_rest(run)
    assert numbers(run.snapshot.curves) == numbers(first)


def test_reset_of_a_run_that_never_trained_keeps_the_curves_before(new_run: NewRun) -> None:
    run = new_run()
    run.step()
    at_rest(run)
    run.reset()
    before = run.snapshot.before
    assert before is not None
    run.reset()
    assert run.snapshot.before is before


def test_a_network_that_does_not_fit_the_data_gives_the_list_that_would() -> None:
    with pytest.raises(ConfigError, match=r"64 inputs and 4 classes; try \[64, 12, 4\]"):
        Run(small(layers=(784, 12, 10)), DATA)


SLOW = 0.001  # steps a second: the next one never comes while a test runs


def test_slow_motion_takes_a_step_at_a_time_and_changes_no_bit(new_run: NewRun) -> None:
    run = new_run()
    run.set_speed(SLOW)
    run.play()
    wait_until(lambda: run.snapshot.iteration == 1)
    shown = run.snapshot
    assert (shown.status, shown.speed, shown.measured.iteration) == ("training", SLOW, 1)
    assert shown.iterations_per_second == SLOW
    run.set_parameter(1, 0, 0, float(shown.network.layers[0].W[0, 0]))  # answered between steps
    assert run.snapshot.iteration == 1
    run.pause()
    at_rest(run)
    run.step(2)
    at_rest(run)
    assert (status(run), run.snapshot.iteration) == ("paused", 3)
    run.play()
    wait_until(lambda: run.snapshot.iteration == 4)
    run.set_speed(None)
    at_rest(run)
    costs, _, trainer = uninterrupted(small())
    assert status(run) == "done"
    assert run.snapshot.curves.step_cost.tolist() == costs
    np.testing.assert_array_equal(run.snapshot.network.theta, trainer.network.theta)


@pytest.mark.parametrize("action", [Run.stop, Run.reset])
def test_slow_motion_holds_nobody_up(new_run: NewRun, action: Callable[[Run], None]) -> None:
    run = new_run()
    run.set_speed(SLOW)
    run.play()
    wait_until(lambda: run.snapshot.iteration == 1)
    action(run)
    wait_until(lambda: not run.busy and not workers())
    assert run.snapshot.speed == SLOW


@pytest.mark.parametrize("length", [{"epochs": 2}, {"iterations": 15}])
def test_a_run_that_is_over_goes_on(new_run: NewRun, length: dict[str, int]) -> None:
    run = new_run(**length, schedule="constant")
    run.play()
    at_rest(run)
    assert status(run) == "done"
    run.extend(3)
    at_rest(run)
    total = 50 if "epochs" in length else 45
    assert (status(run), run.snapshot.iteration) == ("done", total)
    assert [event.iteration for event in run.snapshot.curves.events] == [total - 30]
    costs, *_ = uninterrupted(small(schedule="constant"))
    assert run.snapshot.curves.step_cost.tolist() == costs[:total]


def test_a_run_that_was_stopped_goes_on_from_there(new_run: NewRun) -> None:
    run = new_run(epochs=40)
    run.step(15)
    at_rest(run)
    run.stop()
    assert status(run) == "stopped"
    run.extend(3)
    at_rest(run)
    assert (status(run), run.snapshot.iteration) == ("done", 50)


# What a person does


def test_step_is_one_iteration_and_is_seen_at_once(new_run: NewRun) -> None:
    run = new_run()
    for iteration in (1, 2, 3):
        run.step()
        at_rest(run)
        shown = run.snapshot
        assert (shown.status, shown.iteration) == ("paused", iteration)
        assert shown.gradient is not None
        assert shown.measured.iteration == iteration


def test_epoch_ends_where_the_epoch_does(new_run: NewRun) -> None:
    run = new_run()
    run.step(3)
    at_rest(run)
    ends = []
    for _ in range(2):
        run.step_epoch()
        at_rest(run)
        ends.append((run.snapshot.iteration, run.snapshot.epoch))
    assert ends == [(10, 1), (20, 2)]


def test_pause_holds_and_ends_the_thread(new_run: NewRun) -> None:
    run = new_run(iterations=ENDLESS)
    run.play()
    under_way(run, 3)
    run.pause()
    at_rest(run)
    wait_until(lambda: not workers())
    shown = run.snapshot
    assert shown.status is Status.PAUSED
    assert shown.iteration == len(shown.curves.step_cost) == shown.measured.iteration


def test_the_thread_ends_with_the_run(new_run: NewRun) -> None:
    run = new_run(epochs=1)
    run.play()
    at_rest(run)
    wait_until(lambda: not workers())
    run.play()
    run.step()
    assert status(run) == "done"
    assert not workers()


def test_stop_is_the_end_until_reset(new_run: NewRun) -> None:
    run = new_run(iterations=ENDLESS)
    run.play()
    under_way(run)
    run.stop()
    at_rest(run)
    shown = run.snapshot
    assert shown.status is Status.STOPPED
    run.play()
    run.step()
    assert run.snapshot is shown
    run.reset()
    run.step()
    at_rest(run)
    assert (run.snapshot.status, run.snapshot.iteration) == ("paused", 1)


def test_stop_ends_a_paused_run_too(new_run: NewRun) -> None:
    run = new_run()
    run.stop()
    assert status(run) == "ready"
    run.step()
    run.stop()
    at_rest(run)
    assert status(run) == "stopped"


def test_reset_while_it_plays(new_run: NewRun) -> None:
    run = new_run(iterations=ENDLESS)
    for _ in range(5):
        run.play()
        under_way(run)
        run.reset()
        assert (run.snapshot.status, run.snapshot.iteration) == ("ready", 0)
        wait_until(lambda: not workers())  # it let the run go, and ends
    assert run.snapshot.before is not None


def test_play_works_even_while_the_run_is_about_to_pause(
    new_run: NewRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = new_run(iterations=ENDLESS)
    measure = Trainer.measure

    def played_while_measured(trainer: Trainer) -> object:
        result = measure(trainer)
        if trainer.state.iteration == 1:  # the step is taken, the worker all but gone
            run.play()
        return result

    monkeypatch.setattr(Trainer, "measure", played_while_measured)
    run.step()
    under_way(run, 10)
    assert run.busy


# Settings that change in mid-run


def test_a_new_learning_rate_is_marked_and_holds_from_the_next_step(new_run: NewRun) -> None:
    config = small(schedule="constant", optimizer="gradient_descent", epochs=2)
    faster = config.with_values(learning_rate=0.05)
    run = new_run(schedule="constant", optimizer="gradient_descent", epochs=2)
    run.step(12)
    at_rest(run)
    run.adjust(faster)
    assert run.config == run.snapshot.config == faster
    run.play()
    at_rest(run)
    trainer = Trainer(config, DATA)
    for iteration in range(20):
        if iteration == 12:
            trainer.adjust(faster)
        trainer.step()
    np.testing.assert_array_equal(run.snapshot.network.theta, trainer.network.theta)
    (event,) = run.snapshot.curves.events
    assert (event.iteration, event.text) == (12, "Learning rate α: 0.003 → 0.05")


def test_settings_may_change_while_it_trains(new_run: NewRun) -> None:
    """Replayed with each change at its mark, the run is the same to the bit."""
    run = new_run(iterations=ENDLESS, augmentation=0.5)
    trainer = Trainer(run.config, DATA)
    run.step(5)
    at_rest(run)
    run.play()
    configs = []
    for rate in (0.004, 0.001, 0.003):
        configs.append(run.config.with_values(learning_rate=rate, augmentation=100 * rate))
        run.adjust(configs[-1])
        assert run.config == configs[-1]
        assert run.snapshot.config == run.config  # shown at once, also before it is taken
        wait_until(lambda: len(run.snapshot.curves.events) == 2 * len(configs))
    run.pause()
    at_rest(run)
    shown = run.snapshot
    marks = [event.iteration for event in shown.curves.events if "rate" in event.text]
    changes = dict(zip(marks, configs, strict=True))
    for iteration in range(shown.iteration):
        if iteration in changes:
            trainer.adjust(changes[iteration])
        trainer.step()
    np.testing.assert_array_equal(shown.network.theta, trainer.network.theta)


def test_a_run_that_is_done_goes_on_when_given_more(new_run: NewRun) -> None:
    run = new_run(epochs=1, schedule="constant")
    run.play()
    at_rest(run)
    assert status(run) == "done"
    run.adjust(run.config.with_values(epochs=2))
    assert (run.snapshot.status, run.snapshot.iterations) == ("paused", 20)
    run.watch("page")
    assert not run.busy  # more room is no wish to train
    run.play()
    at_rest(run)
    assert (run.snapshot.status, run.snapshot.iteration) == ("done", 20)
    run.adjust(run.config.with_values(iterations=21))
    assert status(run) == "paused"


def test_more_epochs_given_at_the_last_moment_are_trained(
    new_run: NewRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = new_run(epochs=1)
    measure = Trainer.measure

    def lengthened_while_measured(trainer: Trainer) -> object:
        if trainer.state.iteration == 10:
            run.adjust(run.config.with_values(epochs=2))
        return measure(trainer)

    monkeypatch.setattr(Trainer, "measure", lengthened_while_measured)
    run.play()
    at_rest(run)
    assert (run.snapshot.status, run.snapshot.iteration) == ("done", 20)


def test_a_run_made_shorter_than_it_is_is_done_where_it_is(new_run: NewRun) -> None:
    run = new_run()
    run.step(12)
    at_rest(run)
    run.adjust(run.config.with_values(iterations=5))
    shown = run.snapshot
    assert (shown.status, shown.iteration, shown.iterations) == ("done", 12, 12)
    assert (shown.epochs, shown.seconds_left) == (1.2, 0)


def test_changed_before_the_first_step_it_stays_ready_without_a_mark(new_run: NewRun) -> None:
    run = new_run()
    run.adjust(run.config.with_values(learning_rate=0.1, epochs=1))
    assert (run.snapshot.status, run.snapshot.iterations) == ("ready", 10)
    assert run.snapshot.curves.events == ()


# What goes wrong


def test_a_diverging_cost_ends_the_run_with_a_sentence(new_run: NewRun) -> None:
    run = new_run(optimizer="gradient_descent", learning_rate=100, iterations=ENDLESS)
    run.adjust(run.config.with_values(l2=10.0))
    run.play()
    at_rest(run)
    shown = run.snapshot
    assert shown.status is Status.FAILED
    assert f"The run diverged at iteration {shown.iteration:,}" in shown.message
    assert "learning rate ten times smaller than 100" in shown.message
    assert not math.isfinite(shown.curves.step_cost[-1])
    run.play()
    run.step()
    run.watch("page")
    assert run.snapshot is shown
    run.adjust(run.config.with_values(learning_rate=0.01, l2=0.0))
    assert status(run) == "failed"
    run.reset()
    assert (run.snapshot.status, run.snapshot.message) == ("ready", "")
    run.step()
    at_rest(run)
    assert status(run) == "paused"


def test_a_run_that_diverges_in_its_very_last_step_has_failed(
    new_run: NewRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its cost was taken before the step that spoiled the network: only a measurement shows it."""
    run = new_run(iterations=7, epochs=None)
    really = Trainer.step

    def spoiled(trainer: Trainer) -> StepRecord:
        record = really(trainer)
        if trainer.done:
            trainer.network.theta[:] = np.inf
        return record

    monkeypatch.setattr(Trainer, "step", spoiled)
    run.play()
    at_rest(run)
    shown = run.snapshot
    assert (shown.status, shown.iteration) == (Status.FAILED, 7)
    assert math.isfinite(shown.curves.step_cost[-1])
    assert (
        "The run diverged at iteration 7: its cost is NaN or infinite, and so are numbers of W1"
        in shown.message
    )


def test_errors_in_the_worker_reach_the_page(
    new_run: NewRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(trainer: Trainer) -> None:
        raise MemoryError("no room for 3 GB.")

    run = new_run()
    monkeypatch.setattr(Trainer, "step", broken)
    run.play()
    at_rest(run)
    assert status(run) == "failed"
    assert run.snapshot.message == (
        "The training stopped: no room for 3 GB. Reset starts it again."
    )
    monkeypatch.undo()
    run.reset()
    run.play()
    at_rest(run)
    assert status(run) == "done"


# Who is watching


def test_a_run_pauses_when_its_last_page_is_closed_and_goes_on_when_one_is_back(
    new_run: NewRun,
) -> None:
    run = new_run(iterations=ENDLESS)
    run.watch("one")
    run.watch("two")
    run.play()
    run.leave("one")
    assert run.viewers == ("two",)
    under_way(run, 10)
    run.leave("two")
    at_rest(run)
    assert status(run) == "paused"
    wait_until(lambda: not workers())
    run.watch("three")
    assert run.busy
    under_way(run, 10)


def test_a_run_pauses_when_no_page_gives_a_sign_of_life(
    new_run: NewRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = new_run(iterations=ENDLESS)
    run.watch("page")
    run.play()
    under_way(run)
    monkeypatch.setattr("playground.run.LEASE", 0.0)
    at_rest(run)
    assert not run.watched
    monkeypatch.undo()
    assert not run.busy
    run.watch("page")
    assert run.busy


def test_coming_back_does_not_undo_a_persons_own_pause(new_run: NewRun) -> None:
    run = new_run(iterations=ENDLESS)
    run.watch("page")
    run.play()
    under_way(run)
    run.pause()
    run.leave("page")  # perhaps while the last step is still computed
    run.watch("page")
    at_rest(run)
    assert status(run) == "paused"


def test_a_pause_without_pages_stays(new_run: NewRun) -> None:
    run = new_run(iterations=ENDLESS)
    run.watch("page")
    run.play()
    run.leave("page")
    at_rest(run)
    run.pause()
    run.watch("page")
    assert not run.busy


def test_requested_steps_are_finished_without_a_page(
    new_run: NewRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = new_run(iterations=ENDLESS)
    run.watch("page")
    step = Trainer.step

    def left_meanwhile(trainer: Trainer) -> object:
        if trainer.state.iteration == 3:
            run.leave("page")
        return step(trainer)

    monkeypatch.setattr(Trainer, "step", left_meanwhile)
    run.step_epoch()
    at_rest(run)
    assert run.snapshot.iteration == 4
    run.watch("page")
    at_rest(run)
    assert (run.snapshot.status, run.snapshot.iteration) == ("paused", 10)


def test_last_seen_is_the_time_of_the_last_poll_or_close(new_run: NewRun) -> None:
    run = new_run()
    assert run.last_seen == -math.inf
    before = time.monotonic()
    run.watch("page")
    looked = run.last_seen
    run.leave("page")
    run.leave("a stranger")
    assert before <= looked <= run.last_seen <= time.monotonic()


# What a page reads


def test_a_snapshot_stays_as_it_is_while_training_goes_on(new_run: NewRun) -> None:
    run = new_run(iterations=ENDLESS)
    run.step(30)
    at_rest(run)
    shown = run.snapshot
    assert shown.gradient is not None
    theta, gradient = shown.network.theta.copy(), shown.gradient.copy()
    before, predicted = numbers(shown.curves), shown.measured.validation.predicted.copy()
    run.play()
    under_way(run, 1100)  # the curves need more room meanwhile
    np.testing.assert_array_equal(shown.network.theta, theta)
    np.testing.assert_array_equal(shown.gradient, gradient)
    np.testing.assert_array_equal(shown.measured.validation.predicted, predicted)
    assert numbers(shown.curves) == before
    assert run.snapshot.curves.step_cost[:30].tolist() == before[0]


def test_the_gradient_is_of_the_last_step(new_run: NewRun) -> None:
    run = new_run(optimizer="gradient_descent", schedule="constant", learning_rate=0.5)
    run.step()
    at_rest(run)
    shown = run.snapshot
    assert shown.gradient is not None
    np.testing.assert_array_equal(
        shown.network.theta, run.start_theta - np.float32(0.5) * shown.gradient
    )


def test_pace_and_time_left(new_run: NewRun) -> None:
    run = new_run(iterations=ENDLESS)
    assert run.snapshot.seconds_left is None
    run.step()
    at_rest(run)
    shown = run.snapshot
    assert shown.iterations_per_second is not None
    assert shown.iterations_per_second * shown.seconds == pytest.approx(1)
    assert shown.seconds_left == pytest.approx((ENDLESS - 1) / shown.iterations_per_second)


# All at once


def test_many_threads_use_one_run(new_run: NewRun) -> None:
    """Several threads read, watch, leave and press everything at random: nothing hangs, nothing
    is raised, no snapshot contradicts itself, and the run still trains to the end."""
    run = new_run(iterations=ENDLESS, augmentation=0.3)
    deadline = time.monotonic() + 1.5
    errors: list[Exception] = []

    def consistent() -> None:
        shown = run.snapshot
        assert len(shown.curves.step_cost) >= shown.iteration
        assert len(set(map(len, numbers(shown.curves)[1:]))) == 1
        assert (shown.gradient is None) == (shown.iteration == 0)
        if shown.status is not Status.TRAINING:
            assert shown.measured.iteration == shown.iteration == len(shown.curves.step_cost)

    def hands(seed: int) -> None:
        rng = np.random.default_rng(seed)
        name = f"page {seed}"
        actions: list[Callable[[], object]] = [
            run.play,
            run.play,
            run.pause,
            run.step,
            run.step_epoch,
            run.reset,
            lambda: run.watch(name),
            lambda: run.leave(name),
            lambda: run.adjust(run.config.with_values(learning_rate=rng.uniform(1e-4, 1e-2))),
        ]
        try:
            while time.monotonic() < deadline:
                actions[rng.integers(len(actions))]()
                consistent()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=hands, args=(seed,), daemon=True) for seed in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert not any(thread.is_alive() for thread in threads), "a click never came back"
    assert errors == []
    run.watch("page")
    run.reset()
    run.adjust(replace(run.config, iterations=30))
    run.play()
    at_rest(run)
    consistent()
    assert (run.snapshot.status, run.snapshot.iteration) == ("done", 30)


def test_between_steps_is_called_between_two_steps_while_it_trains(new_run: NewRun) -> None:
    """What was read is a state that training without a question passes through, to the bit."""
    run = new_run(iterations=ENDLESS)
    run.play()
    under_way(run)
    seen = run.between_steps(lambda t: (t.state.iteration, t.network.theta.copy()))
    run.pause()
    alone = Trainer(small(iterations=ENDLESS), DATA)
    while alone.state.iteration < seen[0]:
        alone.step()
    assert np.array_equal(alone.network.theta, seen[1])


def test_between_steps_of_a_resting_run_is_called_at_once(new_run: NewRun) -> None:
    run = new_run()
    run.step(3)
    assert run.between_steps(lambda trainer: trainer.state.iteration) == 3
    assert workers() == []


def test_an_error_in_between_steps_is_raised_in_the_caller(new_run: NewRun) -> None:
    run = new_run(iterations=ENDLESS)
    run.play()

    def fail(trainer: Trainer) -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        run.between_steps(fail)
    assert run.busy


# What the last step did


def test_the_update_is_what_the_last_step_added_to_theta(new_run: NewRun) -> None:
    run = new_run(iterations=20)
    assert (run.snapshot.gradient, run.snapshot.update) == (None, None)
    for _ in range(3):
        before = run.snapshot
        run.step()
        at_rest(run)
        shown = run.snapshot
        assert shown.update is not None
        assert np.array_equal(shown.update, shown.network.theta - before.network.theta)


def test_the_update_is_that_of_the_step_whatever_is_set_since(new_run: NewRun) -> None:
    run = new_run(iterations=20)
    run.step(3)
    at_rest(run)
    before = run.snapshot
    run.adjust(run.config.with_values(learning_rate=100 * run.config.learning_rate))
    run.set_parameter(1, 0, 0, 0.5)
    after = run.snapshot
    assert after.config != before.config
    assert after.update is not None
    assert before.update is not None
    assert np.array_equal(after.update, before.update)
    assert after.gradient is not None
    assert before.gradient is not None
    assert np.array_equal(after.gradient, before.gradient)


def test_updates_are_published_while_somebody_looks_at_them(new_run: NewRun) -> None:
    run = new_run(iterations=ENDLESS)
    run.play()
    wait_until(lambda: run.snapshot.iteration > 0)
    assert run.snapshot.update is None
    run.publish_updates()
    wait_until(lambda: run.snapshot.update is not None)


def test_every_snapshot_has_its_update_while_somebody_looks(new_run: NewRun) -> None:
    """That of a pause, too, wherever it comes; and few steps pay for it."""
    run = new_run(iterations=ENDLESS)
    kept: list[bool] = []
    step = run._step

    def noted(*, keep_update: bool) -> None:
        kept.append(keep_update)
        step(keep_update=keep_update)

    run._step = noted  # type: ignore[method-assign]
    run.publish_updates()
    run.play()
    seen: set[int] = set()
    while len(seen) < 10:
        run.publish_updates()
        shown = run.snapshot
        assert shown.update is not None or shown.iteration == 0
        seen.add(shown.iteration)
    run.pause()
    at_rest(run)
    assert run.snapshot.iteration == len(kept)
    assert run.snapshot.update is not None
    assert sum(kept) < len(kept) / 2


def test_a_resting_run_holds_no_workspace(new_run: NewRun) -> None:
    run = new_run(iterations=20)
    run.step(3)
    at_rest(run)
    assert run.between_steps(lambda trainer: trainer.last_gradient) is None
    assert run.snapshot.gradient is not None


def test_a_run_that_nobody_holds_is_freed_at_once() -> None:
    """Memory for runs is bounded, so a dropped run does not wait for the collection of cycles."""
    gc.collect()
    gc.disable()
    try:
        run = Run(small(iterations=20), DATA)
        run.step(3)
        at_rest(run)
        run.past.at(1, "a tab", 40.0)
        theta = weakref.ref(run.snapshot.network.theta)
        held = weakref.ref(run)
        del run
        wait_until(lambda: held() is None)
        wait_until(lambda: theta() is None)
    finally:
        gc.enable()


def test_a_resting_run_holds_its_weights_once(new_run: NewRun) -> None:
    """And what it began with stays as it was, whatever comes."""
    tracemalloc.start()
    try:
        run = new_run(layers=(64, 1000, 1000, 4), optimizer="gradient_descent")
        gc.collect()
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    theta = run.snapshot.network.theta
    assert held < 1.2 * theta.nbytes
    first, shown = theta.copy(), run.snapshot
    run.set_parameter(1, 0, 0, 0.5)
    run.step(2)
    at_rest(run)
    assert not np.array_equal(run.snapshot.network.theta, first)
    for kept in (shown.network.theta, shown.start_theta, run.snapshot.start_theta):
        assert np.array_equal(kept, first)
