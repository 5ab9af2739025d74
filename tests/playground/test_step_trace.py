"""The numbers of a step taken apart are those of the training loop, to the bit."""

from copy import deepcopy
from typing import Any

import numpy as np
import pytest

from data.dataset import Splits
from netcore.activations import HIDDEN_ACTIVATIONS
from netcore.network import MICRO_BATCH
from netcore.optimizers import OPTIMIZERS
from netcore.training import cost_and_gradient, max_workers
from playground.step_trace import NEXT, WHOLE, Batch, Path, copy_of, strongest_path, take_apart
from playground.trainer import Trainer
from tests.playground.conftest import NewRun
from tests.playground.examples import DATA, images, small

EVERY_KIND: list[dict[str, Any]] = [
    {},
    *({"optimizer": name, "l2": 0.01} for name in OPTIMIZERS),
    *({"activations": (name,)} for name in HIDDEN_ACTIVATIONS),
    {"dropout": 0.4, "augmentation": 1.0, "layers": (64, 12, 9, 4)},
    {"batch_size": None, "dropout": 0.2},
    {"initializer": "zeros"},
    {"batch_size": 1},
    {"layers": (64, 4)},
]


def trained(steps: int = 7, **values: Any) -> Trainer:
    trainer = Trainer(small(**values), DATA)
    for _ in range(steps):
        trainer.step()
    return trainer


@pytest.mark.parametrize("values", EVERY_KIND, ids=str)
@pytest.mark.parametrize("steps", [0, 9])
def test_the_next_step_is_the_one_that_the_run_then_takes(
    values: dict[str, Any], steps: int
) -> None:
    trainer = trained(steps, **values)
    step = take_apart(trainer)
    record, gradient = trainer.step(), trainer.last_gradient
    assert gradient is not None
    buffers, network = trainer.workspace.buffers[0], trainer.network
    assert (step.iteration + 1, step.cost, step.learning_rate) == (
        record.iteration,
        record.cost,
        record.learning_rate,
    )
    assert np.array_equal(step.after.theta, network.theta)
    assert np.array_equal(step.gradient, gradient)
    assert step.moments_after.keys() == trainer.state.optimizer_state.keys()
    for name, vector in trainer.state.optimizer_state.items():
        assert np.array_equal(step.moments_after[name], vector)
    for l, (cache, grad) in enumerate(zip(step.caches, step.grads, strict=True), start=1):
        for name, M in (("Z", cache.Z), ("A", cache.A), ("dZ", grad.dZ)):
            assert np.array_equal(
                M, buffers.matrix(f"{name}{l}", M.shape[0], M.shape[1], M.dtype)
            ), f"{name}{l}"
        if l > 1:
            assert grad.dA_prev is not None
            n, m = grad.dA_prev.shape
            kept = buffers.matrix(f"dA{l - 1}", n, m, grad.dA_prev.dtype)
            assert np.array_equal(grad.dA_prev, kept)


def test_the_trainer_stays_as_it_was() -> None:
    trainer, alone = (trained(9, dropout=0.3, augmentation=1.0) for _ in range(2))
    for batch in (NEXT, WHOLE, 5):
        take_apart(trainer, batch)
    assert [trainer.step().cost for _ in range(12)] == [alone.step().cost for _ in range(12)]


def test_the_cost_after_is_of_the_same_examples_with_the_same_chance() -> None:
    trainer = trained(dropout=0.4, augmentation=1.0)
    step = take_apart(trainer)
    twin = copy_of(trainer)
    twin.network.theta[:] = step.after.theta
    assert step.cost_after == twin.step().cost != step.cost


@pytest.mark.parametrize(("batch", "m"), [(1, 1), (5, 5), (150, 150), (256, 150), (WHOLE, 150)])
def test_a_chosen_batch_is_the_first_examples(batch: Batch, m: int) -> None:
    trainer = trained()
    step = take_apart(trainer, batch)
    assert step.m == m
    assert np.array_equal(step.X, DATA.train.X[:, :m])
    assert np.array_equal(step.labels, DATA.train.labels[:m])
    cost, gradient = cost_and_gradient(
        deepcopy(trainer.state), step.X, step.Y, trainer.loss, trainer.hyper
    )
    assert step.cost == cost
    assert np.array_equal(step.gradient, gradient)


def test_a_batch_that_two_threads_share_is_shown_whole() -> None:
    config = small(layers=(64, 1000, 400, 4), batch_size=128)
    assert max_workers(config.layers, 128) == 2
    trainer = Trainer(config, DATA)
    step = take_apart(trainer)
    assert step.parts == 1
    assert step.X.shape == (64, 128)
    record, gradient = trainer.step(), trainer.last_gradient
    assert gradient is not None
    assert step.cost == record.cost
    assert np.array_equal(step.gradient, gradient)
    for grad, (dW, db) in zip(step.grads, step.after.unpack(step.gradient), strict=True):
        assert np.array_equal(grad.dW, dW)
        assert np.array_equal(grad.db, db)
    np.testing.assert_allclose(step.grads[-1].dZ, (step.caches[-1].A - step.Y) / 128, rtol=1e-6)


def test_a_set_that_goes_through_in_slices_shows_the_first_and_updates_with_all() -> None:
    data = Splits(images(2 * MICRO_BATCH + 100, seed=3), DATA.validation)
    trainer = Trainer(small(batch_size=None), data)
    step = take_apart(trainer)
    assert step.parts > 1
    assert step.m == 2 * MICRO_BATCH + 100
    assert step.X.shape[1] <= MICRO_BATCH
    assert np.array_equal(step.X, data.train.X[:, : step.X.shape[1]])
    record = trainer.step()
    assert step.cost == record.cost
    assert np.array_equal(step.after.theta, trainer.network.theta)


@pytest.mark.parametrize("batch", [0, 257, -1])
def test_a_batch_that_cannot_be_is_refused(batch: int) -> None:
    with pytest.raises(ValueError, match=f"A batch of {batch} examples: give a number from 1"):
        take_apart(trained(0), batch)


def test_do_it_gives_the_run_the_numbers_that_were_shown(new_run: NewRun) -> None:
    run = new_run(dropout=0.3, augmentation=1.0)
    run.step(4)
    step = take_apart(run.between_steps(copy_of))
    run.step()
    assert run.snapshot.curves.step_cost[-1] == step.cost
    assert np.array_equal(run.snapshot.network.theta, step.after.theta)
    assert run.snapshot.gradient is not None
    assert np.array_equal(run.snapshot.gradient, step.gradient)


def test_the_strongest_path_goes_back_from_the_first_examples_class() -> None:
    step = take_apart(trained(layers=(64, 12, 9, 4)))
    path = strongest_path(step)
    assert path.example == 0
    assert path.units[-1] == step.labels[0]
    for l in (1, 2, 3):
        share = np.abs(step.before.layers[l - 1].W[path.units[l]] * step.caches[l - 1].A_prev[:, 0])
        assert share[path.units[l - 1]] == share.max()


def test_a_path_fits_a_network_that_has_its_units() -> None:
    path = Path(3, (10, 5, 2))
    assert path.fits((64, 12, 4), 4)
    assert not path.fits((64, 12, 4), 3)
    assert not path.fits((64, 5, 4), 4)
    assert not path.fits((64, 12, 12, 4), 4)
    assert path.with_unit(1, 7).units == (10, 7, 2)
