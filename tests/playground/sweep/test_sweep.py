"""Sweeps on a real cluster, whose worker processes the tests start and kill."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest

from data.dataset import Splits
from playground.config import RunConfig
from playground.library.library import Library
from playground.run import Run
from playground.run_data import load_data
from playground.saved import load_run
from playground.sweep.clusters import DASK, Clusters
from playground.sweep.embedded import Embedded
from playground.sweep.halving import survivors
from playground.sweep.plan import Plan
from playground.sweep.ranges import read_space
from playground.sweep.sweep import Sweep, SweepStatus
from playground.sweep.trial import ShownTrial, TrialStatus
from tests.playground.examples import everything, numbers, wait_until

pytestmark = pytest.mark.timeout(120)

POINTS = RunConfig.default("spiral").with_values(layers=(2, 8, 1), activations=("tanh",), epochs=40)
LONG = POINTS.with_values(epochs=100_000)
DIGITS = RunConfig(layers=(784, 16, 10), activations=("relu",), epochs=1)


@pytest.fixture(scope="module")
def clusters() -> Iterator[Clusters]:
    """Two worker processes, for all tests here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(DASK, raising=False)
        made = Clusters(idle=600)
        yield made
        made.close()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    made = Library(tmp_path / "library")
    yield made
    made.close()


def plan(base: RunConfig, *varied: str, **values: Any) -> Plan:
    return Plan(read_space(base, varied), **({"workers": 2} | values))


class Swept:
    """A sweep that has been started, and the runs that have landed."""

    def __init__(self, plan: Plan, library: Library, clusters: Clusters, seconds: float) -> None:
        self.landed: list[ShownTrial] = []
        self.library = library
        self.sweep = Sweep(
            plan, library, "me", clusters=clusters, landed=self.landed.append, seconds=seconds
        )
        self.sweep.start()

    def wait(self) -> list[ShownTrial]:
        assert self.sweep.wait(100)
        shown = self.sweep.shown()
        assert not shown.message
        return list(shown.trials)

    def state(self, trial: ShownTrial) -> Any:
        (entry,) = self.library.find([trial.run_id])
        return load_run(io.BytesIO(self.library.content(entry)))


@pytest.fixture
def swept(library: Library, clusters: Clusters) -> Iterator[Any]:
    made: list[Swept] = []

    def start(plan: Plan, seconds: float = 0.1) -> Swept:
        made.append(Swept(plan, library, clusters, seconds))
        return made[-1]

    yield start
    for each in made:
        each.sweep.cancel()
        assert each.sweep.wait(20)


def assert_as_in_the_page(sweep: Swept, trials: list[ShownTrial]) -> None:
    for trial in trials:
        run = Run(trial.config, load_data(trial.config))
        run.play()
        wait_until(lambda run=run: not run.busy)  # type: ignore[misc]
        page, found = load_run(io.BytesIO(run.save())), sweep.state(trial)
        assert everything(found.state) == everything(page.state)
        assert numbers(found.curves) == numbers(page.curves)
        assert numbers(found.curves)[1:] == trial.curves.T.tolist()
        assert trial.score == run.snapshot.measured.validation.score


def test_results_are_those_of_the_page_to_the_bit(swept: Any) -> None:
    """In many stints each, on digits with warps: three together, and with dropout each alone."""
    sweep = swept(plan(DIGITS, "width=16,20,24", "dropout=0,0.1"), 0.05)
    trials = sweep.wait()
    assert [trial.status for trial in trials] == [TrialStatus.DONE] * 6
    assert sorted(trial.number for trial in sweep.landed) == [1, 2, 3, 4, 5, 6]
    assert [trial.config.dropout for trial in trials] == [0.0] * 3 + [0.1] * 3
    assert_as_in_the_page(sweep, trials)
    entries = sweep.library.entries("me")
    assert {entry.tags for entry in entries} == {(sweep.sweep.tag,)}
    assert {entry.token for entry in entries} == {trial.token for trial in trials}
    assert {entry.status for entry in entries} == {"done"}


