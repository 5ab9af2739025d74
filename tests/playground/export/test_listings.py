"""The listings for other libraries are Python, and where the library is there, the same network."""

import ast
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.dataset import Splits
from netcore.activations import HIDDEN_ACTIVATIONS
from netcore.array import Array
from netcore.initializers import INITIALIZERS
from netcore.optimizers import OPTIMIZERS
from netcore.schedules import SCHEDULES
from playground.config import RunConfig
from playground.export.listings import WEIGHTS, keras, pytorch
from playground.export.tables import weights_file
from playground.step_trace import take_apart
from playground.trainer import Trainer, start_state
from tests.playground.examples import DATA, small


def uneven(data: Splits, most: dict[int, int]) -> Splits:
    """The same data with at most so many training examples of these classes; a class of which none
    is left, and those after it, are gone."""
    labels = data.train.labels
    kept = [np.flatnonzero(labels == c)[: most.get(c)] for c in range(data.train.n_classes)]
    names = tuple(name for name, of in zip(data.train.class_names, kept, strict=True) if len(of))
    train = data.train.take(np.sort(np.concatenate(kept)))
    return Splits(replace(train, class_names=names), data.validation)


ONE_OUT = {"layers": (64, 12, 1)}
CONFIGS = [
    *(small(activations=(name,)) for name in HIDDEN_ACTIVATIONS),
    *(small(optimizer=name) for name in OPTIMIZERS),
    *(small(initializer=name) for name in INITIALIZERS),
    *(small(schedule=name) for name in SCHEDULES),
    small(layers=(64, 12, 9, 4), dropout=0.3),
    small(layers=(64, 4)),
    small(**ONE_OUT),
    small(class_weights="balanced"),
]


@pytest.mark.parametrize("config", CONFIGS, ids=list(map(str, range(len(CONFIGS)))))
def test_they_are_python_and_name_every_layer(config: RunConfig) -> None:
    for text in (pytorch(config, DATA.train), keras(config, DATA.train)):
        ast.parse(text)
        assert max(map(len, text.splitlines())) <= 100
        assert text.count("Linear(") + text.count("Dense(") == len(config.layers) - 1
        assert repr(config.learning_rate) in text


@pytest.mark.parametrize("config", CONFIGS, ids=list(map(str, range(len(CONFIGS)))))
def test_pytorch_gives_the_same_answers(
    config: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch = pytest.importorskip("torch", reason="needs PyTorch: requirements-bench.txt")
    network = start_state(config).network
    (tmp_path / WEIGHTS).write_bytes(weights_file(network))
    monkeypatch.chdir(tmp_path)
    listing: dict[str, Any] = {}
    exec(pytorch(config, DATA.train), listing)
    X = np.random.default_rng(1).uniform(0, 1, (64, 9)).astype(np.float32)
    A = listing["predict"](torch.from_numpy(np.ascontiguousarray(X.T))).numpy()
    np.testing.assert_allclose(A.T, network.predict(X), rtol=0, atol=1e-6)


TRAINED: dict[str, dict[str, Any]] = {
    **{f"activation {name}": {"activations": (name,)} for name in HIDDEN_ACTIVATIONS},
    **{f"optimizer {name}": {"optimizer": name} for name in OPTIMIZERS},
    **{f"schedule {name}": {"schedule": name, "optimizer": "adam"} for name in SCHEDULES},
    "L2 and L1": {"l2": 0.1, "l1": 0.01},
    "two hidden layers": {"layers": (64, 12, 9, 4), "activations": ("relu", "tanh")},
}
WEIGHTED: dict[str, tuple[dict[str, Any], Splits]] = {
    "class weights": ({"class_weights": "balanced"}, uneven(DATA, {0: 5, 2: 20})),
    "class weights of two classes": (
        {"class_weights": "balanced", "layers": (64, 12, 1)},
        uneven(DATA, {1: 7, 2: 0, 3: 0}),
    ),
}
CASES = {name: (values, DATA) for name, values in TRAINED.items()} | WEIGHTED
STEPS = 20


def batches(config: RunConfig, data: Splits) -> tuple[list[tuple[Array, Array]], list[float]]:
    """The examples and targets of the run's first steps, a row each, and the run's costs."""
    trainer = Trainer(config, data)
    taken, costs = [], []
    for _ in range(STEPS):
        step = take_apart(trainer)
        taken.append((np.ascontiguousarray(step.X.T), np.ascontiguousarray(step.Y.T)))
        costs.append(trainer.step().cost)
        assert costs[-1] == step.cost
    return taken, costs


def executed(text: str, config: RunConfig, folder: Path) -> dict[str, Any]:
    """The names of a listing that was run beside the initial weights."""
    (folder / WEIGHTS).write_bytes(weights_file(start_state(config).network))
    names: dict[str, Any] = {}
    exec(compile(text, "listing", "exec"), names)
    return names


@pytest.mark.parametrize(("values", "data"), CASES.values(), ids=list(CASES))
def test_pytorch_trains_with_the_costs_of_the_run(
    values: dict[str, Any], data: Splits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch = pytest.importorskip("torch", reason="needs PyTorch: requirements-bench.txt")
    config = small(iterations=STEPS, **values)
    monkeypatch.chdir(tmp_path)
    listing = executed(pytorch(config, data.train), config, tmp_path)
    taken, costs = batches(config, data)
    theirs = [listing["train_step"](torch.from_numpy(X), torch.from_numpy(Y)) for X, Y in taken]
    np.testing.assert_allclose(theirs, costs, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(("values", "data"), CASES.values(), ids=list(CASES))
def test_keras_trains_with_the_costs_of_the_run(
    values: dict[str, Any], data: Splits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    pytest.importorskip("torch", reason="Keras needs a backend: requirements-bench.txt")
    pytest.importorskip("keras", reason="needs Keras 3: pip install keras")
    config = small(iterations=STEPS, **values)
    monkeypatch.chdir(tmp_path)
    listing = executed(keras(config, data.train), config, tmp_path)
    taken, costs = batches(config, data)
    network, penalties, theirs = listing["network"], [], []
    weights = {name: listing[name] for name in ("class_weight",) if name in listing}
    for X, Y in taken:
        penalties.append(sum(float(each.detach()) for each in network.losses))
        # The first of a batch after reset: Keras else reports the mean since then.
        network.reset_metrics()
        theirs.append(float(network.train_on_batch(X, Y, return_dict=True, **weights)["loss"]))
    np.testing.assert_allclose(np.subtract(theirs, penalties), costs, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("name", [name for name in SCHEDULES if name != "constant"])
def test_the_schedule_in_them_is_the_run_s(name: str) -> None:
    config = small(schedule=name)
    hyper = config.hyperparameters(150)
    for listing in (pytorch(config, DATA.train), keras(config, DATA.train)):
        tree = ast.parse(listing)
        theirs = re.compile(r"\b(torch|nn|keras|layer)\b")
        kept: list[ast.stmt] = [
            node
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.Assign | ast.ImportFrom)
            and not theirs.search(ast.unparse(node))
        ]
        names: dict[str, Any] = {}
        exec(compile(ast.Module(kept, []), name, "exec"), names)
        rates = [config.learning_rate * names["factor_at"](i) for i in range(hyper.iterations)]
        assert rates == [hyper.rate_at(i) for i in range(hyper.iterations)]
