"""The table of benchmarks.speed, and a small run of it."""

import json

import pytest

from benchmarks import peers, workers
from benchmarks.peers import Setting
from benchmarks.speed import BARS, DEEP, LIBRARIES, SMALL, Row, cases, measure

SETTING = Setting(SMALL, 128, "gradient_descent")


def test_a_row_has_the_ratio_and_its_bar() -> None:
    row = Row(SETTING, "pytorch", ours_ms=2.0, peer_ms=5.0)
    assert json.loads(row.as_json()) == {
        "network": [784, 10, 10],
        "batch": 128,
        "optimizer": "gradient_descent",
        "peer": "PyTorch",
        "ours_ms": 2.0,
        "peer_ms": 5.0,
        "ratio": 2.5,
    }
    assert "| 64,000 | PyTorch | 5.000 | 2.50 | ≥ 1.80 met |" in row.as_line()
    assert "MISSED" in Row(SETTING, "pytorch", ours_ms=2.0, peer_ms=3.0).as_line()


def test_the_target_of_augmentation_is_an_upper_limit() -> None:
    (setting,) = (setting for setting, beside in cases(quick=True) if "augmentation" in beside)
    assert "met" in Row(setting, "augmentation", ours_ms=2.0, peer_ms=1.0).as_line()
    assert "MISSED" in Row(setting, "augmentation", ours_ms=1.0, peer_ms=2.0).as_line()


def test_a_missing_peer_is_a_row_that_says_so() -> None:
    row = Row(Setting(DEEP, None, "adam"), "jax", 400.0, None, workers.MISSING)
    said = json.loads(row.as_json())
    assert (said["batch"], said["peer_ms"], said["ratio"]) == ("full", None, None)
    assert said["note"] == "not installed"
    assert "not installed" in row.as_line()


@pytest.mark.parametrize("quick", [True, False])
def test_every_bar_has_its_row(quick: bool) -> None:
    rows = {
        (setting.layer_dims, setting.batch_size, setting.optimizer, peer)
        for setting, beside in cases(quick)
        for peer in beside
    }
    assert BARS.keys() <= rows


def test_the_full_benchmark_has_both_networks_five_batches_and_two_optimizers() -> None:
    with_libraries = [beside for _, beside in cases(quick=False) if set(LIBRARIES) <= set(beside)]
    assert len(with_libraries) == 2 * 5 * 2


def test_netcore_and_the_textbook_are_timed_in_processes_of_their_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    setting = Setting((784, 10, 10), 32, "adam")
    monkeypatch.setattr("benchmarks.speed.TIME_SLICE", 0.001)
    with workers.workers(["netcore", "textbook"], threads=1) as at_work:
        (row,) = measure((setting, ("textbook",)), at_work, rounds=3)
    assert row.ours_ms > 0
    assert row.peer_ms is not None
    assert row.peer_ms > 0


def test_the_timed_steps_learn() -> None:
    """Both learn: the cost of labels drawn at random goes towards log 10."""
    for peer in (peers.netcore, peers.textbook):
        step = peer(Setting((784, 10, 10), 1024, "gradient_descent"))
        costs = [step() for _ in range(30)]
        assert costs[-1] < costs[0]
