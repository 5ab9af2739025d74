"""Settings made into examples: tasks on images, and points with what is told of them."""

import gc
from typing import Any

import numpy as np
import pytest

from data import catalog
from data.dataset import DataError
from data.points import INPUTS, Plane
from playground.config import ConfigError, RunConfig, read_address
from playground.presets import PRESETS, presets_for
from playground.run_data import comparable, fitted, is_plane, load_data
from playground.trainer import Trainer, start_state


def plane(**values: Any) -> RunConfig:
    return RunConfig.default("spiral").with_values(**values)


def test_a_task_has_two_classes_and_runs_of_it_share_their_examples() -> None:
    config = RunConfig(task="3-8", digit_forms="mnist")
    data = load_data(config)
    assert data.train.class_names == ("8", "3")
    assert (data.train.m, data.validation.m) == (800, 200)
    assert load_data(config) is data
    assert load_data(RunConfig(digit_forms="mnist")) is catalog.load("mnist-5k")


def test_examples_of_a_task_go_with_the_last_run_of_it() -> None:
    import weakref

    kept = weakref.ref(load_data(RunConfig(task="2-7", digit_forms="mnist")))
    gc.collect()
    assert kept() is None


def test_a_subset_is_taken_of_the_task() -> None:
    assert load_data(RunConfig(task="3-8", subset=100, digit_forms="mnist")).train.m == 100


def test_no_such_class() -> None:
    with pytest.raises(DataError, match="no class 12 in mnist-5k"):
        load_data(RunConfig(task="12-rest"))


def test_points_have_the_inputs_asked_for() -> None:
    data = load_data(plane(inputs=("x1", "sin_x2"), points=100, validation_fraction=0.2))
    assert isinstance(data, Plane)
    assert (data.train.n_x, data.train.m, data.validation.m) == (2, 80, 20)
    np.testing.assert_allclose(data.train.X[1], np.sin(data.train_points[1]), rtol=1e-5)


def test_corrupted_points_keep_their_coordinates() -> None:
    data = load_data(plane(subset=50, label_noise=0.5))
    assert isinstance(data, Plane)
    assert data.train.m == 50
    assert np.array_equal(data.train.X, data.train_points)


def test_placed_points_are_those_of_the_settings() -> None:
    config = RunConfig.from_text({"dataset": "placed", "placed": "1,2,0;-1,2,1;3_3_2"})
    data = load_data(config)
    assert isinstance(data, Plane)
    assert data.train.n_classes == 3
    assert data.train.m + data.validation.m == 3


def test_a_data_set_of_points_has_defaults_of_its_own_and_a_short_address() -> None:
    config, complaints = read_address({"dataset": "xor"})
    assert complaints == []
    assert config == RunConfig.default("xor")
    assert config.layers[0] == 2
    assert config.to_text() == {"dataset": "xor"}


def test_only_points_are_on_the_plane() -> None:
    assert is_plane(plane())
    assert not is_plane(RunConfig())


@pytest.mark.parametrize("config", [RunConfig(task="3-rest"), plane(inputs=tuple(INPUTS))])
def test_a_network_is_fitted_to_its_data(config: RunConfig) -> None:
    data = load_data(config)
    with pytest.raises(ConfigError, match="does not fit the data"):
        Trainer(config, data)
    Trainer(fitted(config, data), data)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_fits_its_data(name: str) -> None:
    config = PRESETS[name].config
    assert fitted(config, load_data(config)) == config


def test_each_kind_of_data_has_presets_of_its_own() -> None:
    images, points = presets_for(RunConfig()), presets_for(plane())
    assert {**images, **points} == PRESETS
    assert next(iter(points.values())).config == plane()


def trained(config: RunConfig) -> Trainer:
    trainer = Trainer(config, load_data(config))
    while not trainer.done:
        trainer.step()
    return trainer


def validation(name: str) -> float:
    return trained(PRESETS[name].config).measure().validation.score


def test_the_presets_of_the_plane_show_what_they_say() -> None:
    assert validation("spiral") >= 0.99
    assert validation("spiral-inputs") >= 0.99
    assert validation("five-arms") >= 0.99
    assert validation("xor-straight") < 0.7
    assert validation("xor") > 0.95
    assert validation("too-few") < 0.95
    assert validation("zeros-plane") == 0.5


def test_memorizing_has_a_higher_validation_cost_than_with_l2() -> None:
    free, held = (trained(PRESETS[name].config).measure() for name in ("by-heart", "by-heart-l2"))
    assert free.training.score == 1.0
    assert free.validation.cost > 4 * held.validation.cost
    assert free.validation.score <= held.validation.score


def test_the_second_posts_settings_are_its_own() -> None:
    config = PRESETS["second-post"].config
    assert config.layers[-1] == 1
    assert set(config.activations) == {"relu"}
    assert (config.initializer, config.optimizer) == ("small", "gradient_descent")
    assert (config.learning_rate, config.iterations, config.batch_size) == (0.0075, 3000, None)
    assert (config.schedule, config.augmentation, config.l2) == ("constant", 0.0, 0.0)
    assert abs(start_state(config).network.layers[0].W.std() - 0.01) < 0.0005


def test_runs_with_other_class_weights_are_not_comparable() -> None:
    """Class weights are in the cost."""
    config = RunConfig()
    assert comparable(config, config.with_values(learning_rate=0.1, noise=0.1))
    assert not comparable(config, config.with_values(class_weights="balanced"))
    assert not comparable(config, config.with_values(task="3-8"))
    assert not comparable(plane(), plane(noise=0.1))
