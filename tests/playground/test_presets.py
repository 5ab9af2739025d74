"""The presets are what their names promise."""

from playground.config import RunConfig
from playground.presets import PRESETS
from playground.trainer import start_state


def test_the_first_is_the_default() -> None:
    assert next(iter(PRESETS.values())).config == RunConfig()


def test_each_has_words_and_settings_of_its_own() -> None:
    assert len({preset.config for preset in PRESETS.values()}) == len(PRESETS)
    assert all(preset.title and preset.about.endswith(".") for preset in PRESETS.values())


def test_the_posts_networks_are_trained_as_in_the_posts() -> None:
    for name, layers in (("post-small", (784, 10, 10)), ("post-deep", (784, 256, 128, 64, 10))):
        config = PRESETS[name].config
        assert config.layers == layers
        assert set(config.activations) == {"relu"}
        assert (config.optimizer, config.schedule) == ("gradient_descent", "constant")
        assert config.batch_size is None
        assert config.iterations


def test_the_bad_ones_are_bad() -> None:
    assert not start_state(PRESETS["zeros"].config).network.theta.any()
    assert set(PRESETS["deep-sigmoid"].config.activations) == {"sigmoid"}
    assert len(PRESETS["deep-sigmoid"].config.activations) == 5
