"""RunConfig as values and as text, and sentences for values that are not allowed."""

from dataclasses import FrozenInstanceError, fields
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from data.points import INPUTS, POINT_SETS
from netcore.network import n_parameters
from playground.config import ConfigError, RunConfig, read_address
from playground.presets import PRESETS
from playground.settings import (
    EVERY_SET,
    FORM_SETS,
    MAX_ITERATIONS,
    MAX_LAYERS,
    MAX_PARAMETERS,
    MAX_UNITS,
    SETTINGS,
)

ACTIVATIONS = ("relu", "leaky_relu", "elu", "tanh", "sigmoid", "gelu", "identity")
COORDINATES = st.floats(-6, 6).map(lambda x: round(x, 2))
POINTS = st.tuples(COORDINATES, COORDINATES, st.integers(0, 4))
WHOLE = st.integers(1, MAX_ITERATIONS)
CORRECTIONS = st.dictionaries(st.integers(0, 10**6), st.none() | st.integers(0, 999), max_size=9)


@st.composite
def configs(draw: st.DrawFn) -> RunConfig:
    """Any settings that are allowed."""
    layers = tuple(draw(st.lists(st.integers(1, MAX_UNITS), min_size=2, max_size=MAX_LAYERS + 2)))
    assume(n_parameters(layers) <= MAX_PARAMETERS)
    n_hidden = len(layers) - 2
    names = st.sampled_from(ACTIVATIONS)
    long = draw(st.booleans())
    values: dict[str, Any] = {
        name: draw(st.sampled_from(setting.choices))
        for name, setting in SETTINGS.items()
        if setting.choices
    }
    if values["dataset"] not in FORM_SETS:
        values["digit_forms"] = "mnist"
    return RunConfig(
        layers=layers,
        activations=tuple(draw(st.lists(names, min_size=n_hidden, max_size=n_hidden))),
        learning_rate=draw(st.floats(0, 100, exclude_min=True)),
        batch_size=draw(st.none() | WHOLE),
        subset=draw(st.none() | WHOLE),
        label_noise=draw(st.floats(0, 1)),
        noise=draw(st.floats(0, 1)),
        corrections=tuple(sorted(draw(CORRECTIONS).items())),
        epochs=draw(WHOLE) if long else None,
        iterations=None if long else draw(WHOLE),
        l2=draw(st.floats(0, 10)),
        l1=draw(st.floats(0, 10)),
        task=draw(st.sampled_from(["all", "3-rest", "3-8"])),
        points=draw(st.integers(10, 2000)),
        classes=draw(st.integers(2, 5)),
        validation_fraction=draw(st.floats(0.1, 0.9)),
        placed=tuple(draw(st.lists(POINTS, min_size=1, max_size=9))),
        inputs=tuple(name for name in INPUTS if draw(st.booleans())) or ("x2",),
        dropout=draw(st.floats(0, 0.9)),
        augmentation=draw(st.floats(0, 3)),
        seed=draw(st.integers(0, 2**32 - 1)),
        **values,
    )


# Text and back


@settings(deadline=None)
@given(configs())
def test_the_text_of_any_settings_reads_back_as_the_same(config: RunConfig) -> None:
    text = config.to_text()
    assert RunConfig.from_text(text) == config
    assert read_address(text) == (config, [])


@pytest.mark.parametrize("name", PRESETS)
def test_the_text_of_every_preset_reads_back_as_the_same(name: str) -> None:
    config = PRESETS[name].config
    assert RunConfig.from_text(config.to_text()) == config


def test_the_default_needs_no_text_and_others_only_what_differs() -> None:
    assert RunConfig().to_text() == {}
    assert RunConfig(learning_rate=0.01, batch_size=None).to_text() == {
        "digit_forms": "world",
        "learning_rate": "0.01",
        "batch_size": "full",
    }
    assert RunConfig.default("spiral").with_values(seed=7).to_text() == {
        "dataset": "spiral",
        "seed": "7",
    }


@settings(deadline=None)
@given(configs(), configs())
def test_values_carry_a_config_over_any_other(config: RunConfig, other: RunConfig) -> None:
    assert other.with_values(**config.values()) == config


def test_text_changes_the_base_it_is_given() -> None:
    base = RunConfig(seed=9, epochs=3)
    assert RunConfig.from_text({"l2": "0.1"}, base) == RunConfig(seed=9, epochs=3, l2=0.1)


def test_it_is_frozen_and_can_be_a_key() -> None:
    config = RunConfig()
    with pytest.raises(FrozenInstanceError):
        config.seed = 2  # type: ignore[misc]
    assert len({config, RunConfig(), RunConfig(seed=2)}) == 2