def test_killed_workers_cost_their_stints_alone(swept: Any, clusters: Clusters) -> None:
    """Both at once: the examples that they had are lost as well."""
    base = POINTS.with_values(epochs=150)
    sweep = swept(plan(base, "seed=1,2,3"), 0.3)
    wait_until(lambda: sum(len(trial.curves) > 3 for trial in sweep.sweep.shown().trials) == 2)
    assert isinstance(clusters.running, Embedded)
    before = clusters.running.pids
    for pid in before:
        os.kill(pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    trials = sweep.wait()
    assert not set(before) & set(clusters.running.pids)
    assert [trial.status for trial in trials] == [TrialStatus.DONE] * 3
    assert_as_in_the_page(sweep, trials)


def test_runs_of_a_stint_that_failed_are_tried_alone(library: Library) -> None:
    """So that one that needs too much memory does not end the others."""
    sweep = Sweep(plan(POINTS, "width=4,5"), library, "me")
    first, second = sweep._ask(2)
    assert sweep._next(1, 1) == [[first, second]]
    broken = SimpleNamespace(status="error", exception=lambda: MemoryError("no memory"), key="1")
    first.future = second.future = broken
    sweep._take([first, second], broken)
    assert sweep._next(2, 1) == [[first], [second]]
    first.future = broken
    sweep._take([first], broken)
    assert (first.status, first.message) == (TrialStatus.FAILED, "no memory")
    assert sweep._next(2, 1) == [[second]]


@pytest.mark.parametrize("seconds", [0.1, 600.0])
def test_curves_stream_in_and_a_sweep_pauses_resumes_and_is_cancelled(
    swept: Any, seconds: float
) -> None:
    """Stints that are to take longer end when they are told to."""
    sweep = swept(plan(LONG, "seed=1..4:4"), seconds)
    shown = sweep.sweep.shown
    wait_until(lambda: any(len(trial.curves) > 1 for trial in shown().trials))
    assert shown().status is SweepStatus.TRAINING
    assert sum(not trial.over for trial in shown().trials) == 2
    sweep.sweep.pause()
    wait_until(lambda: shown().status is SweepStatus.PAUSED)
    before = shown()
    assert not before.busy
    sweep.sweep.resume()
    wait_until(lambda: shown().trials[0].iteration > before.trials[0].iteration)
    sweep.sweep.cancel()
    trials = sweep.wait()
    assert shown().status is SweepStatus.CANCELLED
    assert [trial.status for trial in trials] == [TrialStatus.CANCELLED] * 2
    for trial, entry in zip(trials, sweep.library.find(t.run_id for t in trials), strict=True):
        assert (entry.status, entry.iteration) == ("paused", trial.iteration)
        assert len(sweep.state(trial).curves.step_cost) == trial.iteration


def test_a_page_sees_a_sweep_while_its_data_are_read(
    swept: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, may_read = Event(), Event()

    def slow(config: RunConfig) -> Splits:
        asked.set()
        assert may_read.wait(60)
        return load_data(config)

    monkeypatch.setattr("playground.sweep.examples.load_data", slow)
    sweep = swept(plan(POINTS.with_values(epochs=1), "seed=1,2"))
    try:
        assert asked.wait(60)
        looking = ThreadPoolExecutor(1)
        assert looking.submit(sweep.sweep.shown).result(10).trials == ()
        looking.shutdown()
    finally:
        may_read.set()
    assert [trial.status for trial in sweep.wait()] == [TrialStatus.DONE] * 2


def test_losers_are_stopped_early_and_the_same_ones_each_time(swept: Any) -> None:
    base = POINTS.with_values(epochs=36)
    halved = plan(base, "learning_rate=0.00001,0.0001,0.01,0.02", "seed=1,2", halving=True)
    first, second = (swept(halved, seconds).wait() for seconds in (0.02, 0.5))
    told = [(trial.status, trial.iteration) for trial in first]
    assert told == [(trial.status, trial.iteration) for trial in second]
    n = first[0].iterations
    reached = sorted(iteration for _, iteration in told)
    assert reached == [-(-n // 9)] * 5 + [-(-n // 3)] * 2 + [n]
    scores = {}
    for trial in first:
        at = trial.curves[:, 0].tolist().index(-(-n // 9))
        scores[trial.number] = (trial.curves[at, 4], trial.curves[at, 3])
    assert survivors(scores) == {each.number for each in first if each.iteration > -(-n // 9)}
    stopped = [trial for trial in first if trial.status is TrialStatus.STOPPED]
    assert all("not among the best" in trial.message for trial in stopped)


def test_runs_that_diverge_are_told_and_kept(swept: Any) -> None:
    base = POINTS.with_values(optimizer="gradient_descent", activations=("relu",), l2=10.0)
    sweep = swept(plan(base, "learning_rate=0.01,100"))
    good, bad = sweep.wait()
    assert (good.status, bad.status) == (TrialStatus.DONE, TrialStatus.FAILED)
    assert "diverged" in bad.message
    (entry,) = sweep.library.find([bad.run_id])
    assert entry.status == "failed"


def test_optuna_is_told_results_and_proposes_what_there_is(swept: Any) -> None:
    pytest.importorskip("optuna", reason="needs requirements-optuna.txt")
    base = POINTS.with_values(epochs=9)
    searched = plan(
        base, "learning_rate=0.0001..0.1", "width=2..16", method="optuna", runs=12, halving=True
    )
    trials = swept(searched).wait()
    assert len(trials) == 12
    assert {trial.status for trial in trials} == {TrialStatus.DONE, TrialStatus.STOPPED}


@pytest.fixture
def there(tmp_path: Path) -> Iterator[str]:
    """A cluster of processes that know Dask alone, in a folder without this app: the address of its
    scheduler, which has two workers.
    """
    from distributed import Client

    environment = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    file = tmp_path / "scheduler.json"

    def start(kind: str, *options: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [
                *(sys.executable, "-m", f"distributed.cli.dask_{kind}", "--no-dashboard"),
                *("--scheduler-file", str(file), *options),
            ],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    scheduler = start("scheduler", "--host", "127.0.0.1", "--port", "0")
    folders = [tmp_path / "first", tmp_path / "second"]
    options = ("--no-nanny", "--nthreads", "1", "--local-directory")
    workers = [start("worker", *options, str(folder)) for folder in folders]
    try:
        wait_until(file.exists, 60)
        with Client(scheduler_file=str(file), timeout=60, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
            address = client.scheduler.address
        yield address
    finally:
        for process in [*workers, scheduler]:
            process.kill()
            process.wait()


def test_an_existing_cluster_gets_the_code(
    library: Library, there: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from playground.sweep import existing

    monkeypatch.setattr(existing, "CONNECTING", 60.0)
    monkeypatch.setenv(DASK, there)
    own = Clusters(idle=600)
    own.warm(0)
    wait_until(lambda: not own.is_coming, 100)
    assert own.running is not None
    assert own.running.about == f"The cluster at {there} trains 2 runs at once."
    sweep = Swept(plan(DIGITS, "seed=1,2,3"), library, own, 0.1)
    assert_as_in_the_page(sweep, sweep.wait())
    own.close()


def test_a_cluster_that_does_not_answer_is_told(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    from playground.sweep import existing

    monkeypatch.setattr(existing, "CONNECTING", 0.2)
    monkeypatch.setenv(DASK, "tcp://127.0.0.1:9")
    sweep = Sweep(plan(POINTS, "seed=1,2"), library, "me", clusters=Clusters())
    sweep.start()
    assert sweep.wait(60)
    shown = sweep.shown()
    assert shown.status is SweepStatus.FAILED
    assert "tcp://127.0.0.1:9, which does not answer" in shown.message
    assert "unset PLAYGROUND_DASK" in shown.message


def test_a_cluster_whose_versions_do_not_fit_is_told() -> None:
    from playground.sweep import shipping
    from playground.sweep.existing import NEEDED, SAME, misfit

    here = shipping.versions(SAME, ())
    fits = shipping.versions(SAME, NEEDED)
    assert misfit("tcp://there", here, {"tcp://w": fits}) is None
    older = misfit("tcp://there", here, {"tcp://w": fits | {"numpy": "1.26.4"}})
    assert older is not None
    assert f"worker tcp://w has numpy 1.26.4, this app {here['numpy']}" in older
    lacking = misfit("tcp://there", here, {"tcp://w": fits | {"mlxtend": ""}})
    assert lacking is not None
    assert "has no mlxtend" in lacking
    empty = misfit("tcp://there", here, {})
    assert empty is not None
    assert "has no workers" in empty


def test_a_cluster_that_nobody_uses_is_gone() -> None:
    own = Clusters(idle=0.01)
    cluster = own.lend(1)
    assert isinstance(cluster, Embedded)
    cluster.client.wait_for_workers(1, timeout=60)
    own.give_back()
    wait_until(lambda: own.running is None)
    assert cluster.pids == []
    assert cluster.client.status == "closed"


def test_a_cluster_that_was_warmed_is_there_for_a_sweep_and_gone_without_one() -> None:
    own = Clusters(idle=600)
    own.warm(1)
    wait_until(lambda: own.running is not None)
    warmed = own.running
    assert own.lend(1) is warmed
    own.give_back()
    own.close()
    brief = Clusters(idle=0.5)
    brief.warm(1)
    wait_until(lambda: brief.running is not None)
    wait_until(lambda: brief.running is None)
