"""The tables of benchmarks.speed, the check of the peers' gradients, and a small run."""

import json

import numpy as np
import pytest

from benchmarks import peers, workers
from benchmarks.peers import Setting
from benchmarks.speed import (
    DEEP,
    DEFAULT_RUN,
    LIBRARIES,
    PYTORCH_BARS,
    SAME,
    SMALL,
    Bar,
    Row,
    bar_of,
    cases,
    distance,
    main,
    measure,
    verdict,
)
from data.augmentation import N_WARPS, Augmentation

SETTING = Setting(SMALL, 128, "gradient_descent")


def row(peer_ms: float, *, setting: Setting = SETTING, peer: str = "pytorch") -> Row:
    return Row(setting, peer, threads=2, ours_ms=2.0, peer_ms=peer_ms)


def test_a_row_has_the_ratio_and_its_bar() -> None:
    assert json.loads(row(5.0).as_json()) == {
        "network": [784, 10, 10],
        "batch": 128,
        "optimizer": "gradient_descent",
        "augmentation": False,
        "threads": 2,
        "peer": "PyTorch",
        "ours_ms": 2.0,
        "peer_ms": 5.0,
        "ratio": 2.5,
        "missed": False,
    }
    assert "| 64,000 | PyTorch | 5.000 | 2.50 | ≥ 2.50 met |" in row(5.0).as_line()
    assert "MISSED" in row(4.0).as_line()


def test_the_target_of_augmentation_is_an_upper_limit() -> None:
    (setting,) = (setting for setting, beside in cases(True, 2) if "augmentation" in beside)
    assert not row(2.0, setting=setting, peer="augmentation").missed
    assert row(3.0, setting=setting, peer="augmentation").missed


def test_with_one_thread_each_netcore_is_to_be_the_faster_everywhere() -> None:
    for setting, beside in cases(False, 1):
        if "pytorch" in beside:
            assert str(bar_of(setting, "pytorch", 1)) == "≥ 1.00"


def test_a_missing_peer_is_a_row_that_says_so() -> None:
    missing = Row(Setting(DEEP, None, "adam"), "jax", 2, 400.0, None, workers.MISSING)
    said = json.loads(missing.as_json())
    assert (said["batch"], said["peer_ms"], said["ratio"]) == ("full", None, None)
    assert said["note"] == "not installed"
    assert "not installed" in missing.as_line()


def test_the_verdict_names_what_is_missed_and_what_is_absent() -> None:
    missing = Row(SETTING, "jax", 2, 400.0, None, workers.MISSING)
    said = verdict([row(5.0), row(1.0), missing])
    assert "1 of 2 bars are met." in said
    assert "MISSED: [784, 10, 10] | 128 | gradient descent | PyTorch, threads: 2 | 0.50" in said
    assert "not compared: JAX, jitted" in said


@pytest.mark.parametrize("quick", [True, False])
def test_every_bar_has_its_row(quick: bool) -> None:
    rows = {
        (setting.layer_dims, setting.batch_size, setting.optimizer)
        for setting, beside in cases(quick, 2)
        if set(LIBRARIES) <= set(beside)
    }
    assert PYTORCH_BARS.keys() <= rows
    assert (DEFAULT_RUN, ("pytorch", "one_thread")) in cases(quick, 2)


def test_the_full_benchmark_has_both_networks_five_batches_and_two_optimizers() -> None:
    with_libraries = [each for _, each in cases(False, 2) if set(LIBRARIES) <= set(each)]
    assert len(with_libraries) == 2 * 5 * 2


@pytest.mark.parametrize("missed", [True, False])
def test_it_exits_with_an_error_where_a_bar_is_missed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], missed: bool
) -> None:
    """On a tiny network, with a bar that cannot be met or missed; the peers' processes are real."""
    setting = Setting((784, 4, 10), 8, "adam")
    monkeypatch.setattr("benchmarks.speed.TIME_SLICE", 0.001)
    monkeypatch.setattr("benchmarks.speed.cases", lambda *_: [(setting, ("textbook",))])
    monkeypatch.setattr("benchmarks.speed.NAMES", {"textbook": "textbook NumPy"})
    bar = Bar(1e9 if missed else 0.0)
    monkeypatch.setattr("benchmarks.speed.bar_of", lambda *_: bar)
    with pytest.raises(SystemExit) as ended:
        main(["--threads", "1", "--rounds", "3"])
    said = capsys.readouterr().out
    assert ended.value.code == missed
    assert ("0 of 1 bars are met." if missed else "1 of 1 bars are met.") in said


def test_a_peer_with_another_gradient_is_not_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here the rounding of float32 is already too much."""
    monkeypatch.setattr("benchmarks.speed.SAME", 0.0)
    with (
        workers.workers(["netcore", "textbook"], threads=1) as at_work,
        pytest.raises(SystemExit, match="textbook NumPy, float64 has another gradient"),
    ):
        list(measure((Setting(SMALL, 8, "adam"), ("textbook",)), at_work, 1, rounds=1))


MODULES = {"pytorch": "torch", "jax": "jax", "scikit_learn": "sklearn", "textbook": "numpy"}


@pytest.mark.parametrize("peer", LIBRARIES)
@pytest.mark.parametrize("layer_dims", [SMALL, DEEP])
def test_every_library_has_netcore_s_gradient(peer: str, layer_dims: tuple[int, ...]) -> None:
    pytest.importorskip(MODULES[peer])
    setting = Setting(layer_dims, 128, "adam")
    expected = peers.gradient(peers.netcore, setting)
    assert distance(peers.gradient(getattr(peers, peer), setting), expected) < SAME


def test_pytorch_s_warps_are_those_of_the_app() -> None:
    torch = pytest.importorskip("torch")
    rng, rows = np.random.default_rng(0), peers.examples()[0][:50]
    chosen, change = rng.integers(N_WARPS, size=50), rng.uniform(-0.5, 0.5, size=50)
    ours = Augmentation(peers.IMAGE_SHAPE, 1.0)._warp(rows, chosen, change)
    theirs = peers.torch_augmentation()(
        torch.from_numpy(rows), torch.from_numpy(chosen), torch.from_numpy(change).float()
    )
    np.testing.assert_allclose(theirs.numpy(), ours, atol=1e-4)


def test_the_timed_steps_learn() -> None:
    """The cost of labels drawn at random goes towards log 10."""
    for make in (peers.netcore, peers.textbook):
        peer = make(Setting((784, 10, 10), 1024, "gradient_descent"))
        costs = [peer.step() for _ in range(30)]
        assert costs[-1] < costs[0]
