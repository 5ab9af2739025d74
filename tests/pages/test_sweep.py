"""The page Sweep: what varies, how long it takes, progress and results."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from playground.library.opened import library
from playground.sweep import by_owner
from playground.sweep.clusters import CLUSTERS, DASK
from playground.sweep.plan import Plan
from playground.sweep.sweep import Sweep, SweepStatus
from playground.sweep.trial import TrialStatus
from tests.pages.conftest import Open, another_tab, run_of, said, shown
from tests.pages.test_train import TINY
from tests.playground.examples import wait_until


@pytest.fixture
def on_sweep(open_app: Open) -> Iterator[AppTest]:
    """The page, of a browser without a sweep. Afterwards no worker process is left."""
    yield open_app(**TINY).switch_page("pages/sweep.py").run()
    for sweep in list(by_owner._sweeps.values()):
        sweep.cancel()
        assert sweep.wait(30)
    by_owner._sweeps.clear()
    CLUSTERS.close()


def the_sweep() -> Sweep:
    (sweep,) = by_owner._sweeps.values()
    return sweep


def filled_in(at: AppTest, epochs: int = 1) -> AppTest:
    """Two widths at two rates, on one worker."""
    at.text_input(key="sweep values width").set_value("2,3")
    at.text_input(key="sweep values learning_rate").set_value("0.01,0.02")
    at.number_input(key="sweep epochs").set_value(epochs)
    at.number_input(key="sweep workers").set_value(1)
    return at.run()


def sentences(at: AppTest) -> str:
    return "\n".join(each.value for each in (*at.markdown, *at.caption))


def test_the_form_says_how_many_runs_and_what_is_wrong(
    on_sweep: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = filled_in(on_sweep)
    assert "**4 runs**" in sentences(at)
    with monkeypatch.context() as patch:
        patch.setattr(Plan, "checked", lambda *_: pytest.fail("planned again"))
        at.run()
    assert "**4 runs**" in sentences(at)
    at.segmented_control(key="sweep method").set_value("random").run()
    at.number_input(key="sweep runs").set_value(7).run()
    assert "**7 runs**" in sentences(at)
    at.text_input(key="sweep values learning_rate").set_value("0.1..fast").run()
    assert "learning_rate=0.1..fast is not a range" in said(at)
    assert not [button for button in at.button if button.key == "start sweep"]
    at.multiselect(key="sweep varies").set_value([]).run()
    assert "nothing varies" in said(at)
    assert not at.exception


@pytest.mark.timeout(120)
def test_a_sweep_is_started_watched_and_its_runs_are_opened(on_sweep: AppTest) -> None:
    at = filled_in(on_sweep)
    at.button(key="start sweep").click().run()
    assert the_sweep().wait(60)
    at.run()
    assert "**done** · 4 of 4 runs ended" in sentences(at)
    assert {"sweep curves", "sweep coordinates", "compared weights A"} <= shown(at)
    rows = at.dataframe[0].value
    assert sorted(rows["status"]) == [TrialStatus.DONE, *[TrialStatus.STOPPED] * 3]
    assert "A cross is where a run was stopped early" in sentences(at)
    trials = the_sweep().shown().trials
    assert {entry.id for entry in library().find(trial.run_id for trial in trials)} == {
        trial.run_id for trial in trials
    }
    best = max(trials, key=lambda trial: trial.score)
    library().delete([best.run_id])  # the others keep the letters of their curves
    assert {"compared weights A", "compared weights B"} & shown(at.run()) == {"compared weights B"}
    at.button(key="new sweep").click().run()
    assert at.button(key="start sweep").label == "Start"
    token = trials[2].token
    tab = another_tab(at)
    tab.query_params["run"] = token
    tab.run()
    assert run_of(tab).token == token
    assert run_of(tab).snapshot.measured.validation.score == trials[2].score
    assert not at.exception


@pytest.mark.timeout(120)
def test_a_sweep_pauses_resumes_and_is_cancelled_on_the_page(on_sweep: AppTest) -> None:
    at = filled_in(on_sweep, epochs=1000)
    at.toggle(key="sweep halving").set_value(False).run()
    at.button(key="start sweep").click().run()
    sweep = the_sweep()
    wait_until(lambda: bool(sweep.shown().trials) and len(sweep.shown().trials[0].curves) > 1)
    at.run()
    assert "sweep curves" in shown(at)
    at.button(key="pause sweep").click().run()
    wait_until(lambda: sweep.shown().status is SweepStatus.PAUSED)
    at.run()
    assert set(at.dataframe[0].value["status"]) == {"paused"}
    at.button(key="resume sweep").click().run()
    assert "**training**" in sentences(at)  # at once, because a paused page has no timer
    at.button(key="pause sweep").click().run()
    wait_until(lambda: sweep.shown().status is SweepStatus.PAUSED)
    at.run().button(key="cancel sweep").click().run()
    assert "**paused**" not in sentences(at)
    assert sweep.wait(30)
    assert "**cancelled**" in sentences(at.run())
    ids = {trial.run_id for trial in sweep.shown().trials if trial.run_id}
    assert len([key for key in shown(at) if key.startswith("compared weights")]) == len(ids) > 0
    assert not at.exception


def test_workers_that_cannot_start_are_told_before_a_sweep_is_started(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    CLUSTERS.close()
    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(Path("no", "such", "folder")))
        at = open_app(**TINY).switch_page("pages/sweep.py").run()
        wait_until(lambda: bool(CLUSTERS.trouble))
        assert "The processes that train a sweep cannot start" in said(at.run())
        assert at.button(key="start sweep").label == "Start"
    CLUSTERS.warm(1)
    wait_until(lambda: CLUSTERS.running is not None)
    assert "cannot start" not in said(at.run())
    CLUSTERS.close()
    assert not at.exception


def test_an_existing_cluster_that_does_not_answer_is_told_before_a_sweep_is_started(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the page waits for nothing; and no longer once there is a cluster."""
    from playground.sweep import existing

    CLUSTERS.close()
    with monkeypatch.context() as patch:
        patch.setattr(existing, "CONNECTING", 0.2)
        patch.setenv(DASK, "tcp://127.0.0.1:9")
        at = open_app(**TINY).switch_page("pages/sweep.py").run()
        wait_until(lambda: bool(CLUSTERS.trouble))
        assert "which does not answer" in said(at.run())
        assert CLUSTERS.is_coming  # it is asked again and again
        assert at.button(key="start sweep").label == "Start"
    wait_until(lambda: not at.run().exception and CLUSTERS.running is not None)
    assert "does not answer" not in said(at.run())
    CLUSTERS.close()
