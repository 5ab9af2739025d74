"""What somebody else named, a file, a data set, its classes, never becomes code in what one
downloads: the statements are those that a harmless name gives."""

import ast
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from data.dataset import Dataset, Splits
from netcore.activations import HIDDEN_ACTIVATIONS
from netcore.initializers import INITIALIZERS
from netcore.optimizers import OPTIMIZERS
from netcore.schedules import SCHEDULES
from playground.command_line.files import write_script
from playground.config import ConfigError, RunConfig
from playground.export.listings import keras, pytorch
from playground.export.script import data_file, script
from tests.playground.examples import DATA, small

HARMLESS = "harmless"
INJECTION = '"""+__import__("os").system("id")+""".csv'

# Pieces that end a literal, a comment or a line, and whatever else Unicode has.
pieces = st.sampled_from(
    ['"', "'", '"""', "'''", "\\", "\n", "\r", "\f", "\0", "#", "{", "}", "{0}", "%s", ")", "(",
     "\u2028", "\u202e", "\udc80", "import os", ";", "\n\nimport os\n", "\\N{DIGIT ONE}", "$(id)"]
)  # fmt: skip
names = st.one_of(
    st.lists(pieces, max_size=8).map("".join),
    st.text(st.characters(), max_size=30),
    st.just(INJECTION),
)
configs = st.builds(
    small,
    dataset=st.sampled_from(["mnist-5k", "mnist", "upload-0123456789abcdef"]),
    optimizer=st.sampled_from(list(OPTIMIZERS)),
    initializer=st.sampled_from(list(INITIALIZERS)),
    schedule=st.sampled_from(list(SCHEDULES)),
    activations=st.sampled_from([(name,) for name in HIDDEN_ACTIVATIONS]),
    batch_size=st.sampled_from([None, 16]),
    dropout=st.sampled_from([0.0, 0.3]),
    augmentation=st.sampled_from([0.0, 1.0]),
    learning_rate=st.floats(1e-6, 10),
    seed=st.integers(0, 2**31 - 1),
)


def statements(text: str) -> str:
    """The code with every string literal, documentation included, made the same one."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)


def constants(text: str) -> dict[str, Any]:
    """What the script calls DATA, SEED and so on."""
    return {
        node.targets[0].id: node.value.value
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }


def called(name: str, class_names: tuple[str, ...]) -> Splits:
    def part(of: Dataset) -> Dataset:
        return replace(of, name=name, class_names=class_names)

    return Splits(part(DATA.train), part(DATA.validation))


@given(config=configs, name=names, file=names, class_names=st.tuples(names, names, names, names))
@example(small(dataset="mnist"), INJECTION, INJECTION, (INJECTION,) * 4)
def test_no_name_changes_what_the_script_does(
    config: RunConfig, name: str, file: str, class_names: tuple[str, ...]
) -> None:
    harmless = script(config, called(HARMLESS, (HARMLESS,) * 4), HARMLESS)
    hostile = script(config, called(name, class_names), file)
    assert statements(hostile) == statements(harmless)
    hostile.encode()  # it can be written into a file
    assert constants(hostile)["DATA"] == name
    assert constants(hostile).get("DATA_FILE", file) == file


@given(config=configs)
def test_the_listings_have_no_names_at_all(config: RunConfig) -> None:
    plain = small().with_values(
        **{name: value for name, value in config.values().items() if name != "dataset"}
    )
    hostile, harmless = called(INJECTION, (INJECTION,) * 4), called(HARMLESS, (HARMLESS,) * 4)
    for listing in (pytorch, keras):
        text = listing(config, hostile.train)
        assert text == listing(plain, harmless.train)
        ast.parse(text)


@given(text=names, setting=st.sampled_from(list(small().values())))
@settings(max_examples=300)
def test_a_setting_is_one_that_is_known_or_none(text: str, setting: str) -> None:
    """Settings are code in the script, an activation's name that of a function: so an address,
    a flag or a saved run cannot bring what is not one."""
    plain = small(dataset="mnist")
    try:
        config = RunConfig.from_text({setting: text}, plain)
    except ConfigError:
        return
    for value in config.values().values():
        _assert_plain(value)
    if config.layers == plain.layers:
        ast.parse(script(config, DATA))


def _assert_plain(value: Any) -> None:
    """A number, one of our own words, or some of them."""
    if isinstance(value, tuple):
        for each in value:
            _assert_plain(each)
    elif isinstance(value, str):
        assert value.replace("-", "").replace("_", "").isalnum(), value
        assert value.isascii(), value
    else:
        assert value is None or isinstance(value, int | float)
        assert value is None or np.isfinite(value)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such file names")
@pytest.mark.parametrize("name", ['quote".py', "two\nlines.py", '"""+id()+""".py', "\\.py"])
def test_the_command_line_s_script_finds_its_file_under_any_name(name: str, tmp_path: Path) -> None:
    config = small(dataset="mnist", iterations=2, epochs=None)
    write_script(tmp_path / name, config, DATA)
    text = (tmp_path / name).read_text(encoding="utf-8")
    assert statements(text) == statements(script(config, DATA, HARMLESS))
    assert (tmp_path / constants(text)["DATA_FILE"]).read_bytes() == data_file(DATA)
