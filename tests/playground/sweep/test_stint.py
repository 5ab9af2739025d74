"""A run in stints: the same bits as in one go."""

import io
from dataclasses import replace
from threading import current_thread
from typing import Any

import numpy as np
import pytest

from data.augmentation import Augmentation
from netcore.array import Array
from playground.config import RunConfig, settings_as_text
from playground.run_data import load_data
from playground.saved import load_run
from playground.sweep.examples import aligned
from playground.sweep.shared_batches import TOGETHER as TOGETHER_AT_MOST
from playground.sweep.shared_batches import batches_key, fitting, share_batches
from playground.sweep.stint import NumberedPoint, Stint, Work, stint
from playground.sweep.trial import Trial, TrialStatus
from playground.trainer import Trainer
from playground.training import Training
from tests.playground.examples import everything, numbers

CONFIG = RunConfig.default("spiral").with_values(
    layers=(2, 8, 1), activations=("tanh",), points=200, epochs=30, dropout=0.2
)
DATA = load_data(CONFIG)


def alone(
    config: RunConfig, content: bytes | None, until: int, seconds: float, told: list[NumberedPoint]
) -> Stint:
    """The stint of one run."""
    work = [Work(1, settings_as_text(config), content)]
    (done,) = stint(work, load_data(config), until, seconds, told.extend)
    return done


def test_many_stints_are_one_run() -> None:
    told: list[NumberedPoint] = []
    content: bytes | None = None
    stints = 0
    while True:
        done = alone(CONFIG, content, 10**9, 0.003, told)
        assert not done.failure
        content, stints = done.content, stints + 1
        if done.done:
            break
    assert stints > 1
    whole = Training(Trainer(CONFIG, DATA))
    while not whole.trainer.done:
        whole.step()
    saved, curves = load_run(io.BytesIO(content)), whole.history.curves()
    np.testing.assert_array_equal(saved.state.network.theta, whole.trainer.network.theta)
    np.testing.assert_array_equal(saved.curves.step_cost, curves.step_cost)
    assert [point[0] for _, point in told] == curves.iteration.tolist()
    assert [point[4] for _, point in told] == curves.validation_accuracy.tolist()
    assert (done.score, done.cost) == (
        whole.measured.validation.score,
        whole.measured.validation.cost,
    )


def test_a_stint_ends_at_the_iteration_of_its_rung() -> None:
    first = alone(CONFIG, None, 7, 100.0, [])
    assert (first.iteration, first.done) == (7, False)
    second = alone(CONFIG, first.content, 11, 100.0, [])
    assert second.iteration == 11
    assert second.seconds > first.seconds > 0


DIGITS = RunConfig(layers=(784, 8, 10), activations=("relu",), epochs=2)
TOGETHER = [
    DIGITS,
    DIGITS.with_values(layers=(784, 12, 4, 10), activations=("tanh", "relu")),
    DIGITS.with_values(learning_rate=0.01, optimizer="momentum", l2=0.1),
]


