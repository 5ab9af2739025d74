"""A run saved, while it computes or at rest, and gone on with: the same bits as never stopped."""

import io
import math

import numpy as np
import pytest

from playground.config import ConfigError
from playground.run import Run
from playground.saved import SavedRun, load_run
from playground.storage.train_state import StorageError
from playground.trainer import start_state
from tests.playground.conftest import NewRun
from tests.playground.examples import DATA, numbers, small, uninterrupted, wait_until


def saved(run: Run) -> SavedRun:
    return load_run(io.BytesIO(run.save()))


def played_on(file: SavedRun) -> Run:
    run = Run(file.config, DATA, saved=file)
    run.play()
    wait_until(lambda: not run.busy)
    return run


@pytest.mark.parametrize("iterations", [0, 7, 23, 50])
def test_a_run_saved_at_rest_goes_on_bit_for_bit(new_run: NewRun, iterations: int) -> None:
    run = new_run(dropout=0.2, augmentation=1.0)
    run.step(iterations)
    wait_until(lambda: not run.busy)
    loaded = played_on(saved(run))
    costs, measured, trainer = uninterrupted(small(dropout=0.2, augmentation=1.0))
    shown = loaded.snapshot
    assert numbers(shown.curves)[:2] == [costs, [each.iteration for each in measured]]
    assert numbers(shown.curves)[4] == [each.validation.cost for each in measured]
    np.testing.assert_array_equal(shown.network.theta, trainer.network.theta)


def test_a_run_is_saved_while_it_trains_and_trains_on(new_run: NewRun) -> None:
    run = new_run(epochs=100_000)
    run.play()
    wait_until(lambda: run.snapshot.iteration > 10)
    files = [saved(run) for _ in range(3)]
    reached = files[-1].state.iteration
    wait_until(lambda: run.snapshot.iteration > reached)
    assert run.busy
    assert 10 < files[0].state.iteration <= reached
    assert all(len(file.curves.step_cost) == file.state.iteration for file in files)


@pytest.mark.parametrize(("iterations", "status"), [(0, "ready"), (9, "paused"), (50, "done")])
def test_a_loaded_run_is_shown_as_it_was_left(
    new_run: NewRun, iterations: int, status: str
) -> None:
    run = new_run()
    run.step(iterations)
    wait_until(lambda: not run.busy)
    there = run.snapshot
    loaded = Run(small(), DATA, saved=saved(run))
    here = loaded.snapshot
    assert (here.status, here.iteration, here.epoch) == (status, iterations, there.epoch)
    assert here.seconds == there.seconds
    assert here.measured.validation.cost == there.measured.validation.cost
    assert numbers(here.curves) == numbers(there.curves)
    np.testing.assert_array_equal(loaded.start_theta, start_state(small()).network.theta)


def test_a_reset_of_a_loaded_run_starts_from_the_seed(new_run: NewRun) -> None:
    run = new_run()
    run.step(9)
    wait_until(lambda: not run.busy)
    loaded = Run(small(), DATA, saved=saved(run))
    loaded.reset()
    assert (loaded.snapshot.status, loaded.snapshot.iteration) == ("ready", 0)
    np.testing.assert_array_equal(loaded.snapshot.network.theta, loaded.start_theta)


def test_changes_on_the_way_are_saved_with_the_settings_as_they_are(new_run: NewRun) -> None:
    run = new_run()
    run.step(5)
    wait_until(lambda: not run.busy)
    run.adjust(run.config.with_values(learning_rate=0.5, epochs=7))
    loaded = Run(saved(run).config, DATA, saved=saved(run))
    assert loaded.snapshot.curves.events == run.snapshot.curves.events
    assert loaded.config.learning_rate == 0.5
    assert loaded.snapshot.iterations == 70


def test_other_data_than_it_learned_from_gets_a_sentence(new_run: NewRun) -> None:
    file = saved(new_run())
    other = type(DATA)(DATA.train.take(range(100)), DATA.validation)
    with pytest.raises(ConfigError, match="the run was trained on 150 examples"):
        Run(file.config, other, saved=file)


def test_a_network_that_ran_away_cannot_be_saved(new_run: NewRun) -> None:
    run = new_run(learning_rate=100, optimizer="gradient_descent", activations=("identity",))
    run.play()
    wait_until(lambda: not run.busy)
    assert not math.isfinite(run.snapshot.curves.step_cost[-1])
    with pytest.raises(StorageError, match="finite"):
        run.save()


def test_a_loaded_run_has_no_gradient_until_its_next_step() -> None:
    run = Run(small(iterations=20), DATA)
    run.step(3)
    wait_until(lambda: not run.busy)
    file = io.BytesIO(run.save())
    saved = load_run(file)
    loaded = Run(saved.config, DATA, saved=saved)
    assert (loaded.snapshot.gradient, loaded.snapshot.update) == (None, None)
    loaded.step()
    wait_until(lambda: not loaded.busy)
    run.step()
    wait_until(lambda: not run.busy)
    for name in ("gradient", "update"):
        assert np.array_equal(getattr(loaded.snapshot, name), getattr(run.snapshot, name))
