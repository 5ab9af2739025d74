"""The table of settings: nothing is missing in it, and each entry reads what it writes."""

from dataclasses import fields

import pytest

from netcore.activations import HIDDEN_ACTIVATIONS
from netcore.schedules import SCHEDULES
from playground.config import LENGTHS, RunConfig
from playground.settings import SETTINGS


def test_the_table_has_every_field_of_a_config_in_its_order() -> None:
    assert list(SETTINGS) == [field.name for field in fields(RunConfig)]
    assert all(setting.name == name for name, setting in SETTINGS.items())


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_reads_what_it_writes_and_says_what_it_is(name: str) -> None:
    setting, value = SETTINGS[name], getattr(RunConfig(iterations=5, epochs=None), name)
    if not (value is None and name in LENGTHS):
        assert setting.read(setting.write(value)) == value
    for choice in setting.choices:
        assert setting.read(choice) == choice
    assert setting.label
    assert setting.help.endswith(".")


@pytest.mark.parametrize(
    "text", ["[784, 128, 10]", "784,128,10", "784 128 10", "(784, 128, 10)", " [784,128 , 10] "]
)
def test_a_network_may_be_typed_in_many_ways(text: str) -> None:
    assert SETTINGS["layers"].read(text) == (784, 128, 10)


@pytest.mark.parametrize("text", ["", "nonsense", "784", "784;10", "784, -5, 10", "784, 1e2, 10"])
def test_nonsense_is_no_network(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a list of layer sizes|give the input's"):
        SETTINGS["layers"].read(text)


@pytest.mark.parametrize("number", [0.1, 1e-7, 1 / 3, 2.0, 1e-300, 0.30000000000000004])
def test_numbers_are_written_short_but_whole(number: float) -> None:
    text = SETTINGS["learning_rate"].write(number)
    assert float(text) == number
    assert len(text) <= len(repr(number))


def test_full_is_all_examples() -> None:
    batch_size = SETTINGS["batch_size"]
    assert batch_size.read(" Full ") is None
    assert batch_size.write(None) == "full"
    assert batch_size.read(batch_size.write(64)) == 64


def test_every_name_there_is_can_be_chosen() -> None:
    assert SETTINGS["schedule"].choices == tuple(SCHEDULES)
    every = tuple(HIDDEN_ACTIVATIONS)
    assert SETTINGS["activations"].read(", ".join(every)) == every
