"""The listings for other libraries are Python, and where the library is there, the same network."""

import ast
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netcore.activations import HIDDEN_ACTIVATIONS
from netcore.initializers import INITIALIZERS
from netcore.optimizers import OPTIMIZERS
from netcore.schedules import SCHEDULES
from playground.config import RunConfig
from playground.export.listings import WEIGHTS, keras, pytorch
from playground.export.tables import weights_file
from playground.trainer import start_state
from tests.playground.examples import small

ONE_OUT = {"layers": (64, 12, 1)}
CONFIGS = [
    *(small(activations=(name,)) for name in HIDDEN_ACTIVATIONS),
    *(small(optimizer=name) for name in OPTIMIZERS),
    *(small(initializer=name) for name in INITIALIZERS),
    *(small(schedule=name) for name in SCHEDULES),
    small(layers=(64, 12, 9, 4), dropout=0.3),
    small(layers=(64, 4)),
    small(**ONE_OUT),
]


@pytest.mark.parametrize("config", CONFIGS, ids=list(map(str, range(len(CONFIGS)))))
def test_they_are_python_and_name_every_layer(config: RunConfig) -> None:
    for text in (pytorch(config, 150), keras(config, 150)):
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
    exec(pytorch(config, 150), listing)
    X = np.random.default_rng(1).uniform(0, 1, (64, 9)).astype(np.float32)
    A = listing["predict"](torch.from_numpy(np.ascontiguousarray(X.T))).numpy()
    np.testing.assert_allclose(A.T, network.predict(X), rtol=0, atol=1e-6)


@pytest.mark.parametrize("name", [name for name in SCHEDULES if name != "constant"])
def test_the_schedule_in_them_is_the_run_s(name: str) -> None:
    config = small(schedule=name)
    hyper = config.hyperparameters(150)
    for listing in (pytorch(config, 150), keras(config, 150)):
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