# Digit forms


def test_mnist_has_digit_forms_by_default_and_no_other_data_set_has() -> None:
    assert RunConfig().digit_forms == RunConfig.default("mnist").digit_forms == "world"
    for name in EVERY_SET:
        assert RunConfig.default(name).has_forms == (name in FORM_SETS)
        assert RunConfig(dataset=name).has_forms == (name in FORM_SETS)


@pytest.mark.parametrize("name", [name for name in EVERY_SET if name not in FORM_SETS])
def test_other_data_sets_refuse_digit_forms_in_a_sentence(name: str) -> None:
    with pytest.raises(ConfigError, match=f"digit_forms: {name} is not MNIST, so it"):
        RunConfig.from_text({"dataset": name, "digit_forms": "world"})
    config, complaints = read_address({"dataset": name, "digit_forms": "world", "seed": "3"})
    assert config == RunConfig.default(name).with_values(seed=3)
    assert len(complaints) == 1
    assert "digit_forms=world" in complaints[0]


@settings(deadline=None)
@given(configs())
def test_an_address_from_before_digit_forms_means_what_it_meant(config: RunConfig) -> None:
    # Such an address had what differed from the default of its time.
    plain = {"digit_forms": "mnist"}
    config = config.with_values(**plain)
    of_its_time = RunConfig.default(config.dataset).with_values(**plain, epochs=60)
    texts = {
        name: setting.write(getattr(config, name))
        for name, setting in SETTINGS.items()
        if getattr(config, name) not in (None, getattr(of_its_time, name))
    }
    # Full batches are no None of a length.
    if config.batch_size is None:
        texts["batch_size"] = "full"
    if config.dataset != "mnist-5k":
        texts["dataset"] = config.dataset
    if config.dataset not in POINT_SETS:
        assume(texts)  # an address without settings is that of a new visit
        assert read_address(texts) == (config, [])


def test_a_new_visit_gets_the_default() -> None:
    assert read_address({}) == read_address({"run": "no-such"}) == (RunConfig(), [])


def test_the_default_of_one_data_set_becomes_the_default_of_another() -> None:
    default = RunConfig()
    for name in ("mnist", "fashion-mnist", "mnist-5k"):
        assert default.with_values(dataset=name) == RunConfig.default(name)
    there = default.with_values(dataset="fashion-mnist")
    assert there.with_values(dataset="mnist-5k") == default
    # What somebody has chosen stays, but for the forms where there can be none.
    mine = RunConfig(seed=2)
    assert mine.with_values(dataset="mnist").epochs == mine.epochs
    assert mine.with_values(dataset="fashion-mnist") == RunConfig(dataset="fashion-mnist", seed=2)


# Values that are not allowed

BAD_TEXTS = {
    "dataset": ("cats", "dataset: unknown data set 'cats'; choose one of: mnist-5k"),
    "subset": ("full", "subset: 'full' is not a whole number from 1 to 1,000,000, or 'all' for"),
    "label_noise": ("50%", "label_noise: '50%' is not a number from 0 to 1."),
    "noise": ("-0.1", "noise: '-0.1' is not a number from 0 to 1."),
    "corrections": ("17", "'17' is not a correction; write number-out to leave a training example"),
    "task": ("3-3", "task: '3-3' is not a task; write 'all', one class against all others such"),
    "digit_forms": ("all", "digit_forms: unknown digit forms 'all'; choose one of: mnist, world."),
    "points": ("9", "points: '9' is not a whole number from 10 to 2,000."),
    "classes": ("6", "classes: '6' is not a whole number from 2 to 5."),
    "validation_fraction": ("1", "validation_fraction: '1' is not a number from 0.1 to 0.9."),
    "placed": ("1,2", "placed: '1,2' is not a point; a point is x1,x2,class such as 1.5,-2,0."),
    "inputs": ("x1,x3", "inputs: unknown input 'x3'; choose one of: x1, x2, x1_squared"),
    "l1": ("11", "l1: '11' is not a number from 0 to 10."),
    "class_weights": ("none", "unknown class weights 'none'; choose one of: equal, balanced."),
    "layers": ("784, many, 10", "layers: '784, many, 10' is not a list of layer sizes: 'many'"),
    "activations": ("relu,step", "activations: unknown activation 'step'; choose one of: relu"),
    "initializer": ("ones", "initializer: unknown initializer 'ones'; choose one of: "),
    "optimizer": ("sgd", "optimizer: unknown optimizer 'sgd'; choose one of: gradient_descent"),
    "learning_rate": ("0", "learning_rate: '0' is not a number above 0 and up to 100."),
    "schedule": ("linear", "schedule: unknown schedule 'linear'; choose one of: constant"),
    "batch_size": ("all", "'all' is not a whole number from 1 to 1,000,000, or 'full' for all"),
    "epochs": ("2.5", "epochs: '2.5' is not a whole number from 1 to 1,000,000."),
    "iterations": ("0", "iterations: '0' is not a whole number from 1 to 1,000,000."),
    "l2": ("-1", "l2: '-1' is not a number from 0 to 10."),
    "dropout": ("1", "dropout: '1' is not a number from 0 to 0.9."),
    "augmentation": ("nan", "augmentation: 'nan' is not a number from 0 to 3."),
    "seed": ("4294967296", "seed: '4294967296' is not a whole number from 0 to 4,294,967,295."),
}


