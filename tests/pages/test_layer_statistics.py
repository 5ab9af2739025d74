"""The numbers of the training page are the run's own; no draw of the page takes a step for them."""

import json
import threading
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from playground.forecast import MEASURER, STEP_TIMES
from playground.trainer import Trainer
from tests.pages.conftest import Open, at_rest, run_of
from tests.playground.examples import wait_until

TINY = {"layers": "784,5,10", "batch_size": "8", "augmentation": "0", "iterations": "100000"}


def unfolded(at: AppTest) -> AppTest:
    at.session_state["layer statistics"] = True
    at.run()
    assert not at.exception
    return at


def chart(at: AppTest, key: str) -> dict[str, Any]:
    """What this chart was fed."""
    (plot,) = (each for each in at.get("bidi_component") if each.key == key)
    fed = json.loads(plot.proto.bytes)
    assert isinstance(fed, dict)
    return fed


def captions(at: AppTest) -> str:
    return "\n".join(each.value for each in at.caption)


def test_the_update_shown_is_of_the_last_step_whatever_the_learning_rate_is_set_to(
    open_app: Open,
) -> None:
    at = unfolded(open_app(**TINY))
    assert "The gradient and the update come with the next step." in captions(at)
    at_rest(at.button(key="step").click().run())
    assert "next step" not in captions(at)
    before = chart(at, "updates")
    assert "none" not in before["alt"]
    at.number_input(key="set learning_rate").set_value(0.3).run()
    assert run_of(at).snapshot.config.learning_rate == 0.3
    assert chart(at, "updates") == before
    at_rest(at.button(key="step").click().run())
    assert chart(at, "updates") != before


def test_an_update_that_nobody_looked_at_is_said_to_come(open_app: Open) -> None:
    at = open_app(**TINY)
    run = run_of(at)
    run.play()
    wait_until(lambda: run.snapshot.iteration > 0)
    for viewer in run.viewers:  # it holds without a click, whose step's update is kept
        run.leave(viewer)
    wait_until(lambda: not run.busy)
    run.pause()
    at_rest(at)
    unfolded(at)
    assert "The update comes with the next step." in captions(at)
    assert "none" in chart(at, "updates")["alt"]
    assert "none" not in chart(at, "gradients")["alt"]
    run.stop()
    at.run()
    assert "The update of the last step was not stored." in captions(at)


def test_layer_statistics_are_drawn_during_a_long_step(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = open_app(**TINY)
    run, go_on, stepping = run_of(at), threading.Event(), threading.Event()
    step = Trainer.step

    def slow(trainer: Trainer) -> object:
        if threading.current_thread().name.startswith("run "):
            stepping.set()
            go_on.wait()
        return step(trainer)

    monkeypatch.setattr(Trainer, "step", slow)
    try:
        run.play()
        stepping.wait()
        unfolded(at)  # it would wait for ever
        assert chart(at, "activations")
        assert run.busy
    finally:
        go_on.set()
    wait_until(lambda: run.snapshot.update is not None)


def test_the_time_of_an_epoch_is_measured_beside_the_page_and_once(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads, go_on = [], threading.Event()
    step = Trainer.step

    def noted(trainer: Trainer) -> object:
        threads.append(threading.current_thread().name)
        go_on.wait()
        return step(trainer)

    monkeypatch.setattr(Trainer, "step", noted)
    at = open_app(**TINY | {"layers": "784,6,10"})  # no other test's
    assert "measuring the time of an epoch" in captions(at)
    go_on.set()
    config, data = run_of(at).config, run_of(at).data
    wait_until(lambda: STEP_TIMES.of(config, data) is not None)
    at.run()
    assert "an epoch here" in captions(at)
    at.number_input(key="set learning_rate").set_value(0.3).run()
    assert "an epoch here" in captions(at)
    assert threads == [MEASURER] * len(threads)
    assert len(threads) == 4
