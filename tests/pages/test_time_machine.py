"""Earlier steps on the pages: shown by their address, kept from page to page, and branched from."""

from threading import Event
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from playground.library.opened import library
from playground.run import Run
from playground.time_machine.timeline import Rebuilt, Timeline
from tests.pages.conftest import Open, at_rest, query_of, run_of, said, shown, status_line
from tests.pages.test_train import TINY
from tests.playground.examples import wait_until


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is: pages that are not polled are not drawn again by themselves."""
    monkeypatch.setattr("ui.past.PATIENCE", 30.0)


def trained(at: AppTest, steps: int) -> Run:
    run = run_of(at)
    run.step(steps)
    at_rest(at)
    return run


def looking_at(at: AppTest, step: int) -> AppTest:
    at.query_params["step"] = str(step)
    return at.run()


def captions(at: AppTest) -> str:
    return "\n".join(each.value for each in at.caption)


def moment_theta(run: Run, step: int) -> np.ndarray:
    moment = run.past.at(step, "a test", 20.0)
    assert moment is not None
    return moment.shown.network.theta


def test_a_step_in_the_address_is_shown_until_now_is_pressed(open_app: Open) -> None:
    at = open_app(**TINY)
    run = trained(at, 9)
    assert "Step" not in captions(at)
    looking_at(at, 4)
    assert "**Step 4** of 9" in captions(at)
    assert 'data-status="paused" data-iteration="9"' in status_line(at)  # the head is of now
    at.button(key="now").click().run()
    assert query_of(at, "step") == []
    assert "**Step" not in captions(at)
    assert run.snapshot.iteration == 9


def test_training_goes_on_while_an_earlier_step_is_shown(open_app: Open) -> None:
    at = open_app(**TINY)
    run = trained(at, 9)
    looking_at(at, 4)
    at_rest(at.button(key="step").click().run())
    assert run.snapshot.iteration == 10
    assert "**Step 4** of 10" in captions(at)
    assert query_of(at, "step") == ["4"]


def test_settings_are_those_of_now(open_app: Open) -> None:
    at = open_app(**TINY)
    run = trained(at, 9)
    looking_at(at, 4)
    at.expander(key="more")
    at.slider(key="set dropout").set_value(0.5).run()
    assert run.config.dropout == 0.5
    assert run_of(at) is run
    assert at.slider(key="set dropout").value == 0.5
    assert "**Step 4** of 9" in captions(at)


@pytest.mark.parametrize("page", ["draw", "inspect", "hood"])
def test_every_page_shows_the_step_that_is_looked_at(open_app: Open, page: str) -> None:
    at = open_app(**TINY)
    trained(at, 9)
    looking_at(at, 4)
    at.switch_page(f"pages/{page}.py").run()
    assert query_of(at, "step") == ["4"]
    assert "tep 4**" in captions(at)
    assert {
        "draw": "This page shows **step 4**",
        "inspect": "he network after step 4.",
        "hood": "Step 5 of the run",
    }[page] in captions(at)
    if page == "hood":
        assert at.button(key="hood do").disabled
    at.button(key="now").click().run()
    assert "tep 4" not in captions(at)
    assert not at.exception


def test_a_step_that_takes_long_to_rebuild_is_announced(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = open_app(**TINY)
    run = trained(at, 9)
    go_on, rebuild = Event(), Timeline.rebuild

    def slow(*arguments: Any) -> Rebuilt | None:
        go_on.wait(30)
        return rebuild(*arguments)

    monkeypatch.setattr(Timeline, "rebuild", slow)
    monkeypatch.setattr("ui.past.PATIENCE", 0.0)
    looking_at(at, 4)
    assert "Rebuilding step 4 …" in captions(at)
    assert "**Step" not in captions(at)
    go_on.set()
    wait_until(lambda: run.past.at(4, "a test", 0.0) is not None)
    assert "**Step 4** of 9" in captions(at.run())


def test_a_branch_without_a_change_has_the_curve_of_its_settings(open_app: Open) -> None:
    """Export and Share say so; and no longer once a setting was changed there."""
    at = open_app(**TINY)
    trained(at, 9)
    looking_at(at, 4)
    at.button(key="branch").click().run()
    assert "Settings were changed" not in captions(at)
    at.switch_page("pages/hood.py").run()
    at.segmented_control(key="hood part").set_value("Export").run()
    assert "computes the same curve again" in captions(at)
    assert "Settings were changed" not in captions(at)
    run = run_of(at)
    run.adjust(run.snapshot.config.with_values(learning_rate=0.5))
    wait_until(lambda: run.snapshot.curves.has_changed_settings)
    assert "Settings were changed during the run" in captions(at.run())
    assert "computes the same curve again" not in captions(at)
    at.switch_page("pages/train.py").run()
    assert "Settings were changed while this run trained" in captions(at)
    assert not at.exception


def test_a_branch_leaves_the_old_curve_where_it_branched(open_app: Open) -> None:
    at = open_app(**TINY)
    old = trained(at, 9)
    theta = moment_theta(old, 4)
    looking_at(at, 4)
    at.button(key="branch").click().run()
    new = run_of(at)
    assert new is not old
    assert query_of(at, "step") == []
    assert 'data-status="paused" data-iteration="4"' in status_line(at)
    np.testing.assert_array_equal(new.snapshot.network.theta, theta)
    assert new.snapshot.before is not None
    assert len(new.snapshot.before.step_cost) == 9
    at_rest(at.button(key="step").click().run())
    np.testing.assert_array_equal(new.snapshot.curves.step_cost, old.snapshot.curves.step_cost[:5])
    library().flush()
    parent, child = library().entry(old.token), library().entry(new.token)
    assert parent is not None
    assert child is not None
    assert (child.parent, child.parent_iteration) == (parent.id, 4)
    assert parent.iteration == 9
    at.query_params["chosen"] = child.id
    at.switch_page("pages/runs.py").run()
    (tree,) = (each.value for each in at.markdown if "from step 4" in each.value)
    first, second = tree.splitlines()
    assert first.startswith("- ")
    assert second.startswith("    - from step 4: **")
    assert at.dataframe[0].value["branch"].tolist() == [f"step 4 of {parent.name}", ""]
    assert not at.exception


@pytest.mark.parametrize("step", ["99", "-1", "4.5", "four", "9" * 12])
def test_a_step_that_the_run_does_not_have_is_left_out(open_app: Open, step: str) -> None:
    at = open_app(**TINY)
    trained(at, 9)
    at.query_params["step"] = step
    at.run()
    assert query_of(at, "step") == []
    assert "**Step" not in captions(at)
    assert not at.exception


def test_another_run_is_shown_at_its_latest_step(open_app: Open) -> None:
    at = open_app(**TINY)
    trained(at, 9)
    looking_at(at, 4)
    at.number_input(key="set seed").set_value(2).run()
    assert query_of(at, "step") == []
    trained(at, 9)
    assert "**Step" not in captions(at)


def test_the_plane_shows_earlier_steps_and_no_weight_is_set_there(open_app: Open) -> None:
    at = open_app(dataset="spiral")
    trained(at, 9)
    looking_at(at, 4)
    assert "**Step 4** of 9" in captions(at)
    assert "view" in shown(at)
    assert not at.exception
    assert said(at) == ""