def test_every_setting_has_a_bad_value_below() -> None:
    assert BAD_TEXTS.keys() == SETTINGS.keys()


@pytest.mark.parametrize("name", BAD_TEXTS)
def test_a_bad_text_gives_its_sentence(name: str) -> None:
    text, sentence = BAD_TEXTS[name]
    with pytest.raises(ConfigError) as error:
        RunConfig.from_text({name: text})
    assert sentence in str(error.value)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"layers": (784,)}, "has 1 sizes: give the input's"),
        ({"layers": (784, *[8] * 11, 10)}, "up to 10 hidden layers"),
        ({"layers": (784, 0, 10)}, "'0' is not a whole number from 1 to 1,024"),
        ({"layers": (784, 1025, 10)}, "'1025' is not a whole number from 1 to 1,024"),
        (
            {"layers": (1024,) * 12, "activations": ("relu",)},
            "up to 10,000,000 parameters.",
        ),
        ({"activations": ("relu",) * 3}, "3 names for 2 hidden layers; give one for all or"),
        ({"activations": ()}, "0 names for 2 hidden layers"),
        ({"epochs": None}, "epochs and iterations: give one of the two"),
        ({"iterations": 5}, "epochs and iterations: give one of the two"),
        ({"batch_size": 0}, "'0' is not a whole number from 1"),
        ({"batch_size": 12.5}, "'12.5' is not a whole number from 1"),
        ({"learning_rate": float("inf")}, "'inf' is not a number above 0"),
        ({"learning_rate": -0.1}, "'-0.1' is not a number above 0"),
        ({"dropout": 0.95}, "'0.95' is not a number from 0 to 0.9"),
        ({"optimizer": "sgd"}, "unknown optimizer 'sgd'"),
    ],
    ids=str,
)
def test_a_bad_value_gives_its_sentence(values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ConfigError) as error:
        RunConfig(**values)
    assert sentence in str(error.value)


def test_an_unknown_setting_is_named_with_those_there_are() -> None:
    with pytest.raises(ConfigError, match="unknown setting 'momentum'; there are: dataset, task,"):
        RunConfig.from_text({"momentum": "0.9"})


# Changes that follow from a change


@pytest.mark.parametrize(
    ("layers", "activations"),
    [
        ((784, 8, 10), ("tanh",)),
        ((784, 8, 8, 8, 8, 10), ("tanh", "elu", "elu", "elu")),
        ((784, 10), ()),
    ],
)
def test_depth_keeps_the_activations_of_the_layers_that_stay(
    layers: tuple[int, ...], activations: tuple[str, ...]
) -> None:
    config = RunConfig(activations=("tanh", "elu"))
    assert config.with_values(layers=layers).activations == activations


def test_a_first_hidden_layer_is_relu() -> None:
    bare = RunConfig().with_values(layers=(784, 10))
    assert bare.with_values(layers=(784, 9, 10)).activations == ("relu",)


def test_one_activation_stands_for_all() -> None:
    assert RunConfig(activations=("tanh",)).activations == ("tanh", "tanh")
    assert RunConfig(layers=(784, 10), activations=("tanh",)).activations == ()
    assert RunConfig.from_text({"activations": "elu"}).activations == ("elu", "elu")


def test_epochs_and_iterations_take_each_others_place() -> None:
    by_iterations = RunConfig().with_values(iterations=7)
    assert (by_iterations.epochs, by_iterations.iterations) == (None, 7)
    by_epochs = by_iterations.with_values(epochs=2)
    assert (by_epochs.epochs, by_epochs.iterations) == (2, None)
    assert by_iterations.with_values(seed=2).iterations == 7