@pytest.mark.parametrize("seconds", [100.0, 0.05])
def test_runs_on_the_same_minibatches_warp_them_once_and_end_with_the_same_bits(
    seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of them diverges in the middle: the one after it takes the minibatches from then on."""
    bad = DIGITS.with_values(learning_rate=100.0, optimizer="gradient_descent", l2=10.0)
    configs, data = [bad, *TOGETHER], load_data(DIGITS)
    warped = counted_warps(monkeypatch)
    work = [Work(i, settings_as_text(config), None) for i, config in enumerate(configs)]
    ended: dict[int, Stint] = {}
    told: list[NumberedPoint] = []
    while work:
        done = stint(work, data, 10**9, seconds, told.extend)
        ended |= {each.number: last for each, last in zip(work, done, strict=True)}
        work = [
            Work(each.number, each.settings, last.content)
            for each, last in zip(work, done, strict=True)
            if not (last.done or last.failure)
        ]
    assert len(warped) == ended[1].iteration == DIGITS.n_iterations(data.train.m)
    expected = [alone(config, None, 10**9, 100.0, []) for config in configs]
    assert ended[0].failure == expected[0].failure != ""
    for i in (1, 2, 3):
        found, alone_ = (load_run(io.BytesIO(each.content)) for each in (ended[i], expected[i]))
        assert everything(found.state) == everything(alone_.state)
        assert numbers(found.curves) == numbers(alone_.curves)
        assert (ended[i].score, ended[i].cost) == (expected[i].score, expected[i].cost)
        at = [point[0] for number, point in told if number == i]
        assert at == found.curves.iteration.tolist()


def counted_warps(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The number of examples in each batch that this thread warps from now on. Others may still
    prepare a minibatch of a run that is over.
    """
    sizes: list[int] = []
    warp, me = Augmentation.__call__, current_thread()

    def counted(self: Augmentation, X: Array, *, rng: np.random.Generator) -> Array:
        if current_thread() is me:
            sizes.append(X.shape[1])
        return warp(self, X, rng=rng)

    monkeypatch.setattr(Augmentation, "__call__", counted)
    return sizes


@pytest.mark.parametrize(
    "values", [{"seed": 2}, {"dropout": 0.1}, {"batch_size": 64}, {"augmentation": 0.5}]
)
def test_runs_on_other_minibatches_are_not_trained_together(values: dict[str, Any]) -> None:
    other = DIGITS.with_values(**values)
    assert batches_key(other) != batches_key(DIGITS)
    trainers = [Trainer(config, load_data(config)) for config in (DIGITS, other)]
    with pytest.raises(ValueError, match="same minibatches"):
        share_batches(trainers)


def test_runs_that_are_not_at_the_same_place_are_not_trained_together() -> None:
    data = load_data(DIGITS)
    one, other = (Trainer(DIGITS, data) for _ in range(2))
    one.step()
    with pytest.raises(ValueError, match="same minibatches"):
        share_batches([one, other])


def test_batches_of_several_micro_batches_are_not_shared() -> None:
    for size in (None, 513):
        assert batches_key(DIGITS.with_values(batch_size=size)) is None
    assert batches_key(DIGITS.with_values(batch_size=512)) is not None


def test_large_networks_do_not_train_together() -> None:
    large = DIGITS.with_values(layers=(784, 1024, 1024, 10), activations=("relu", "relu"))
    assert [fitting([each] * 20) for each in (DIGITS, large)] == [TOGETHER_AT_MOST, 1]


def test_a_run_that_diverges_says_so() -> None:
    bad = CONFIG.with_values(
        learning_rate=100.0,
        optimizer="gradient_descent",
        activations=("relu",),
        dropout=0.0,
        l2=10.0,
    )
    done = alone(bad, None, 10**9, 100.0, [])
    assert "diverged" in done.failure
    assert done.content == b""
    trial = Trial(1, {}, bad, 1000, 0)
    trial.take(done)
    assert (trial.status, trial.content) == (TrialStatus.FAILED, None)


@pytest.mark.parametrize("again", [False, True])
def test_points_of_a_repeated_stint_are_taken_once(again: bool) -> None:
    trial = Trial(1, {}, CONFIG, 1000, 0)
    for iteration in (0, 10, 20, *((10, 20, 30) if again else (30,))):
        trial.add((iteration, 0.0, 0.0, 0.0, 0.0))
    assert [point[0] for point in trial.points] == [0, 10, 20, 30]


def test_examples_from_a_message_are_aligned() -> None:
    """Theirs begin anywhere, and NumPy rounds products of unaligned matrices differently."""
    data = load_data(CONFIG)
    assert aligned(data).train is data.train
    room = bytearray(data.train.X.nbytes + 2)
    X = np.frombuffer(room, np.float32, data.train.X.size, offset=2)
    X = X.reshape(data.train.X.shape, order="F")
    X[...] = data.train.X
    assert not X.flags.aligned
    found = aligned(replace(data, train=replace(data.train, X=X)))
    assert found.train.X.flags.aligned
    assert found.train.X.flags.f_contiguous
    np.testing.assert_array_equal(found.train.X, data.train.X)
    assert found.validation is data.validation
