"""A number of the network set by hand."""

import numpy as np
import pytest

from tests.playground.conftest import NewRun
from tests.playground.examples import wait_until


def test_a_weight_and_a_bias_are_set_and_shown_at_once(new_run: NewRun) -> None:
    run = new_run()
    before = run.snapshot.network.theta.copy()
    run.set_parameter(1, 2, 5, 3.0)
    run.set_parameter(2, 1, None, -1.5)
    shown = run.snapshot
    assert shown.network.layers[0].W[2, 5] == 3.0
    assert shown.network.layers[1].b[1, 0] == -1.5
    assert int((shown.network.theta != before).sum()) == 2
    assert [event.text for event in shown.curves.events][1] == "b2[1]: 0 → -1.5"
    assert shown.measured.training.cost != new_run().snapshot.measured.training.cost


def test_it_is_set_between_two_steps_while_the_run_trains(new_run: NewRun) -> None:
    run = new_run(epochs=100_000)
    run.play()
    wait_until(lambda: run.snapshot.iteration > 0)
    run.set_parameter(1, 0, 0, 50.0)
    wait_until(lambda: len(run.snapshot.curves.events) == 1)
    assert abs(run.snapshot.network.layers[0].W[0, 0] - 50) < 5
    assert run.busy


def test_there_is_no_such_number(new_run: NewRun) -> None:
    run = new_run()
    with pytest.raises(IndexError):
        run.set_parameter(1, 99, 0, 1.0)
    assert np.isfinite(run.snapshot.network.theta).all()