def test_only_settings_that_are_not_live_need_a_new_run() -> None:
    config = RunConfig()
    live = {"learning_rate": 1.0, "epochs": 3, "l2": 1.0, "dropout": 0.5, "augmentation": 0.0}
    assert not config.needs_new_run(config.with_values(**live))
    assert not config.needs_new_run(config.with_values(iterations=9))
    for values in ({"seed": 2}, {"batch_size": None}, {"layers": (784, 10)}, {"schedule": "step"}):
        assert config.needs_new_run(config.with_values(**values)), values


@pytest.mark.parametrize(
    ("values", "per_epoch", "iterations"),
    [
        ({}, 32, 1280),
        ({"batch_size": 1000}, 4, 160),
        ({"batch_size": 5000}, 1, 40),
        ({"batch_size": None, "iterations": 77}, 1, 77),
        ({"batch_size": 1, "epochs": MAX_ITERATIONS}, 4000, MAX_ITERATIONS),
    ],
    ids=str,
)
def test_length_in_iterations(values: dict[str, Any], per_epoch: int, iterations: int) -> None:
    config = RunConfig(epochs=40).with_values(**values)
    assert config.batches_per_epoch(4000) == per_epoch
    assert config.n_iterations(4000) == iterations
    assert config.hyperparameters(4000).iterations == iterations


def test_hyperparameters_are_the_settings() -> None:
    config = RunConfig(learning_rate=0.3, schedule="step", batch_size=7, l2=0.5, dropout=0.25)
    hyper = config.hyperparameters(100)
    for field in fields(hyper):
        if field.name in SETTINGS.keys() - {"iterations"}:
            assert getattr(hyper, field.name) == getattr(config, field.name), field.name


def test_corrections_are_of_one_training_set() -> None:
    config = RunConfig(corrections=((3, None), (17, 4)))
    assert config.with_values(learning_rate=0.1, layers=(784, 10)).corrections
    for other in ({"task": "3-8"}, {"subset": 100}, {"seed": 2}, {"label_noise": 0.1}):
        assert config.with_values(**other).corrections == ()
    assert config.with_values(seed=2, corrections=((1, None),)).corrections == ((1, None),)
    assert config.to_text()["corrections"] == "3-out~17-4"
    many = "~".join(f"{number}-out" for number in range(501))
    with pytest.raises(ConfigError, match="501 corrections are too many"):
        RunConfig.from_text({"corrections": many})


# The address


@settings(deadline=None, max_examples=300)
@given(
    st.dictionaries(
        st.sampled_from([*SETTINGS, "run", "utm_source"]) | st.text(max_size=5),
        st.text(max_size=20) | st.sampled_from(["full", "784,9,10", "relu", "1", "0.5", "1e999"]),
    )
)
def test_any_address_gives_settings(query: dict[str, str]) -> None:
    config, complaints = read_address(query)
    wrong = [name for name in SETTINGS if name in query and not in_effect(config, name, query)]
    assert bool(complaints) == bool(wrong)
    assert all(sentence.startswith("The address has ") for sentence in complaints)


def in_effect(config: RunConfig, name: str, query: dict[str, str]) -> bool:
    """Whether the run has what the address says of this setting."""
    try:
        value = SETTINGS[name].read(query[name])
    except ValueError:
        return False
    if name == "activations" and len(value) == 1:
        value *= len(config.layers) - 2
    return bool(getattr(config, name) == value)


def test_a_bad_value_in_the_address_leaves_the_good_ones() -> None:
    query = {
        "activations": "tanh",
        "optimizer": "sgd",
        "layers": "784,9,10",
        "l2": "?",
        "seed": "5",
    }
    config, complaints = read_address(query)
    older: dict[str, Any] = {"digit_forms": "mnist", "epochs": 60}  # than digit forms
    assert config == RunConfig(layers=(784, 9, 10), activations=("tanh",), seed=5, **older)
    optimizer, l2 = complaints
    assert optimizer.startswith("The address has optimizer=sgd. optimizer: unknown optimizer 'sgd'")
    assert l2 == (
        "The address has l2=?. l2: '?' is not a number from 0 to 10. The default is used."
    )


def test_epochs_and_iterations_at_once_are_told() -> None:
    config, (sentence,) = read_address({"iterations": "9", "epochs": "5", "seed": "3"})
    assert config == RunConfig(seed=3, epochs=5, digit_forms="mnist")
    assert sentence.startswith("The address has iterations=9.")
    assert "give one of the two, not both" in sentence


def test_other_keys_of_the_address_are_ignored() -> None:
    assert read_address({"run": "abc", "utm_source": "mail"}) == (RunConfig(), [])
