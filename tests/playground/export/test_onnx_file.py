"""The ONNX file gives the network's predictions in an independent runtime."""

import numpy as np
import pytest

from netcore.activations import HIDDEN_ACTIVATIONS
from netcore.initializers import he
from netcore.network import Network
from playground.export.onnx_file import onnx_file

NEEDED = "needs the packages onnx and onnxruntime: pip install -r requirements-onnx.txt"


@pytest.mark.parametrize("output", ["softmax", "sigmoid", "identity"])
@pytest.mark.parametrize("activation", HIDDEN_ACTIVATIONS)
def test_the_same_answers_to_a_millionth(activation: str, output: str) -> None:
    pytest.importorskip("onnx", reason=NEEDED)
    onnxruntime = pytest.importorskip("onnxruntime", reason=NEEDED)
    rng = np.random.default_rng(4)
    dims = [64, 20, 12, 5 if output == "softmax" else 1]
    network = Network.create(dims, [activation, activation, output], he, rng=rng)
    for layer in network.layers:
        layer.b[:] = rng.normal(0, 0.1, layer.b.shape)
    X = rng.uniform(0, 1, (64, 33)).astype(np.float32)
    session = onnxruntime.InferenceSession(onnx_file(network), providers=["CPUExecutionProvider"])
    (A,) = session.run(["A"], {"X": np.ascontiguousarray(X.T)})
    np.testing.assert_allclose(A.T, network.predict(X), rtol=0, atol=1e-6)
